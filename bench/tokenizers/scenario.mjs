/** Text to token ids, in JavaScript, with the tokenizers that people use. */
import { declarations, paragraphs } from '../lib/corpus.mjs';
import { number, tableOf } from '../lib/table.mjs';
import { FILES, fileOf } from './files.mjs';
import { speedOf, speeds, timesOf } from './speeds.mjs';

const meanAtLeast = 20;
const eachAtLeast = 10;
const threadsAtLeast = 1.8;

export const name = 'tokenizers';
export const title = 'Tokenizers';
export const about = `Text to token ids as JavaScript gets them, without special tokens, by the tokenizers that people use. English: paragraphs of a novel and
of presidents' addresses (2 MB). Multilingual: paragraphs of the Universal Declaration of Human Rights in 500 languages, mixed (2 MB). Cold: a
process has loaded the tokenizer and reads all texts for the first time, in one call where an engine takes lists; warm: the second time. One by
one: a call for each paragraph of a fifth of the English text. One thread, where not said otherwise. What gives other ids than infercore is not
timed; infercore itself is held against the Rust crate.`;
export const onDemand = true;
export const parts = FILES;

const own = (id, numThreads) => ({
  id,
  label: 'infercore',
  engine: 'infercore',
  packages: ['infercore'],
  options: { numThreads },
});
const crate = (id, threads) => ({
  id,
  label: '@anush008/tokenizers',
  engine: 'crate',
  packages: ['@anush008/tokenizers'],
  // Of its two pools of threads: Rayon's for batches, libuv's for single texts.
  env: {
    RAYON_NUM_THREADS: String(threads),
    TOKENIZERS_PARALLELISM: String(threads > 1),
    UV_THREADPOOL_SIZE: '1',
  },
});
const peer = (name, engine, others = {}) => ({
  id: engine,
  label: name,
  engine,
  packages: [name],
  ...others,
});
const o200k = { parts: FILES.filter((file) => file.o200k).map(({ key }) => key) };

export const contestants = [
  own('infercore', 1),
  own('infercore-2', 2),
  crate('crate', 1),
  crate('crate-2', 2),
  peer('@huggingface/tokenizers', 'huggingface'),
  peer('kitoken', 'kitoken'),
  peer('gpt-tokenizer', 'gpt-tokenizer', o200k),
  peer('tiktoken', 'tiktoken', o200k),
  peer('ai-tokenizer', 'ai-tokenizer', o200k),
];

export async function prepare({ quick, seed, part }) {
  const file = fileOf(part);
  const size = quick ? 2e5 : 2e6;
  const english = paragraphs(size);
  const texts = {
    english,
    multilingual: declarations(size, seed),
    single: english.slice(0, english.length / 5),
  };
  return {
    models: { [`${part}.json`]: file },
    rounds: quick ? 1 : 3,
    options: { size },
    part,
    file,
    texts,
  };
}

export const metrics = ({ texts }) => speeds(texts);

/** Engines that take no lists get the texts of a list one after the other. */
const batchOf = (engine) =>
  engine.encodeBatch?.bind(engine) ?? ((texts) => texts.map((text) => engine.encode(text)));

/** @returns {Promise<Uint32Array[]>} the ids of all texts */
export async function check(engine, { texts }) {
  const encode = batchOf(engine);
  const lists = [
    ...listsOf(await encode(texts.english)),
    ...listsOf(await encode(texts.multilingual)),
  ];
  for (const text of texts.single.slice(0, 100)) lists.push(await engine.encode(text));
  return lists.map((ids) => Uint32Array.from(ids));
}

/** The ids of a batch come as one list with the rows' ends, or as a list for each text. */
function listsOf(batch) {
  if (!('rows' in batch)) return batch;
  const { ids, rows } = batch;
  return Array.from({ length: rows.length - 1 }, (_, i) => ids.subarray(rows[i], rows[i + 1]));
}

const expected = new Map();
export function judge(ids, { part }) {
  if (!expected.has(part)) expected.set(part, ids);
  const right = expected.get(part);
  const differ = ids.filter((list, i) => {
    const other = right[i];
    return list.length !== other?.length || list.some((id, at) => id !== other[at]);
  }).length;
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);
  return {
    ok: differ === 0 && ids.length === right.length && tokens > 0,
    note: `${tokens} ids of ${ids.length} texts, ${differ} texts differ`,
  };
}

export async function measure(engine, { texts }) {
  const encode = batchOf(engine);
  const timed = async (act) => {
    const start = performance.now();
    await act();
    return [performance.now() - start];
  };
  const cold = {
    englishCold: await timed(() => encode(texts.english)),
    multilingualCold: await timed(() => encode(texts.multilingual)),
  };
  if (engine.coldOnly) return cold;
  return {
    ...cold,
    englishWarm: await timed(() => encode(texts.english)),
    multilingualWarm: await timed(() => encode(texts.multilingual)),
    single: await timed(async () => {
      for (const text of texts.single) await engine.encode(text);
    }),
  };
}

