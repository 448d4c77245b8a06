/** From a file to a tokenizer that answers: how long, and how much memory. */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { library } from '../lib/paths.mjs';
import { number, shownOf, tableOf } from '../lib/table.mjs';
import { FILES, fileOf } from '../tokenizers/files.mjs';

export const name = 'tokenizer-load';
export const title = 'Loading a tokenizer';
export const about = `From the path of a file to the ids of a first short text, in a process that has loaded the library already and a tiny tokenizer with it. The
file is in the system's cache; one that is compiled holds what \`compile()\` made of the same tokenizer, in memory: in bytes that were read before. Memory is what the process has more after that, when garbage was collected.`;
export const onDemand = true;
export const parts = FILES;

const text = 'Call me Ishmael. 42 whales, 鯨!';
const engineOf = (id, label, engine) => ({
  id,
  label,
  engine,
  packages: [label.startsWith('infercore') ? 'infercore' : label],
});
export const contestants = [
  engineOf('json', 'infercore', 'infercore'),
  engineOf('compiled', 'infercore, compiled', 'compiled'),
  engineOf('bytes', 'infercore, compiled, in memory', 'compiled-bytes'),
  engineOf('crate', '@anush008/tokenizers', 'crate'),
  engineOf('huggingface', '@huggingface/tokenizers', 'huggingface'),
];

export async function prepare({ quick, part }) {
  const file = fileOf(part);
  const compiled = file.replace(/json$/, 'bin');
  const { Tokenizer } = await import(library);
  const tokenizer = await Tokenizer.from(file);
  writeFileSync(compiled, tokenizer.compile());
  tokenizer.dispose();
  return {
    models: { [`${part}.json`]: file },
    rounds: quick ? 1 : 9,
    options: {},
    part,
    file,
    compiled,
  };
}

export const metrics = () => [
  { key: 'load', title: 'to the first ids' },
  { key: 'memory', title: 'memory', unit: 'MB', scale: 1e-6 },
];

export async function check(engine) {
  const encode = await engine.load();
  return Uint32Array.from(await encode(text));
}

const expected = new Map();
export function judge(ids, { part }) {
  if (!expected.has(part)) expected.set(part, ids.join());
  return { ok: ids.join() === expected.get(part), note: `${ids.length} ids` };
}

export async function measure(engine) {
  const before = memory();
  const start = performance.now();
  const encode = await engine.load();
  await encode(text);
  const load = performance.now() - start;
  const after = memory();
  await encode(text); // so that it is alive until here
  return { load: [load], memory: [Math.max(1, after - before)] };
}

function memory() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage.rss();
}

function cell({ metrics }, key, id) {
  const metric = metrics.find((each) => each.key === key);
  const row = metric?.rows.find((each) => each.id === id);
  return row ? `${number(shownOf(metric, row.summary.median))} ${metric.unit ?? 'ms'}` : '–';
}

export function tables({ parts }) {
  const table = (title, key) => [
    `${title}:`,
    '',
    ...tableOf(
      ['tokenizer', ...contestants.map(({ label }) => label)],
      parts.map((part) => [part.title, ...contestants.map(({ id }) => cell(part, key, id))]),
    ),
  ];
  return [...table('Time to the first ids', 'load'), '', ...table('Memory', 'memory')];
}

export function targets({ parts }) {
  const value = (part, key, id) =>
    parts
      .find((each) => each.key === part)
      ?.metrics.find((metric) => metric.key === key)
      ?.rows.find((row) => row.id === id)?.summary.median ?? Infinity;
  const within = (title, part, id, most) => ({
    text: `${title} within ${most} ms`,
    value: value(part, 'load', id),
    shown: `${number(value(part, 'load', id))} ms`,
    met: value(part, 'load', id) <= most,
  });
  const shares = parts.map(
    ({ key }) => value(key, 'memory', 'json') / value(key, 'memory', 'crate'),
  );
  const most = Math.max(...shares);
  return [
    within('Llama 3', 'llama-3', 'json', 100),
    within('Gemma 3', 'gemma-3', 'json', 300),
    within('Llama 3, compiled, in memory,', 'llama-3', 'bytes', 5),
    within('Gemma 3, compiled, in memory,', 'gemma-3', 'bytes', 5),
    {
      text: "at most half of the crate's memory, with every file",
      value: most,
      shown: `${number(most * 100)} %`,
      met: most <= 0.5,
    },
  ];
}
