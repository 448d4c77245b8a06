/** What several sessions of one model take, with and without shared weights. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomIds } from '../encoder/common.mjs';
import { largeEncoder } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';

const width = 768;
const dims = [1, 128];
const sessions = 3;

export const name = 'shared-weights';
export const title = 'Several sessions of one model';
export const benchModels = ['bert-base-shaped'];
export const about = `A process loads a model of 440 MB (the shape of BERT-base) ${sessions} times, one after the other, and keeps all sessions. The memory (resident set) is what
the process has more than before its first load. The file is in the system's cache; sessions have one thread. «All weights shared» are sessions with one
\`SharedWeights\`: their outputs are equal to the bit to those without. A run has ${dims.join(' × ')} tokens, in the last session.`;

const contestant = (id, label, engine, packages, options = {}) => ({
  id,
  label,
  engine,
  packages,
  options: { session: { intraOpNumThreads: 1 }, ...options },
});
export const contestants = [
  contestant('shared', 'infercore, all weights shared', 'infercore', ['infercore'], {
    shared: true,
  }),
  contestant('infercore', 'infercore', 'infercore', []),
  contestant('onnxruntime-node', 'onnxruntime-node', '../encoder/onnxruntime-node', [
    'onnxruntime-node',
  ]),
];

export async function prepare({ quick, seed }) {
  return {
    models: { 'bert-base-shaped': largeEncoder },
    rounds: quick ? 1 : 7,
    options: { sessions },
    model: largeEncoder,
    ids: randomIds(dims[0] * dims[1], seed),
    runs: quick ? 2 : 10,
  };
}

const megabytes = { unit: 'MB', scale: 1e-6 };
export const metrics = () => [
  { key: 'first', title: 'first load' },
  { key: 'second', title: 'second load' },
  { key: 'one', title: 'memory of one session', ...megabytes },
  { key: 'all', title: `memory of ${sessions} sessions`, ...megabytes },
  { key: 'run', title: 'a run' },
];

export async function check(engine, { ids }) {
  await engine.loadBeside();
  await engine.loadBeside();
  return engine.run(engine.feeds(ids, dims));
}

let expected;
export function judge(vectors) {
  expected ??= vectors;
  const worst = worstCosine(Float32Array.from(vectors), Float32Array.from(expected), width);
  const same = digest(vectors) === digest(expected) ? ', equal to the bit' : '';
  return { ok: worst >= 0.9999, note: `least cosine of the vectors ${worst.toFixed(6)}${same}` };
}

const digest = (vectors) => createHash('sha256').update(Float32Array.from(vectors)).digest('hex');

export async function measure(engine, { ids, runs }) {
  const before = process.memoryUsage.rss();
  const loads = [];
  const memory = [];
  for (let i = 0; i < sessions; i++) {
    const start = performance.now();
    await engine.loadBeside();
    loads.push(performance.now() - start);
    await sleep(100);
    memory.push(process.memoryUsage.rss() - before);
  }
  const feeds = engine.feeds(ids, dims);
  await engine.run(feeds);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await engine.run(feeds);
    times.push(performance.now() - start);
  }
  return {
    first: [loads[0]],
    second: [loads[1]],
    one: [memory[0]],
    all: [memory.at(-1)],
    run: times,
  };
}

export function targets({ metrics }) {
  const median = (key, id) =>
    metrics.find((metric) => metric.key === key)?.rows.find((row) => row.id === id)?.summary.median;
  const value = median('all', 'shared') / median('all', 'infercore');
  return [
    {
      text: `${sessions} sessions take at most 0.75 of the memory with shared weights`,
      value,
      shown: `${number(value)} times`,
      met: value <= 0.75,
    },
  ];
}