const shown = (value, unit = '') => (value === undefined ? '–' : `${number(value)}${unit}`);

export function tables({ parts }) {
  const speeds = (title, key) => [
    `${title}, MB/s; how many times as fast as the crate infercore is:`,
    '',
    ...tableOf(
      ['tokenizer', ...peersShown.map(({ label }) => label), 'times'],
      parts.map((part) => [
        part.title,
        ...peersShown.map(({ id }) => cellOf(part, key, id)),
        shown(timesOf(part, key, 'infercore', 'crate'), ' ×'),
      ]),
    ),
    '',
  ];
  return [
    ...speeds('English, cold', 'englishCold'),
    ...speeds('Multilingual, cold', 'multilingualCold'),
    'The other ways, infercore in MB/s and as a multiple of the crate; the last two columns: two threads beside one.',
    '',
    ...tableOf(
      ['tokenizer', ...ways.map(({ title }) => title), 'threads, English', 'threads, multilingual'],
      parts.map((part) => [
        part.title,
        ...ways.map(
          ({ key, own, beside }) =>
            `${shown(speedOf(part, key, own))} (${shown(timesOf(part, key, own, beside), ' ×')})`,
        ),
        shown(timesOf(part, 'englishWarm', 'infercore-2', 'infercore'), ' ×'),
        shown(timesOf(part, 'multilingualWarm', 'infercore-2', 'infercore'), ' ×'),
      ]),
    ),
  ];
}

const peersShown = contestants.filter(({ id }) => !id.endsWith('-2'));
const one = { own: 'infercore', beside: 'crate' };
const two = { own: 'infercore-2', beside: 'crate-2' };
const ways = [
  { title: 'English, warm', key: 'englishWarm', ...one },
  { title: 'multilingual, warm', key: 'multilingualWarm', ...one },
  { title: 'one by one', key: 'single', ...one },
  { title: 'English, warm, two threads', key: 'englishWarm', ...two },
];

function cellOf(part, key, id) {
  const { ok } = part.checks[id] ?? {};
  return ok === false ? 'other ids' : shown(speedOf(part, key, id));
}

const geometricMean = (values) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

export function targets({ parts }) {
  const cold = ['englishCold', 'multilingualCold'].flatMap((key) =>
    parts.map((part) => timesOf(part, key, 'infercore', 'crate') ?? 0),
  );
  const perFile = parts.map((part) => ({
    title: part.title,
    times: geometricMean(
      ['englishCold', 'multilingualCold'].map(
        (key) => timesOf(part, key, 'infercore', 'crate') ?? 0,
      ),
    ),
  }));
  const least = perFile.reduce((a, b) => (b.times < a.times ? b : a));
  const threads = geometricMean(
    parts.map((part) => timesOf(part, 'englishWarm', 'infercore-2', 'infercore') ?? 0),
  );
  const mean = geometricMean(cold);
  return [
    {
      text: `cold, in the geometric mean at least ${meanAtLeast} times as fast as the crate`,
      value: mean,
      shown: `${number(mean)} times`,
      met: mean >= meanAtLeast,
    },
    {
      text: `cold, no tokenizer below ${eachAtLeast} times`,
      value: least.times,
      shown: `${number(least.times)} times (${least.title})`,
      met: least.times >= eachAtLeast,
    },
    {
      text: `two threads, English, at least ${threadsAtLeast} times as fast as one, in the geometric mean`,
      value: threads,
      shown: `${number(threads)} times`,
      met: threads >= threadsAtLeast,
    },
  ];
}

/** English, cold: a row of bars for each tokenizer. */
export function chart({ parts }) {
  const values = parts.flatMap((part) =>
    peersShown.flatMap(({ id, label }) => {
      const speed = speedOf(part, 'englishCold', id);
      return speed === undefined ? [] : [{ tokenizer: part.title, engine: label, speed }];
    }),
  );
  const engines = peersShown.map(({ label }) => label);
  return {
    title: 'English text to token ids, one thread, first time (MB/s, longer is better)',
    data: { values },
    facet: { row: { field: 'tokenizer', sort: parts.map(({ title }) => title), title: null } },
    spec: {
      width: 460,
      height: { step: 14 },
      mark: 'bar',
      encoding: {
        x: { field: 'speed', type: 'quantitative', title: 'MB/s' },
        y: { field: 'engine', sort: engines, title: null },
        color: {
          field: 'engine',
          sort: engines,
          legend: null,
          scale: { domain: engines, range: ['#0b6e4f', ...engines.slice(1).map(() => '#9aa5b1')] },
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  };
}
