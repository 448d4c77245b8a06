import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

export const open = async ({ file }) => ({
  async load() {
    const tokenizer = new Tokenizer(JSON.parse(readFileSync(file, 'utf8')), {});
    return (text) => tokenizer.encode(text).ids;
  },
});
