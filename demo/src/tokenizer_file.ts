/** A tokenizer.json with what the pages show of it beside the library's words. */
import { Tokenizer } from 'infercore/tokenizer';
import { MODEL } from './site.js';

export interface ReadTokenizer {
  readonly tokenizer: Tokenizer;
  /** The token for what has no other, where there is one. */
  readonly unknown: string | undefined;
  readonly unknownId: number | undefined;
}

export async function readTokenizer(file: Uint8Array): Promise<ReadTokenizer> {
  const tokenizer = await Tokenizer.from(file);
  const unknown = unknownOf(file);
  const unknownId = unknown === undefined ? undefined : tokenizer.tokenToId(unknown);
  return { tokenizer, unknown, unknownId };
}

/** The default model's tokenizer.json. */
export async function standardFile(): Promise<Uint8Array> {
  const response = await fetch(`${MODEL}/tokenizer.json`);
  if (!response.ok) throw new Error(`the site lacks its tokenizer (status ${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

/** What the file calls its unknown token: the library does not tell. */
function unknownOf(file: Uint8Array): string | undefined {
  const { model } = JSON.parse(new TextDecoder().decode(file)) as {
    model?: { unk_token?: string | null; unk_id?: number | null; vocab?: unknown };
  };
  if (typeof model?.unk_token === 'string') return model.unk_token;
  const { unk_id: id, vocab } = model ?? {};
  if (typeof id !== 'number' || !Array.isArray(vocab)) return undefined;
  const entry: unknown = vocab[id];
  return Array.isArray(entry) && typeof entry[0] === 'string' ? entry[0] : undefined;
}
