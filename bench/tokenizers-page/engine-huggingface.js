import { Tokenizer } from '@huggingface/tokenizers';

export async function open(file) {
  const tokenizer = new Tokenizer(JSON.parse(new TextDecoder().decode(file)), {});
  return { encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids };
}
