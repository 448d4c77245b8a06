import Tokenizer from 'ai-tokenizer';
import * as o200k from 'ai-tokenizer/encoding/o200k_base';

export async function open() {
  const tokenizer = new Tokenizer(o200k);
  return { coldOnly: true, encode: (text) => tokenizer.encode(text) };
}
