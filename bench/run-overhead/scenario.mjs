/** What a run costs beyond the model: a model of one node that copies its input. */
import { identityModel } from '../lib/paths.mjs';

/** Elements (float32), runs in one sample, samples a round. */
const sizes = [
  { key: 'tiny', title: '4 B', elements: 1, runs: 1000, samples: 20 },
  { key: 'medium', title: '1 MB', elements: 2 ** 18, runs: 50, samples: 10 },
  { key: 'large', title: '100 MB', elements: 25 * 2 ** 20, runs: 1, samples: 6 },
];

export const name = 'run-overhead';
export const title = 'Cost of a run';
export const about = `One run after the other of a model of one node, Identity: what is measured is the way into the runtime and back. \`run\` of
infercore goes to another thread and leaves the event loop free, \`run\` of onnxruntime-node blocks it; \`runSync\` blocks in both senses. A
sample is the mean of ${sizes.map(({ runs, title }) => `${runs} (${title})`).join(', ')} runs.`;

export const contestants = [
  { id: 'infercore', label: 'infercore, run', engine: 'infercore', packages: ['infercore'] },
  {
    id: 'infercore-sync',
    label: 'infercore, runSync',
    engine: 'infercore',
    packages: [],
    options: { sync: true },
  },
  {
    id: 'onnxruntime-node',
    label: 'onnxruntime-node, run',
    engine: 'onnxruntime-node',
    packages: ['onnxruntime-node'],
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
