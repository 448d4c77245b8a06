/** The default model's tokenizer.json. */
import { MODEL } from './site.js';

export async function standardFile(): Promise<Uint8Array> {
  const response = await fetch(`${MODEL}/tokenizer.json`);
  if (!response.ok) throw new Error(`the site lacks its tokenizer (status ${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}
