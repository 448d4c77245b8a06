import { Tokenizer } from '../../dist/esm/node.js';

export async function open({ file }) {
  (await Tokenizer.from({ vocab: '[PAD]\n[UNK]\n[CLS]\n[SEP]' })).dispose();
  return {
    async load() {
      const tokenizer = await Tokenizer.from(file);
      return (text) => tokenizer.encode(text).ids;
    },
  };
}
