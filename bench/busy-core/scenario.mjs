/** Two threads on a machine whose second core has other work: are they worse than one? */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomIds } from '../encoder/common.mjs';
import { benchEncoder } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';
import { burnOneCore } from './burner.mjs';

/** What the median of some dozen runs may be off on a busy machine. */
const noise = 1.05;
const width = 384;
const shapes = [
  { key: 'short', dims: [1, 16], runs: 40 },
  { key: 'long', dims: [4, 128], runs: 10 },
];

export const name = 'busy-core';
export const title = 'Beside a busy core';
export const about = `One run after the other, first alone, then beside other programs that keep all cores busy but one. Work that is cut for all cores waits for those that
come late, and threads that spin while they wait take the time that the others need. infercore's threads spin for 20 µs unless told otherwise. A model of the shape of MiniLM-L6; tokens are
rows × length. A sample is one run.`;

const contestant = (id, label, options = {}) => ({
  id,
  label,
  engine: `../encoder/${id.startsWith('infercore') ? 'infercore' : 'onnxruntime-node'}`,
  packages: id === 'infercore' || id === 'onnxruntime-node' ? [id] : [],
  options: { session: options },
});
const one = { intraOpNumThreads: 1 };
const spinning = (more) => ({
  extra: { session: { intra_op: { allow_spinning: true, ...more } } },
});
export const contestants = [
  contestant('infercore', 'infercore'),
  contestant('infercore-one', 'infercore, one thread', one),
  contestant('infercore-spinning', 'infercore, spinning', spinning()),
  contestant(
    'infercore-sleeping',
    'infercore, sleeping at once',
    spinning({ allow_spinning: false }),
  ),
  contestant('onnxruntime-node', 'onnxruntime-node'),
  contestant('onnxruntime-node-one', 'onnxruntime-node, one thread', one),
];

export async function prepare({ quick, seed }) {
  return {
    models: { 'minilm-l6-shaped': benchEncoder },
    rounds: quick ? 1 : 9,
    options: { busy: cpus().length - 1 },
    model: benchEncoder,
    ids: randomIds(4 * 128, seed),
    runs: quick ? 0.2 : 1,
  };
}

const titleOf = ({ dims }) => dims.join(' × ');
export const metrics = () =>
  shapes.flatMap((shape) => [
    { key: `${shape.key}Alone`, title: `${titleOf(shape)}, alone` },
    { key: `${shape.key}Busy`, title: `${titleOf(shape)}, beside a busy core` },
  ]);

const feedsOf = (engine, ids, dims) => engine.feeds(ids.subarray(0, dims[0] * dims[1]), dims);

export async function check(engine, { ids }) {
  await engine.load();
  return Float32Array.from(await engine.run(feedsOf(engine, ids, shapes[1].dims)));
}

let expected;
export function judge(outputs) {
  expected ??= outputs;
  const worst = worstCosine(outputs, expected, width);
  return { ok: worst >= 0.9999, note: `least cosine of a token's vector ${worst.toFixed(6)}` };
}

export async function measure(engine, task) {
  await engine.load();
  const result = await timesOf(engine, task, 'Alone');
  const burners = Array.from({ length: cpus().length - 1 }, burnOneCore);
  try {
    await sleep(300);
    return { ...result, ...(await timesOf(engine, task, 'Busy')) };
  } finally {
    for (const end of burners) end();
  }
}

async function timesOf(engine, { ids, runs: share }, when) {
  const result = {};
  for (const { key, dims, runs } of shapes) {
    const feeds = feedsOf(engine, ids, dims);
    for (let i = 0; i < 3; i++) await engine.run(feeds);
    const times = [];
    for (let i = 0; i < Math.ceil(runs * share); i++) {
      const start = performance.now();
      await engine.run(feeds);
      times.push(performance.now() - start);
    }
    result[`${key}${when}`] = times;
  }
  return result;
}

export function targets({ metrics }) {
  return shapes.map((shape) => {
    const rows = metrics.find(({ key }) => key === `${shape.key}Busy`)?.rows ?? [];
    const median = (id) => rows.find((row) => row.id === id)?.summary.median;
    const value = median('infercore') / median('infercore-one');
    return {
      text: `${titleOf(shape)} beside a busy core: with default threads no slower than with one (${noise} × at most)`,
      value,
      shown: `${number(value)} ×`,
      met: value <= noise,
    };
  });
}
