/**
 * Builds the default model's generated files in this folder, which is the npm package
 * `@infercore/default-model`. Does nothing when they are there and match SHA256SUMS.
 *
 *     node models/default-model/build.mjs            # build and check against SHA256SUMS
 *     node models/default-model/build.mjs --update   # build and write SHA256SUMS anew
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256, sha256OfFile, writeOutput } from '../lib/output.mjs';
import { encodeSafetensors } from '../lib/safetensors.mjs';
import { transpose } from '../lib/tensor.mjs';
import { buildEncoder } from './encoder.mjs';
import { kSource, readSource } from './source.mjs';
import { buildTokenizer } from './tokenizer.mjs';
import { headWeights } from './weights.mjs';

const kFolder = fileURLToPath(new URL('.', import.meta.url));
const kSums = join(kFolder, 'SHA256SUMS');

/** @returns {Map<string, string>} path to expected sha256 */
function readSums() {
  if (!existsSync(kSums)) return new Map();
  const lines = readFileSync(kSums, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => /** @type {[string, string]} */ (line.split('  ').reverse())));
}

/** @param {import('./source.mjs').Source} source @returns {Map<string, Uint8Array>} by path */
function makeFiles(source) {
  const head = headWeights(source);
  const dense = { 'linear.weight': transpose(head.weight), 'linear.bias': head.bias };
  const graph = buildEncoder(source);
  const tokenizer = `${JSON.stringify(buildTokenizer(source.vocabulary), null, 1)}\n`;
  console.log(`graph: ${graph.nodeCount} nodes; vocabulary: ${source.vocabulary.length} pieces`);
  return new Map([
    ['LICENSE', source.license],
    ['tokenizer.json', Buffer.from(tokenizer)],
    ['onnx/model.onnx', graph.toModel({ source: `${kSource.name}@${kSource.version}` })],
    ['2_Dense/model.safetensors', encodeSafetensors(dense)],
  ]);
}

async function main() {
  const update = process.argv.includes('--update');
  const expected = readSums();
  const current = [...expected].every(([path, sum]) => sha256OfFile(join(kFolder, path)) === sum);
  if (expected.size > 0 && current && !update) {
    console.log('default model: up to date');
    return;
  }
  const started = performance.now();
  console.log(`default model: building from ${kSource.name} ${kSource.version}`);
  const files = makeFiles(await readSource());
  let differing = 0;
  for (const [path, bytes] of files) {
    const sum = sha256(bytes);
    const verdict = update || expected.get(path) === sum ? '' : '  DIFFERS from SHA256SUMS';
    if (verdict) differing++;
    else writeOutput(join(kFolder, path), bytes);
    console.log(`${sum}  ${path}  ${bytes.length} bytes${verdict}`);
  }
  if (update) {
    const lines = [...files].map(([path, bytes]) => `${sha256(bytes)}  ${path}`);
    writeOutput(kSums, `${lines.join('\n')}\n`);
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (differing > 0) {
    console.error(`${differing} files differ: run with --update if the change is intended`);
    process.exitCode = 1;
  }
}

await main();
