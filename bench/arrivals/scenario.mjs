/** Single texts that come at random times: how many a second, until they wait too long? */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { mixedTexts } from '../lib/corpus.mjs';
import { defaultModel, library } from '../lib/paths.mjs';
import { inWorker } from '../lib/processes.mjs';
import { number, tableOf } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';
import { latenciesOf, poissonArrivals } from './open_loop.mjs';

const budget = 50;
const width = 512;
const rates = [50, 100, 150, 200, 250, 300, 350, 400, 500];
const keyOf = (rate) => `rate-${rate}`;

export const name = 'arrivals';
export const title = 'Texts that come at random';
export const about = `Requests of one text each come at random times (Poisson, the same times and texts for each engine), whether or not those before were
answered, and are timed from when they were to come until their vector is there. Texts of mixed length (sentences and paragraphs, at most 128 tokens) as ids, the default
model. Cells: p50 / p95 / p99 in ms. An engine whose p95 is beyond ${10 * budget} ms is not asked for more. «Batched»: requests that wait run together,
\`session.batched({ maxBatch: 16, maxTokens: 256, maxConcurrency: ${cpus().length} })\`, one thread a run.`;

const contestant = (id, label, engine, options = {}) => ({
  id,
  label,
  engine: `../encoder/${engine}`,
  packages: id === engine ? [id] : [],
  options,
});
const one = { intraOpNumThreads: 1 };
const together = { maxBatch: 16, maxTokens: 256, maxConcurrency: cpus().length };
export const contestants = [
  contestant('infercore', 'infercore, batched', 'infercore', { session: one, batched: together }),
  contestant('infercore-alone', 'infercore', 'infercore'),
  contestant('infercore-one', 'infercore, one thread a run', 'infercore', { session: one }),
  contestant('onnxruntime-node', 'onnxruntime-node', 'onnxruntime-node'),
  contestant('onnxruntime-node-one', 'onnxruntime-node, one thread', 'onnxruntime-node', {
    session: one,
  }),
];

export async function prepare({ quick, seed }) {
  const kinds = await idsOfTexts(64, seed);
  const seconds = quick ? 1 : 3;
  const model = join(defaultModel, 'onnx', 'model.onnx');
  const some = quick ? rates.slice(0, 4) : rates;
  const task = {
    models: { 'onnx/model.onnx': model },
    rounds: quick ? 1 : 2,
    options: { seconds, p95: budget },
    model,
    output: 'sentence_embedding',
    kinds,
    arrivals: some.map((rate) => poissonArrivals({ rate, seconds, seed, kinds: kinds.length })),
    rates: some,
  };
  const engine = '../encoder/onnxruntime-node';
  const reference = await inWorker({
    scenario: name,
    engine,
    options: {},
    task,
    act: 'checkAlone',
  });
  return { ...task, reference };
}

async function idsOfTexts(count, seed) {
  const { Tokenizer } = await import(library);
  const tokenizer = await Tokenizer.from(defaultModel);
  const lists = mixedTexts(count, seed).map((text) => tokenizer.encode(text).ids);
  tokenizer.dispose();
  return lists.map((ids) => BigInt64Array.from(ids.slice(0, 128), BigInt));
}

export const metrics = (task) =>
  task.rates.map((rate) => ({
    key: keyOf(rate),
    title: `${rate} a second`,
    ratio: false,
    various: true,
  }));

const joined = (lists) => {
  const all = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const list of lists) {
    all.set(list, from);
    from += list.length;
  }
  return all;
};

const feedsOf = (engine, kinds) => kinds.map((ids) => engine.feeds(ids, [1, ids.length]));

/** One after the other: what each text gives by itself. */
export async function checkAlone(engine, { kinds }) {
  await engine.load();
  const outputs = [];
  for (const feeds of feedsOf(engine, kinds)) outputs.push(await engine.run(feeds));
  return joined(outputs);
}

