/** Forward passes of an encoder: what do they cost beyond ONNX Runtime's own C++ API? */
import { largeEncoder } from '../lib/paths.mjs';
import { number, tableOf } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';
import { randomIds } from './common.mjs';

const atMost = 1.02;
const width = 768;

/** Runs a round: more of what is short. The first run of a shape asks the system for memory. */
const shapes = [
  { rows: 1, length: 8, warmups: 5, runs: 20 },
  { rows: 1, length: 128, warmups: 1, runs: 4 },
  { rows: 4, length: 128, warmups: 1, runs: 2 },
  { rows: 16, length: 128, warmups: 1, runs: 1 },
];
const keyOf = (count, { rows, length }) => `${count}-${rows}x${length}`;

export const name = 'encoder';
export const title = 'Forward passes of an encoder';
export const benchModels = ['bert-base-shaped'];
export const about = `A forward pass of an encoder of the shape of BERT-base (109 million parameters, random weights), rows × tokens, one after the other.
The C++ API is a program without JavaScript with the same library of ONNX Runtime and the same options: threads of infercore look out for 20 µs and then sleep, those of
onnxruntime-node spin, as they do in the C++ API unless told otherwise; so with two threads both ways are measured. A sample is one run.`;

const contestant = (id, label, engine, options) => ({
  id,
  label,
  engine,
  packages: id === engine && engine !== 'onnxruntime-cpp' ? [id] : [],
  options,
});
const both = { threads: [1, 2] };
/** One thread waits for no other: nothing to spin for. */
const two = { threads: [2] };
const spin = { extra: { session: { intra_op: { allow_spinning: true } } } };
export const contestants = [
  contestant('infercore', 'infercore', 'infercore', both),
  contestant('onnxruntime-cpp', 'the C++ API', 'onnxruntime-cpp', both),
  contestant('infercore-spinning', 'infercore, spinning', 'infercore', { ...two, session: spin }),
  contestant('cpp-spinning', 'the C++ API, spinning', 'onnxruntime-cpp', {
    ...two,
    spinning: true,
  }),
  contestant('onnxruntime-node', 'onnxruntime-node', 'onnxruntime-node', both),
];

export async function prepare({ quick, seed }) {
  return {
    models: { 'bert-base-shaped': largeEncoder },
    rounds: quick ? 1 : 5,
    options: {},
    model: largeEncoder,
    ids: randomIds(16 * 128, seed),
    shapes: quick ? shapes.slice(0, 2).map((shape) => ({ ...shape, runs: 2 })) : shapes,
  };
}

export const metrics = (task) =>
  both.threads.flatMap((count) =>
    task.shapes.map((shape) => ({
      key: keyOf(count, shape),
      title: `${shape.rows} × ${shape.length}, ${count === 1 ? 'one thread' : 'two threads'}`,
    })),
  );

const feedsOf = (engine, ids, { rows, length }) =>
  engine.feeds(ids.subarray(0, rows * length), [rows, length]);

/** The outputs of the two smallest shapes, one after the other. */
export async function check(engine, { ids }) {
  const few = shapes.slice(0, 2);
  if (engine.outputsOf) {
    return engine.outputsOf(
      2,
      few.map((shape) => ({ ...shape, warmups: 0, runs: 1 })),
    );
  }
  await engine.load({ intraOpNumThreads: 2 });
  const outputs = [];
  for (const shape of few) outputs.push(...(await engine.run(feedsOf(engine, ids, shape))));
  return Float32Array.from(outputs);
}

/** Three ways into one runtime: what they give must be the same. */
let expected;
export function judge(outputs) {
  expected ??= outputs;
  const worst = worstCosine(outputs, expected, width);
  return { ok: worst >= 0.999999, note: `least cosine of a token's vector ${worst.toFixed(7)}` };
}

export async function measure(engine, { ids, shapes }) {
  const result = {};
  for (const count of engine.threads) {
    const measured = engine.measureAll
      ? engine.measureAll(count, shapes)
      : await measureSession(engine, ids, shapes, count);
    shapes.forEach((shape, i) => (result[keyOf(count, shape)] = measured[i]));
  }
  return result;
}

async function measureSession(engine, ids, shapes, intraOpNumThreads) {
  await engine.load({ intraOpNumThreads });
  const all = [];
  for (const shape of shapes) {
    const feeds = feedsOf(engine, ids, shape);
    for (let i = 0; i < shape.warmups; i++) await engine.run(feeds);
    const times = [];
    for (let i = 0; i < shape.runs; i++) {
      const start = performance.now();
      await engine.run(feeds);
      times.push(performance.now() - start);
    }
    all.push(times);
  }
  return all;
}

const medianOf = ({ rows }, id) => rows.find((row) => row.id === id)?.summary.median;

/** A row for each shape and number of threads; each engine's time, and infercore's share of it. */
export function tables({ metrics }) {
  const cell = (metric, id) => {
    const ms = medianOf(metric, id);
    return ms === undefined ? '–' : `${number(ms)} ms`;
  };
  return tableOf(
    ['rows × tokens', ...contestants.map(({ label }) => label)],
    metrics.map((metric) => [metric.title, ...contestants.map(({ id }) => cell(metric, id))]),
  );
}

export function targets({ metrics }) {
  const most = (what, own, other, start) => {
    const ratios = metrics
      .filter(({ key }) => key.startsWith(start))
      .map((metric) => ({
        title: metric.title,
        value: medianOf(metric, own) / medianOf(metric, other),
      }));
    const { value, title } = ratios.reduce((a, b) => (a.value >= b.value ? a : b));
    const shown = Number.isNaN(value) ? 'not timed' : `${value.toFixed(3)} × at most (${title})`;
    return {
      text: `${what} at most ${atMost} × the C++ API with the same options`,
      value,
      shown,
      met: value <= atMost,
    };
  };
  return [
    most('one thread:', 'infercore', 'onnxruntime-cpp', '1-'),
    most('two threads:', 'infercore', 'onnxruntime-cpp', '2-'),
    most('two threads, spinning:', 'infercore-spinning', 'cpp-spinning', '2-'),
  ];
}
