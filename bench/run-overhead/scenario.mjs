/** What a run costs beyond the model: a model of one node that copies its input. */
import { identityModel } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';

/** Elements (float32), runs in one sample, samples a round. */
const sizes = [
  { key: 'tiny', title: '4 B', elements: 1, runs: 1000, samples: 20 },
  { key: 'medium', title: '1 MB', elements: 2 ** 18, runs: 50, samples: 10 },
  { key: 'big', title: '16 MB', elements: 2 ** 22, runs: 5, samples: 8 },
  { key: 'large', title: '100 MB', elements: 25 * 2 ** 20, runs: 1, samples: 6 },
];

export const name = 'run-overhead';
export const title = 'Cost of a run';
export const about = `One run after the other of a model of one node, Identity: what is measured is the way into the runtime and back. \`run\` of
infercore goes to another thread where that is no longer than the run, \`run\` of onnxruntime-node blocks it; \`runSync\` blocks in both senses. «Given»:
with a tensor for the output; «shared»: the feed is in a SharedArrayBuffer. The C++ API is a program without JavaScript, whose memory for input and output is
made once. One thread each. A sample is the mean of ${sizes.map(({ runs, title }) => `${runs} (${title})`).join(', ')} runs.`;

const own = (id, label, options) => ({
  id: `infercore${id}`,
  label: `infercore, ${label}`,
  engine: 'infercore',
  packages: id === '' ? ['infercore'] : [],
  options: { ...options, threads: 1 },
});
const peer = (id, label, options) => ({
  id: `onnxruntime-node${id}`,
  label: `onnxruntime-node, ${label}`,
  engine: 'onnxruntime-node',
  packages: id === '' ? ['onnxruntime-node'] : [],
  options: { ...options, threads: 1 },
});

export const contestants = [
  own('', 'run', {}),
  own('-given', 'run, given', { given: true }),
  own('-shared', 'run, given and shared', { given: true, shared: true }),
  own('-sync', 'runSync', { sync: true }),
  own('-sync-given', 'runSync, given', { sync: true, given: true }),
  peer('', 'run', {}),
  peer('-given', 'run, given', { given: true }),
  {
    id: 'cpp',
    label: 'the C++ API',
    engine: 'onnxruntime-cpp',
    packages: [],
    options: { threads: 1 },
  },
];

export async function prepare({ quick }) {
  return {
    models: { identity: identityModel },
    rounds: quick ? 2 : 5,
    options: {},
    model: identityModel,
    quick,
  };
}

export const metrics = () =>
  sizes.map(({ key, title }) => ({ key, title: `identity of ${title}`, unit: 'µs', scale: 1000 }));

const input = (elements) => Float32Array.from({ length: elements }, (_, i) => i % 1000);

/** @returns {Promise<boolean[]>} for each size: is the output the input? */
export async function check(engine) {
  if (engine.measureAll) {
    const once = sizes.map((size) => ({ ...size, runs: 1, samples: 1 }));
    return engine.measureAll(once).map(({ right }) => right);
  }
  const right = [];
  for (const { elements } of sizes) {
    const data = input(elements);
    const output = await engine.run(data);
    right.push(output.length === elements && output.every((value, i) => value === data[i]));
  }
  return right;
}

export function judge(right) {
  const ok = right.every(Boolean);
  return { ok, note: ok ? 'outputs equal inputs' : `right sizes: ${right}` };
}

export async function measure(engine, { quick }) {
  if (engine.measureAll) {
    const asked = sizes.map((size) => ({ ...size, samples: quick ? 3 : size.samples }));
    const measured = engine.measureAll(asked);
    return Object.fromEntries(sizes.map(({ key }, i) => [key, measured[i].ms]));
  }
  const result = {};
  for (const { key, elements, runs, samples } of sizes) {
    const data = input(elements);
    for (let i = 0; i < Math.min(runs * 2, 2000); i++) await engine.run(data);
    result[key] = [];
    for (let sample = 0; sample < (quick ? 3 : samples); sample++) {
      const start = performance.now();
      for (let i = 0; i < runs; i++) await engine.run(data);
      result[key].push((performance.now() - start) / runs);
      // Outputs that live outside JavaScript's heap are freed when the loop turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return result;
}

/** Promised of the ways that copy nothing. */
export function targets({ metrics }) {
  const median = (key, id) =>
    metrics.find((metric) => metric.key === key)?.rows.find((row) => row.id === id)?.summary.median;
  const most = (text, value, limit, unit) =>
    value === undefined || Number.isNaN(value)
      ? []
      : [{ text, value, shown: `${number(value)} ${unit}`, met: value <= limit }];
  return [
    ...most('runSync of 4 B ≤ 5 µs', median('tiny', 'infercore-sync-given') * 1000, 5, 'µs'),
    ...most('run of 4 B ≤ 20 µs', median('tiny', 'infercore-given') * 1000, 20, 'µs'),
    ...sizes.slice(1).flatMap(({ key, title }) => {
      const ratio = (id) => median(key, id) / median(key, 'cpp');
      return [
        ...most(`runSync of ${title} ≤ 1.3 × the C++ API`, ratio('infercore-sync-given'), 1.3, '×'),
        ...most(`run of ${title}, shared, ≤ 1.3 ×`, ratio('infercore-shared'), 1.3, '×'),
      ];
    }),
  ];
}
