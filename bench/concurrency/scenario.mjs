/** Do runs that are called at once run at once? */
import { randomIds } from '../encoder/common.mjs';
import { benchEncoder } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';

const atMost = 0.6;
const width = 384;
const dims = [4, 128];
const runs = 4;

export const name = 'concurrency';
export const title = 'Runs at the same time';
export const about = `${runs} runs of one session, each awaited before the next one, and the same runs called at once with Promise.all. The session computes with
one thread a run (\`intraOpNumThreads: 1\`), so that a second core has something to do only where runs go beside each other. A model of the shape of
MiniLM-L6, ${dims.join(' × ')} tokens a run.`;

const contestant = (engine) => ({
  id: engine,
  label: engine,
  engine: `../encoder/${engine}`,
  packages: [engine],
  options: { session: { intraOpNumThreads: 1 } },
});
export const contestants = ['infercore', 'onnxruntime-node'].map(contestant);

export async function prepare({ quick, seed }) {
  return {
    models: { 'minilm-l6-shaped': benchEncoder },
    rounds: quick ? 2 : 7,
    options: { runs, rows: dims[0], length: dims[1] },
    model: benchEncoder,
    ids: Array.from({ length: runs }, (_, i) => randomIds(dims[0] * dims[1], seed + i)),
    samples: quick ? 2 : 15,
  };
}

export const metrics = () => [
  { key: 'row', title: `${runs} runs, one after the other` },
  { key: 'once', title: `${runs} runs at once` },
];

const feedsOf = (engine, ids) => ids.map((each) => engine.feeds(each, dims));
const allAtOnce = (engine, feeds) => Promise.all(feeds.map((each) => engine.run(each)));

/** What each of the runs that go at the same time gives. */
export async function check(engine, { ids }) {
  await engine.load();
  return (await allAtOnce(engine, feedsOf(engine, ids))).map((data) => Float32Array.from(data));
}

let expected;
export function judge(outputs) {
  expected ??= outputs;
  const worst = Math.min(...outputs.map((each, i) => worstCosine(each, expected[i], width)));
  return { ok: worst >= 0.9999, note: `least cosine of a token's vector ${worst.toFixed(6)}` };
}

export async function measure(engine, { ids, samples }) {
  await engine.load();
  const feeds = feedsOf(engine, ids);
  for (let i = 0; i < 2; i++) await allAtOnce(engine, feeds);
  const result = { row: [], once: [] };
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    for (const each of feeds) await engine.run(each);
    const middle = performance.now();
    await allAtOnce(engine, feeds);
    result.row.push(middle - start);
    result.once.push(performance.now() - middle);
  }
  return result;
}

export function targets({ metrics }) {
  const median = (key) =>
    metrics.find((metric) => metric.key === key)?.rows.find(({ id }) => id === 'infercore')?.summary
      .median;
  const value = median('once') / median('row');
  return [
    {
      text: `${runs} runs at once take at most ${atMost} of the time of ${runs} in a row, on two cores`,
      value,
      shown: `${number(value)} of it`,
      met: value <= atMost,
    },
  ];
}