/** All at once, so that they run together where they may. */
export async function check(engine, { kinds }) {
  await engine.load();
  return joined(await Promise.all(feedsOf(engine, kinds).map((feeds) => engine.run(feeds))));
}

export function judge(outputs, { reference }) {
  const worst = worstCosine(outputs, reference, width);
  return { ok: worst >= 0.9999, note: `least cosine of a text's vector ${worst.toFixed(6)}` };
}

export async function measure(engine, { kinds, rates, arrivals }) {
  await engine.load();
  const feeds = feedsOf(engine, kinds);
  await Promise.all(feeds.map((each) => engine.run(each)));
  const result = {};
  for (const [i, rate] of rates.entries()) {
    const latencies = await latenciesOf(arrivals[i], (kind) => engine.run(feeds[kind]));
    result[keyOf(rate)] = latencies;
    latencies.sort((a, b) => a - b);
    if (latencies[Math.floor(latencies.length * 0.95)] > 10 * budget) break;
  }
  return result;
}

const summaryOf = ({ rows }, id) => rows.find((row) => row.id === id)?.summary;

export function tables({ metrics }) {
  const cell = (metric, id) => {
    const summary = summaryOf(metric, id);
    if (!summary) return '–';
    const { p50, p95, p99 } = summary;
    return [p50, p95, ...(p99 === undefined ? [] : [p99])].map(number).join(' / ');
  };
  return tableOf(
    ['requests', ...contestants.map(({ label }) => label)],
    metrics.map((metric) => [metric.title, ...contestants.map(({ id }) => cell(metric, id))]),
  );
}

const rateOf = ({ key }) => Number(key.slice(keyOf('').length));

/** @returns {number} the highest rate at which it, and at all lower ones, kept the budget */
function heldBy(metrics, id) {
  const missed = metrics.findIndex((metric) => !(summaryOf(metric, id)?.p95 <= budget));
  const held = missed < 0 ? metrics : metrics.slice(0, missed);
  return held.length > 0 ? rateOf(held.at(-1)) : 0;
}

export function targets({ metrics }) {
  const held = heldBy(metrics, 'infercore');
  const peers = Math.max(...['', '-one'].map((id) => heldBy(metrics, `onnxruntime-node${id}`)));
  const alone = Math.max(...['alone', 'one'].map((id) => heldBy(metrics, `infercore-${id}`)));
  return [
    {
      text: `batched: more requests a second within a p95 of ${budget} ms than onnxruntime-node`,
      value: held,
      shown: `${held} a second; onnxruntime-node ${peers}, infercore without batches ${alone}`,
      met: held > peers,
    },
  ];
}

/** p95 by rate; the dashed line is the budget. */
export function chart({ metrics }) {
  const values = metrics.flatMap((metric) =>
    metric.rows.map(({ label, summary }) => ({
      engine: label,
      rate: rateOf(metric),
      p95: summary.p95,
    })),
  );
  const engines = contestants.map(({ label }) => label);
  return {
    title: 'p95 of the time to an answer (ms) by requests a second; dashed: the budget',
    width: 520,
    height: 260,
    layer: [
      {
        data: { values },
        mark: { type: 'line', point: true },
        encoding: {
          x: { field: 'rate', type: 'quantitative', title: 'requests a second' },
          y: { field: 'p95', type: 'quantitative', title: 'ms', scale: { type: 'log' } },
          color: {
            field: 'engine',
            sort: engines,
            title: null,
            scale: {
              domain: engines,
              range: ['#0b6e4f', '#6fbf9b', '#3d8fd1', '#9aa5b1', '#d0a15b'],
            },
            legend: { orient: 'bottom', columns: 2, labelLimit: 400 },
          },
        },
      },
      {
        data: { values: [{ p95: budget }] },
        mark: { type: 'rule', strokeDash: [4, 4], color: '#c0392b' },
        encoding: { y: { field: 'p95', type: 'quantitative' } },
      },
    ],
  };
}
