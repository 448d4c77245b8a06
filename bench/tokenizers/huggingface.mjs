import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

export async function open({ file }) {
  const tokenizer = new Tokenizer(JSON.parse(readFileSync(file, 'utf8')), {});
  return {
    coldOnly: true,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
  };
}
