/** The rebuilt model, run by this library's addon, and its tokenizer, run by Hugging Face's Rust crate. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** @param {string} folder @returns {(texts: string[]) => Promise<number[][]>} ids without padding */
export function loadCrate(folder) {
  const { Tokenizer } = require('@anush008/tokenizers');
  const tokenizer = Tokenizer.fromFile(join(folder, 'tokenizer.json'));
  return (texts) =>
    Promise.all(
      texts.map(async (text) => Array.from((await tokenizer.encode(text)).getIds(), Number)),
    );
}

/** @param {string} folder @returns {Promise<(text: string) => number[]>} ids by our own tokenizer */
export async function loadTokenizer(folder) {
  const { Tokenizer } = await import('../../../dist/esm/node.js');
  const tokenizer = await Tokenizer.from(join(folder, 'tokenizer.json'));
  return (text) => [...tokenizer.encode(text).ids];
}

/**
 * @typedef {{ embeddings: Float32Array[], hidden: Float32Array, length: number }} Outputs
 * @param {string} folder
 * @returns {Promise<(batch: number[][]) => Promise<Outputs>>} rows are padded to the longest
 */
export async function loadRebuilt(folder) {
  // Imported here, since check.mjs builds it first.
  const { InferenceSession, Tensor } = await import('../../../dist/esm/node.js');
  const session = await InferenceSession.create(join(folder, 'onnx', 'model.onnx'));
  return async (batch) => {
    const length = Math.max(...batch.map((ids) => ids.length));
    /** @param {(ids: number[], column: number) => number} value */
    const feed = (value) => {
      const data = batch.flatMap((ids) =>
        Array.from({ length }, (_, at) => BigInt(value(ids, at))),
      );
      return new Tensor('int64', BigInt64Array.from(data), [batch.length, length]);
    };
    const outputs = await session.run({
      input_ids: feed((ids, at) => ids[at] ?? 0),
      attention_mask: feed((ids, at) => (at < ids.length ? 1 : 0)),
    });
    const data = /** @type {Float32Array} */ (outputs.sentence_embedding.data);
    const width = data.length / batch.length;
    const embeddings = batch.map((_, row) => data.slice(row * width, (row + 1) * width));
    return {
      embeddings,
      hidden: /** @type {Float32Array} */ (outputs.last_hidden_state.data),
      length,
    };
  };
}
