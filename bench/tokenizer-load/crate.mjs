import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function open({ file }) {
  const { Tokenizer } = require('@anush008/tokenizers');
  return {
    async load() {
      const tokenizer = Tokenizer.fromFile(file);
      return async (text) => (await tokenizer.encode(text)).getIds();
    },
  };
}
