/** The original model, run by TensorFlow.js on its WebAssembly backend. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * @param {import('../source.mjs').Source} source
 * @returns {Promise<(batch: number[][]) => Promise<Float32Array[]>>} token ids of each text (at
 *   least one) to its embedding
 */
export async function loadOriginal({ topology, file }) {
  const tf = require('@tensorflow/tfjs-core');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  const { loadGraphModel } = require('@tensorflow/tfjs-converter');
  wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');

  const [{ paths, weights }] = topology.weightsManifest;
  const data = Buffer.concat(paths.map((path) => file(`dist/${path}`)));

  const model = await loadGraphModel({
    load: async () => ({
      modelTopology: topology.modelTopology,
      weightSpecs: weights,
      weightData: new Uint8Array(data).buffer,
    }),
  });

  return async (batch) => {
    const cells = batch.flatMap((ids, row) => ids.map((_, column) => [row, column]));
    const indices = tf.tensor2d(cells, [cells.length, 2], 'int32');
    const values = tf.tensor1d(batch.flat(), 'int32');
    const result = /** @type {import('@tensorflow/tfjs-core').Tensor2D} */ (
      await model.executeAsync({ indices, values })
    );
    const rows = await result.array();
    tf.dispose([indices, values, result]);
    return rows.map((row) => Float32Array.from(row));
  };
}
