import { Tokenizer, env } from 'infercore';

export async function open(file) {
  env.core.numThreads = 1;
  const tokenizer = await Tokenizer.from(new Uint8Array(file));
  return {
    encodeBatch(texts) {
      const { ids, rows } = tokenizer.encodeBatch(texts, { addSpecialTokens: false });
      return { count: texts.length, list: (i) => ids.subarray(rows[i], rows[i + 1]) };
    },
  };
}
