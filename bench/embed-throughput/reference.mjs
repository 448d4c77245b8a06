/** What right vectors are: each text alone, tokens from the Rust crate, the mean written out. Slow, and never timed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { meanOfRows } from '../lib/vectors.mjs';

const require = createRequire(import.meta.url);

export async function open({ folder }) {
  const { Tokenizer } = require('@anush008/tokenizers');
  const tokenizer = Tokenizer.fromFile(join(folder, 'tokenizer.json'));
  tokenizer.disablePadding();
  const session = await InferenceSession.create(join(folder, 'onnx', 'model.onnx'));

  async function vectorOf(text) {
    const ids = BigInt64Array.from((await tokenizer.encode(text)).getIds(), BigInt);
    const { last_hidden_state: hidden } = await session.run({
      input_ids: new Tensor('int64', ids, [1, ids.length]),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
    });
    return meanOfRows(hidden.data, hidden.dims[2]);
  }

  return {
    async embed(texts) {
      const vectors = [];
      for (const text of texts) vectors.push(await vectorOf(text));
      const [{ length: width }] = vectors;
      const all = new Float32Array(vectors.length * width);
      vectors.forEach((vector, i) => all.set(vector, i * width));
      return all;
    },
  };
}
