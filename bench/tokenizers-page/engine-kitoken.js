import init, { Kitoken } from 'kitoken/web';
import wasm from '../node_modules/kitoken/dist/web_bg.wasm';

export async function open(file) {
  await init(wasm);
  const tokenizer = Kitoken.from_tokenizers(new Uint8Array(file));
  return {
    encodeBatch(texts) {
      const lists = tokenizer.encode_all(texts, false);
      return { count: lists.length, list: (i) => lists[i] };
    },
  };
}
