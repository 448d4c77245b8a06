import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function open() {
  const encoding = require('tiktoken').get_encoding('o200k_base');
  return { coldOnly: true, encode: (text) => encoding.encode_ordinary(text) };
}
