/** Does the event loop stay free while a model loads and while runs are in flight? */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomIds } from '../encoder/common.mjs';
import { largeEncoder } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';

const rowsOfBatch = 4;
const length = 128;
const width = 768;
const loads = 3;
const runs = 12;
const aboveIdle = 2;

export const name = 'event-loop';
export const title = 'Delay of the event loop';
export const benchModels = ['bert-base-shaped'];
export const about = `How late a timer of 1 ms fires (p99 and maximum of \`monitorEventLoopDelay\` with a resolution of 1 ms, of each round; one
sample a round) while nothing happens, while a model of 440 MB loads (${loads} times, one after the other), and while ${runs} runs are in flight at once. The model has the shape of
BERT-base (109 million parameters), a run has ${rowsOfBatch} × ${length} tokens. The last lines give the time that all ${runs} runs took: a free loop must not be paid with it.`;

export const contestants = [
  { id: 'infercore', label: 'infercore', engine: '../encoder/infercore', packages: ['infercore'] },
  {
    id: 'onnxruntime-node',
    label: 'onnxruntime-node',
    engine: '../encoder/onnxruntime-node',
    packages: ['onnxruntime-node'],
  },
];

export async function prepare({ quick, seed }) {
  return {
    models: { 'bert-base-shaped': largeEncoder },
    rounds: quick ? 1 : 7,
    options: { runs: quick ? 4 : runs, rows: rowsOfBatch, length },
    model: largeEncoder,
    dims: [rowsOfBatch, length],
    ids: randomIds(rowsOfBatch * length, seed),
    runs: quick ? 4 : runs,
    idleMs: quick ? 300 : 2000,
  };
}

export function metrics({ runs }) {
  const delay = (key, what) => [
    { key: `${key}P99`, title: `${what}: p99 of the delay` },
    { key: `${key}Max`, title: `${what}: longest delay` },
  ];
  return [
    ...delay('idle', 'idle'),
    ...delay('load', 'while the model loads'),
    ...delay('run', `while ${runs} runs are in flight`),
    { key: 'total', title: `${runs} runs, all together` },
  ];
}

export async function check(engine, { ids, dims }) {
  await engine.load();
  return engine.run(engine.feeds(ids, dims));
}

/** Both engines must give the vectors that the first one gave, which the embed scenario checks by itself. */
let expected;
export function judge(vectors) {
  expected ??= vectors;
  const worst = worstCosine(Float32Array.from(vectors), Float32Array.from(expected), width);
  return { ok: worst >= 0.9999, note: `least cosine of the vectors ${worst.toFixed(6)}` };
}

/** @returns {Promise<{p99: number, max: number}>} milliseconds of delay while `work` went on */
async function delayDuring(work) {
  // The first turn of the loop settles what came before; it is not part of the work.
  await sleep(20);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  histogram.reset();
  // The first firing after a reset only starts the clock: a block before it would not be seen.
  await sleep(5);
  await work();
  // A blocked loop notices only when it turns again.
  await sleep(2);
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 };
}

export async function measure(engine, { ids, dims, runs, idleMs }) {
  await sleep(200);
  const idle = await delayDuring(() => sleep(idleMs));
  const load = await delayDuring(async () => {
    for (let i = 0; i < loads; i++) await engine.load();
  });
  const feeds = engine.feeds(ids, dims);
  await engine.run(feeds);
  let total = 0;
  const run = await delayDuring(async () => {
    const start = performance.now();
    await Promise.all(Array.from({ length: runs }, () => engine.run(feeds)));
    total = performance.now() - start;
  });
  return {
    idleP99: [idle.p99],
    idleMax: [idle.max],
    loadP99: [load.p99],
    loadMax: [load.max],
    runP99: [run.p99],
    runMax: [run.max],
    total: [total],
  };
}

export function targets({ metrics }) {
  const median = (key) =>
    metrics.find((metric) => metric.key === key)?.rows.find(({ id }) => id === 'infercore')?.summary
      .median ?? Infinity;
  return [
    ['loadP99', 'while a model loads'],
    ['runP99', 'while runs are in flight'],
  ].map(([key, when]) => {
    const value = median(key) - median('idleP99');
    return {
      text: `p99 of the delay ${when} at most ${aboveIdle} ms above idle`,
      value,
      shown: `${number(value)} ms above`,
      met: value <= aboveIdle,
    };
  });
}
