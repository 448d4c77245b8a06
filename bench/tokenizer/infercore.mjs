import { Tokenizer } from '../../dist/esm/node.js';

export async function open({ file }) {
  const tokenizer = await Tokenizer.from(file);
  return {
    /** All ids in one array, and where each text's begin. */
    encodeBatch(texts) {
      const { ids, rows } = tokenizer.encodeBatch(texts);
      return { ids, rows };
    },
    encodeEach: (texts) => texts.map((text) => tokenizer.encode(text).ids),
  };
}
