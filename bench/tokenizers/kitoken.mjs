import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);

export async function open({ file }) {
  const { Kitoken } = require('kitoken/node');
  const tokenizer = Kitoken.from_tokenizers(readFileSync(file));
  return {
    coldOnly: true,
    encodeBatch: (texts) => tokenizer.encode_all(texts, false),
    encode: (text) => tokenizer.encode(text, false),
  };
}
