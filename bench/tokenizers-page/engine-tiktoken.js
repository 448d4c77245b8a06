import { Tiktoken, init } from 'tiktoken/lite/init';
import wasm from 'tiktoken/lite/tiktoken_bg.wasm';
import o200k from 'tiktoken/encoders/o200k_base.json';

export async function open() {
  await init((imports) => WebAssembly.instantiate(wasm, imports));
  const encoding = new Tiktoken(o200k.bpe_ranks, o200k.special_tokens, o200k.pat_str);
  return { encode: (text) => encoding.encode_ordinary(text) };
}
