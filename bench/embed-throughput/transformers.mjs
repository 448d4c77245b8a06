/** Reads the default model's own folder; nothing comes from the network. */
import { basename, dirname } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';

export async function open({ folder }, { list, sort = false }) {
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  const extract = await pipeline('feature-extraction', basename(folder), { dtype: 'fp32' });

  /** The vectors of some texts, by their index in the whole list. */
  async function embedSome(texts, indices, all) {
    const some = await extract(
      indices.map((i) => texts[i]),
      { pooling: 'mean' },
    );
    const [rows, width] = some.dims;
    const vectors = all ?? new Float32Array(texts.length * width);
    for (let row = 0; row < rows; row++) {
      vectors.set(some.data.subarray(row * width, (row + 1) * width), indices[row] * width);
    }
    some.dispose();
    return vectors;
  }

  return {
    async embed(texts) {
      const order = texts.map((_, i) => i);
      if (sort) order.sort((a, b) => texts[a].length - texts[b].length);
      let vectors;
      for (let from = 0; from < order.length; from += list) {
        vectors = await embedSome(texts, order.slice(from, from + list), vectors);
      }
      return vectors;
    },
  };
}
