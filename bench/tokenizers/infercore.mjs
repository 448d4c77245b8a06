import { Tokenizer, env } from '../../dist/esm/node.js';

export async function open({ file }, { numThreads = 1 }) {
  env.core.numThreads = numThreads;
  const tokenizer = await Tokenizer.from(file);
  const options = { addSpecialTokens: false };
  return {
    /** All ids in one array, and where each text's begin. */
    encodeBatch(texts) {
      const { ids, rows } = tokenizer.encodeBatch(texts, options);
      return { ids, rows };
    },
    encode: (text) => tokenizer.encode(text, options).ids,
  };
}
