import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function open({ file }) {
  const { Tokenizer } = require('@anush008/tokenizers');
  const tokenizer = Tokenizer.fromFile(file);
  return {
    async encodeBatch(texts) {
      return (await tokenizer.encodeBatch(texts)).map((encoding) => encoding.getIds());
    },
    async encodeEach(texts) {
      const ids = [];
      for (const text of texts) ids.push((await tokenizer.encode(text)).getIds());
      return ids;
    },
  };
}
