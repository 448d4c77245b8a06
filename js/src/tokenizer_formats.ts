/**
 * What a .model of SentencePiece and a .tiktoken file leave open, said by a tokenizer_config.json: as the core's
 * Tokenizer::from_file reads it.
 */
import { describe } from './describe.js';
import { InferError } from './error.js';
import { isObject } from './option.js';

type Json = Readonly<Record<string, unknown>>;

/** What the bytes of compile() begin with, as Latin-1. */
const COMPILED = '\x89IFC';

/** For parts: is this no vocab.txt or vocab.json? The core tells the formats themselves apart. */
export function formatOf(file: string | Uint8Array): 'model' | 'tiktoken' | undefined {
  const head = typeof file === 'string' ? file.slice(0, 4096) : latin1(file.subarray(0, 4096));
  if (head.startsWith(COMPILED)) return undefined;
  if (/^\s*[A-Za-z0-9+/]+={0,2} \d+\r?(\n|$)/.test(head)) return 'tiktoken';
  // Texts have no such characters, and lengths of messages are such.
  return /[^\t\n\r -\uffff]/.test(head.slice(0, 256)) ? 'model' : undefined;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Which tokens transformers puts around texts for a .model; other classes give its pieces other ids. */
const AROUND: readonly (readonly [RegExp, { bos: boolean; eos: boolean; fixed?: true }])[] = [
  [/^(Llama|CodeLlama|Gemma)Tokenizer(Fast)?$/, { bos: true, eos: false }],
  [/^T5Tokenizer(Fast)?$/, { bos: false, eos: true, fixed: true }],
];

/** @throws InferError UNSUPPORTED_COMPONENT for a tokenizer_class that reads a .model in another way */
export function formatConfig(format: 'model' | 'tiktoken', config: Json): string {
  const { bos, eos, fixed } = format === 'model' ? aroundOf(config) : { bos: false, eos: false };
  const around = (name: string, otherwise: boolean) => {
    const said = config[`add_${name}_token`];
    const adds = typeof said === 'boolean' && !fixed ? said : otherwise;
    return adds ? (named(config[`${name}_token`]) ?? true) : null;
  };
  const added_tokens = addedTokens(config);
  return JSON.stringify({
    bos: around('bos', bos),
    eos: around('eos', eos),
    first: config['legacy'] === false,
    pat_str: config['pat_str'],
    ...(added_tokens.length > 0 || config['special_tokens'] ? { added_tokens } : {}),
  });
}

function aroundOf(config: Json): { bos: boolean; eos: boolean; fixed?: true } {
  const name = config['tokenizer_class'];
  if (name == null) return { bos: false, eos: false };
  const known = typeof name === 'string' && AROUND.find(([pattern]) => pattern.test(name));
  if (known) return known[1];
  throw new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message: `expected a tokenizer_class of Llama, Gemma or T5 in config for a .model, received ${describe(name)}`,
    hint: 'others give the pieces other ids: give the tokenizer.json of the model',
  });
}

/** A token's name, which the configuration may give as an object. */
function named(said: unknown): unknown {
  return (isObject(said) ? said['content'] : said) ?? undefined;
}

/** As in a tokenizer.json, in the order of their ids. */
function addedTokens(config: Json): object[] {
  const byId = isObject(config['added_tokens_decoder']) ? config['added_tokens_decoder'] : {};
  const special = isObject(config['special_tokens']) ? config['special_tokens'] : {};
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return [
    ...Object.entries(byId).map(([id, token]) => ({
      ...flags,
      special: false,
      ...(isObject(token) ? token : {}),
      id: Number(id),
    })),
    ...Object.entries(special).map(([content, id]) => ({ ...flags, special: true, content, id })),
  ].sort((a, b) => Number(a.id) - Number(b.id));
}
