import { Tokenizer } from '../../dist/esm/node.js';

export async function open({ file }) {
  const tokenizer = await Tokenizer.from(file);
  return {
    encodeBatch(texts) {
      const { ids, rows } = tokenizer.encodeBatch(texts);
      return texts.map((_, i) => ids.subarray(rows[i], rows[i + 1]));
    },
    encodeEach: (texts) => texts.map((text) => tokenizer.encode(text).ids),
  };
}
