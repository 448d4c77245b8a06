/**
 * Compares the built model with the original, which TensorFlow.js runs, on sentences of a novel and
 * some unusual texts. Exits with 1 when a limit is passed.
 *
 *     node models/default-model/build.mjs && node models/default-model/check.mjs
 *
 * The addon is built when it is not; TensorFlow.js (90 MB) is installed into check/node_modules on the
 * first run.
 */
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { floatsOf } from '../lib/tensor.mjs';
import { build } from '../../scripts/lib/build_steps.mjs';
import { Measure, cosine, maxDifference } from './check/compare.mjs';
import { loadOriginal } from './check/original.mjs';
import { loadCrate, loadRebuilt, loadTokenizer } from './check/rebuilt.mjs';
import { checkTexts } from './check/texts.mjs';
import { readSource } from './source.mjs';
import { headWeights } from './weights.mjs';

const kFolder = fileURLToPath(new URL('.', import.meta.url));
const kSentences = 500;
const kBatch = 32;

const measures = {
  ids: new Measure("ids that differ from the Rust crate's", { atMost: 0 }),
  cosine: new Measure('cosine to the original', { atLeast: 0.999999 }),
  difference: new Measure('difference from the original', { atMost: 1e-5 }),
  padding: new Measure('padded against alone', { atMost: 1e-6 }),
  dense: new Measure('pooling + 2_Dense + normalization against sentence_embedding', {
    atMost: 1e-6,
  }),
  empty: new Measure('text without tokens against its closed form', { atMost: 1e-6 }),
  cut: new Measure('300 tokens against their first 128', { atMost: 0 }),
};

/** @param {Float32Array} vector @returns {Float32Array} of length 1 */
function normalize(vector) {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** @returns {(pooled: Float32Array) => Float32Array} the head as 2_Dense holds it */
function readDense() {
  const bytes = new Uint8Array(readFileSync(join(kFolder, '2_Dense', 'model.safetensors')));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'));
  /** @param {string} name */
  const floats = (name) => {
    const [from, to] = header[name].data_offsets;
    return new Float32Array(bytes.buffer, 8 + length + from, (to - from) / 4);
  };
  const weight = floats('linear.weight');
  const bias = floats('linear.bias');
  return (pooled) =>
    normalize(
      bias.map((start, row) => {
        let sum = start;
        for (let i = 0; i < pooled.length; i++) sum += weight[row * pooled.length + i] * pooled[i];
        return Math.tanh(sum);
      }),
    );
}

/** @param {Float32Array} hidden [tokens, width] @param {number} tokens @returns {Float32Array} */
function meanOf(hidden, tokens) {
  const mean = new Float32Array(hidden.length / tokens);
  for (let i = 0; i < hidden.length; i++) mean[i % mean.length] += hidden[i] / tokens;
  return mean;
}

/** @param {Awaited<ReturnType<typeof loadRebuilt>>} rebuilt @param {import('./source.mjs').Source} source */
async function checkEdges(rebuilt, source) {
  const empty = normalize(floatsOf(headWeights(source).bias).map(Math.tanh));
  const beside = (await rebuilt([[], [10, 11, 12]])).embeddings[0];
  measures.empty.add(maxDifference(beside, empty), '(beside another)');
  const [alone] = (await rebuilt([[]])).embeddings;
  measures.empty.add(maxDifference(alone, empty), '(alone: a sequence of length 0)');
  const long = Array.from({ length: 300 }, (_, i) => 6 + ((i * 37) % 7994));
  const [whole] = (await rebuilt([long])).embeddings;
  const [first] = (await rebuilt([long.slice(0, 128)])).embeddings;
  measures.cut.add(maxDifference(whole, first), '(300 tokens)');
}

async function main() {
  if (!existsSync(join(kFolder, 'check', 'node_modules'))) {
    console.log('installing TensorFlow.js (90 MB, once): npm ci in models/default-model/check');
    execSync('npm ci --silent', { cwd: join(kFolder, 'check'), stdio: 'inherit' });
  }
  await build(['native', 'js']);
  const source = await readSource();
  const texts = checkTexts(kSentences);
  const ids = await loadCrate(kFolder)(texts);
  const tokenize = await loadTokenizer(kFolder);
  const original = await loadOriginal(source);
  const rebuilt = await loadRebuilt(kFolder);
  const dense = readDense();
  for (let start = 0; start < texts.length; start += kBatch) {
    const batch = ids.slice(start, start + kBatch);
    const expected = await original(batch);
    const { embeddings } = await rebuilt(batch);
    for (const [row, tokens] of batch.entries()) {
      const text = texts[start + row];
      const alone = await rebuilt([tokens]);
      const own = tokenize(text);
      const length = Math.max(own.length, tokens.length);
      const differing = Array.from({ length }).filter((_, at) => own[at] !== tokens[at]);
      measures.ids.add(differing.length, text);
      measures.cosine.add(cosine(embeddings[row], expected[row]), text);
      measures.difference.add(maxDifference(embeddings[row], expected[row]), text);
      measures.padding.add(maxDifference(embeddings[row], alone.embeddings[0]), text);
      const pooled = dense(meanOf(alone.hidden, tokens.length));
      measures.dense.add(maxDifference(pooled, alone.embeddings[0]), text);
    }
    console.log(`${Math.min(start + kBatch, texts.length)} of ${texts.length} texts`);
  }
  await checkEdges(rebuilt, source);
  for (const measure of Object.values(measures)) console.log(String(measure));
  if (!Object.values(measures).every(({ passed }) => passed)) process.exitCode = 1;
}

await main();
