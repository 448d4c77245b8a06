import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function open({ file }) {
  const { Tokenizer } = require('@anush008/tokenizers');
  const tokenizer = Tokenizer.fromFile(file);
  const options = { addSpecialTokens: false };
  return {
    async encodeBatch(texts) {
      const encodings = await tokenizer.encodeBatch(texts, options);
      return encodings.map((encoding) => encoding.getIds());
    },
    encode: async (text) => (await tokenizer.encode(text, null, options)).getIds(),
  };
}
