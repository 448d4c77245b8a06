/** A page in Chromium: how soon its first vector is there, and what comes after. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { mixedTexts, novelSentences } from '../lib/corpus.mjs';
import { defaultModel, results } from '../lib/paths.mjs';
import { referenceVectors } from '../lib/reference.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';
import { openSite } from './site.mjs';

const leastCosine = 0.9999;
const width = 512;

export const name = 'page';
export const title = 'In a page';
export const about = `A cold page (nothing cached, its code not compiled before) in Chromium makes its first vector, then vectors of 256 mixed texts,
with the default model and onnxruntime-web on WebAssembly; the same page with transformers.js and the same weights. Both are bundled and
minified by esbuild, come compressed (brotli; the weights as they are) from a server on the same machine, and are isolated, so that
threads can be had. transformers.js takes one thread unless it is told a number; the row says which. The tokenizers read a novel's
sentences (1.2 MB) in one call. A longest task is the longest time that the page could answer nobody (0: none
of 50 ms or more). Vectors count as right
if their cosine to those of onnxruntime-node is at least ${leastCosine}; ids have to be equal.`;
export const onDemand = true;

const own = (id, label, options) => ({
  id,
  label,
  engine: 'infercore',
  packages: ['infercore'],
  options,
});
const peer = (id, label, options) => ({
  id,
  label: `transformers.js, ${label}`,
  engine: 'transformers',
  packages: ['@huggingface/transformers'],
  options,
});
export const contestants = [
  own('infercore', 'infercore', {}),
  own('infercore-worker', 'infercore, worker: true', { worker: true }),
  peer('transformers', 'lists of 32', {}),
  peer('transformers-threads', 'lists of 32, 2 threads', { threads: 2 }),
];

export async function prepare({ quick, seed }) {
  const untruncated = join(results, 'page', 'untruncated');
  writeUntruncated(untruncated);
  const site = await openSite({ untruncated });
  const browser = await launchChromium();
  const texts = mixedTexts(quick ? 64 : 256, seed);
  return {
    models: { 'onnx/model.onnx': join(defaultModel, 'onnx', 'model.onnx') },
    rounds: quick ? 1 : 3,
    options: { texts: texts.length, browser: browser.version() },
    site,
    browser,
    texts,
    reference: await referenceVectors(texts),
    sentences: quick ? novelSentences().slice(0, 500) : novelSentences(),
    samples: quick ? 1 : 2,
  };
}

function writeUntruncated(folder) {
  mkdirSync(folder, { recursive: true });
  const read = (file) => readFileSync(join(defaultModel, file), 'utf8');
  const tokenizer = { ...JSON.parse(read('tokenizer.json')), truncation: null, padding: null };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), read('tokenizer_config.json'));
}

export function metrics({ texts, sentences }) {
  const megabytes = sentences.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  return [
    { key: 'first', title: 'navigation to first vector' },
    { key: 'bytes', title: 'over the wire until then', unit: 'MB', scale: 1e-6 },
    { key: 'all', title: 'texts to vectors', items: texts.length, unit: 'texts/s' },
    { key: 'longestStart', title: 'longest task until the first vector', ratio: false },
    { key: 'longestRun', title: 'longest task of later calls', ratio: false },
    { key: 'tokenizer', title: 'tokenizer', items: megabytes, unit: 'MB/s' },
  ];
}

export async function close({ site, browser }) {
  await browser.close();
  site.close();
}

/** A page of its own, in a profile without anything cached. */
async function inPage({ site, browser }, { engine, options }, act) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    let failure;
    page.on('pageerror', (error) => (failure ??= error));
    const before = site.bytes();
    await page.goto(`${site.address}${engine}.html#${encodeURIComponent(JSON.stringify(options))}`);
    await page.waitForFunction(() => 'acts' in globalThis, undefined, { timeout: 60_000 });
    const call = (name, ...args) =>
      page.evaluate(([name, args]) => globalThis.acts[name](...args), [name, args]);
    const result = await act(call, () => site.bytes() - before);
    if (failure) throw failure;
    return result;
  } finally {
    await context.close();
  }
}

export async function checkOutside(contestant, task) {
  const vectors = await inPage(task, contestant, (call) => call('embed', task.texts));
  const tokens = { ...contestant, options: { tokenizer: true } };
  const ids = await inPage(task, tokens, (call) => call('ids', task.sentences));
  return { vectors: Float32Array.from(vectors), ids };
}

let expected;
export function judge({ vectors, ids }, { reference }) {
  const worst = worstCosine(vectors, reference, width);
  expected ??= ids;
  const differ = ids.filter((list, i) => list.join() !== expected[i]?.join()).length;
  return {
    ok: worst >= leastCosine && differ === 0,
    note: `least cosine to the reference ${worst.toFixed(7)}, ids of ${differ} of ${ids.length} texts differ`,
  };
}

export async function measureOutside(contestant, task) {
  const { texts, sentences, samples } = task;
  const measured = await inPage(task, contestant, async (call, bytes) => {
    const { first, longest } = await call('first');
    const wire = bytes();
    const { all, longtask } = await call('time', texts, samples);
    return {
      first: [first],
      bytes: [wire],
      longestStart: [longest],
      all,
      longestRun: [longtask],
    };
  });
  // The same in all rows of an engine: timed in the first.
  if (contestant.id !== contestant.engine) return measured;
  const tokens = { ...contestant, options: { tokenizer: true } };
  const tokenizer = await inPage(task, tokens, (call) => call('timeTokenizer', sentences, samples));
  return { ...measured, tokenizer };
}

export function targets({ metrics }) {
  const rows = (key) => metrics.find((metric) => metric.key === key)?.rows ?? [];
  const beside = (key) => {
    const row = rows(key).find(({ id }) => id === 'transformers')?.beside;
    return row ? 1 / row.ratio : 0;
  };
  const longest = Math.max(
    ...['longestStart', 'longestRun'].map(
      (key) => rows(key).find(({ id }) => id === 'infercore-worker')?.summary.median ?? Infinity,
    ),
  );
  const speed = beside('all');
  const start = beside('first');
  return [
    {
      text: 'at least twice as many texts a second as transformers.js with lists of 32',
      value: speed,
      shown: `${number(speed)} times`,
      met: speed >= 2,
    },
    {
      text: 'the first vector no later than with transformers.js',
      value: start,
      shown: `${number(start)} times as fast`,
      met: start >= 1,
    },
    {
      text: 'with worker: true no task of the page longer than 50 ms (the median of the rounds)',
      value: longest,
      shown: longest === 0 ? 'none above 50 ms' : `${number(longest)} ms`,
      met: longest <= 50,
    },
  ];
}
