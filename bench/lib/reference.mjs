/** What right vectors of the default model are. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './context.mjs';
import { defaultModel, results } from './paths.mjs';
import { inWorker } from './processes.mjs';

/**
 * From a third party, and made once: each text alone through onnxruntime-node, with the Rust crate's tokens.
 *
 * @param {readonly string[]} texts
 * @returns {Promise<Float32Array>} row after row
 */
export async function referenceVectors(texts) {
  const hash = createHash('sha256').update(sha256(join(defaultModel, 'onnx', 'model.onnx')));
  for (const text of texts) hash.update(`${text}\0`);
  const file = join(results, 'embed-throughput', `${hash.digest('hex').slice(0, 16)}.f32`);
  if (!existsSync(file)) {
    mkdirSync(join(results, 'embed-throughput'), { recursive: true });
    const task = { folder: defaultModel, texts };
    const vectors = await inWorker({
      scenario: 'embed-throughput',
      engine: 'reference',
      task,
      act: 'check',
    });
    writeFileSync(file, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  }
  return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
}
