/** Text to token ids, in JavaScript, one thread each. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { chapters, novelSentences } from '../lib/corpus.mjs';
import { defaultModel, results } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';

const atLeast = 10;

export const name = 'tokenizer';
export const title = 'Tokenizer';
export const about = `English text to token ids as JavaScript gets them, one thread each, with the default model's \`tokenizer.json\` (Unigram, 8,000
pieces; truncation taken out, so that all text is read). The texts are a novel: 139 chapters (1.2 MB), and its sentences. One sample is
the whole novel. «A batch» is one call for all texts, «one by one» a call for each.`;

const rust = ['@anush008/tokenizers'];
export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'infercore', packages: ['infercore'] },
  {
    id: 'tokenizers',
    label: '@anush008/tokenizers (Rust)',
    engine: 'tokenizers',
    packages: rust,
    // Of its two pools of threads, one thread each: Rayon's for batches, libuv's for single texts.
    env: { RAYON_NUM_THREADS: '1', TOKENIZERS_PARALLELISM: 'false', UV_THREADPOOL_SIZE: '1' },
  },
];

/** Another file than the default model's: TOKENIZER_FILE=path/to/tokenizer.json npm run bench -- --only tokenizer */
const source = process.env.TOKENIZER_FILE
  ? resolve(process.env.TOKENIZER_FILE)
  : join(defaultModel, 'tokenizer.json');

export async function prepare({ quick }) {
  const config = JSON.parse(readFileSync(source, 'utf8'));
  const file = join(results, 'tokenizer', 'tokenizer.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...config, truncation: null, padding: null }));
  const cut = (list, n) => (quick ? list.slice(0, n) : list);
  const texts = { chapters: cut(chapters(), 20), sentences: cut(novelSentences(), 1000) };
  const bytes = (list) => list.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    models: { 'tokenizer.json': source },
    rounds: quick ? 2 : 7,
    options: { texts: texts.sentences.length },
    file,
    texts,
    bytes: { chapters: bytes(texts.chapters), sentences: bytes(texts.sentences) },
    samples: quick ? 2 : 5,
  };
}

export function metrics({ bytes }) {
  const speed = (key, title, size) => ({ key, title, items: size / 1e6, unit: 'MB/s' });
  return [
    speed('chapters', 'chapters, a batch', bytes.chapters),
    speed('sentences', 'sentences, a batch', bytes.sentences),
    speed('single', 'sentences, one by one', bytes.sentences),
  ];
}

/** @returns {Promise<Uint32Array[]>} the ids of all texts */
export async function check(engine, { texts }) {
  return [
    ...listsOf(await engine.encodeBatch(texts.chapters)),
    ...listsOf(await engine.encodeBatch(texts.sentences)),
    ...(await engine.encodeEach(texts.sentences)),
  ].map((ids) => Uint32Array.from(ids));
}

/** The ids of a batch come as one list with the rows' ends, or as a list for each text. */
function listsOf(batch) {
  if (!('rows' in batch)) return batch;
  const { ids, rows } = batch;
  return Array.from({ length: rows.length - 1 }, (_, i) => ids.subarray(rows[i], rows[i + 1]));
}

let expected;
export function judge(ids) {
  expected ??= ids;
  const different = ids.filter((list, i) => {
    const other = expected[i];
    return list.length !== other?.length || list.some((id, at) => id !== other[at]);
  }).length;
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);
  return {
    ok: different === 0 && ids.length === expected.length && tokens > 0,
    note: `${tokens} ids of ${ids.length} texts, ${different} texts differ`,
  };
}

export async function measure(engine, { texts, samples }) {
  const acts = {
    chapters: () => engine.encodeBatch(texts.chapters),
    sentences: () => engine.encodeBatch(texts.sentences),
    single: () => engine.encodeEach(texts.sentences),
  };
  const result = { chapters: [], sentences: [], single: [] };
  for (const act of Object.values(acts)) await act();
  for (let sample = 0; sample < samples; sample++) {
    for (const [key, act] of Object.entries(acts)) {
      const start = performance.now();
      await act();
      result[key].push(performance.now() - start);
    }
  }
  return result;
}

export function targets({ metrics }) {
  return metrics.map(({ title, rows }) => {
    const beside = rows.find(({ id }) => id === 'tokenizers')?.beside;
    const value = beside ? 1 / beside.ratio : 0;
    return {
      text: `${title}: at least ${atLeast} times as fast as the Rust crate`,
      value,
      shown: `${number(value)} times`,
      met: value >= atLeast,
    };
  });
}
