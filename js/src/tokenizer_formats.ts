/**
 * What a .model of SentencePiece and a .tiktoken file leave open, said by a tokenizer_config.json: as the core's
 * Tokenizer::from_bytes reads it.
 */
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { Json } from './folder_file.js';
import { isObject } from './option.js';
import type { SpecialTokens } from './tokenizer_config.js';

/** What the bytes of compile() begin with, as Latin-1. */
const COMPILED = '\x89IFC';

/** For parts: is this no vocab.txt or vocab.json? The core tells the formats themselves apart. */
export function formatOf(file: string | Uint8Array): 'model' | 'tiktoken' | undefined {
  const head = typeof file === 'string' ? file.slice(0, 4096) : latin1(file.subarray(0, 4096));
  if (isCompiled(file)) return undefined;
  if (/^\s*[A-Za-z0-9+/]+={0,2} \d+\r?(\n|$)/.test(head)) return 'tiktoken';
  // Texts have no such characters, and lengths of messages are such.
  return /[^\t\n\r -\uffff]/.test(head.slice(0, 256)) ? 'model' : undefined;
}

/** Is it what compile() made? */
export function isCompiled(file: string | Uint8Array): boolean {
  return typeof file !== 'string' && latin1(file.subarray(0, COMPILED.length)) === COMPILED;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Which tokens transformers puts around texts for a .model; other classes give its pieces other ids. */
const AROUND: readonly (readonly [RegExp, { bos: boolean; eos: boolean; fixed?: true }])[] = [
  [/^(Llama|CodeLlama|Gemma)Tokenizer(Fast)?$/, { bos: true, eos: false }],
  [/^T5Tokenizer(Fast)?$/, { bos: false, eos: true, fixed: true }],
];

/** The tokens that T5's pieces are followed by, where its configuration counts none. */
const EXTRA_IDS = 100;

/** @throws InferError UNSUPPORTED_COMPONENT for a tokenizer_class that reads a .model in another way */
export function formatConfig(
  format: 'model' | 'tiktoken',
  config: Json,
  special: SpecialTokens,
): string {
  const { bos, eos, fixed } = format === 'model' ? aroundOf(config) : NOTHING;
  const around = (name: 'bos' | 'eos', otherwise: boolean) => {
    const said = config[`add_${name}_token`];
    const adds = typeof said === 'boolean' && !fixed ? said : otherwise;
    return adds ? (special[`${name}Token`] ?? true) : null;
  };
  const listed = listedTokens(config);
  const added_tokens = listed ?? (format === 'model' ? namedTokens(config, special) : undefined);
  return JSON.stringify({
    bos: around('bos', bos),
    eos: around('eos', eos),
    first: config['legacy'] === false,
    pat_str: config['pat_str'],
    added_tokens,
  });
}

const NOTHING: (typeof AROUND)[number][1] = { bos: false, eos: false };

/** undefined where nothing says it. Configurations of T5 that name no class count its extra ids. */
function classOf(config: Json): unknown {
  const counts = typeof config['extra_ids'] === 'number';
  return config['tokenizer_class'] ?? (counts ? 'T5Tokenizer' : undefined);
}

/** @throws InferError UNSUPPORTED_COMPONENT where nothing says which tokens a folder's .model wants around texts */
export function expectClass(config: Json | undefined, name: string): void {
  if (classOf(config ?? {}) !== undefined) return;
  throw new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message: `expected a tokenizer_class in tokenizer_config.json beside ${name}, received none`,
    hint: `give the tokenizer.json of the model; or ${name} itself, to read it as SentencePiece does`,
  });
}

function aroundOf(config: Json): (typeof AROUND)[number][1] {
  const name = classOf(config);
  if (name === undefined) return NOTHING;
  const known = typeof name === 'string' && AROUND.find(([pattern]) => pattern.test(name));
  if (known) return known[1];
  throw new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message: `expected a tokenizer_class of Llama, Gemma or T5 in config for a .model, received ${describe(name)}`,
    hint: 'others give the pieces other ids: give the tokenizer.json of the model',
  });
}

const FLAGS = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Those with ids, as in a tokenizer.json, in the order of their ids; undefined where there is no list of them. */
function listedTokens(config: Json): object[] | undefined {
  const { added_tokens_decoder, special_tokens } = config;
  const byId = isObject(added_tokens_decoder) ? added_tokens_decoder : {};
  const special = isObject(special_tokens) ? special_tokens : {};
  if (Object.keys(byId).length === 0 && !isObject(special_tokens)) return undefined;
  return [
    ...Object.entries(byId).map(([id, token]) => ({
      ...FLAGS,
      special: false,
      ...(isObject(token) ? token : {}),
      id: Number(id),
    })),
    ...Object.entries(special).map(([content, id]) => ({ ...FLAGS, special: true, content, id })),
  ].sort((a, b) => Number(a.id) - Number(b.id));
}

/**
 * Configurations of before there were such lists name tokens alone. As transformers reads them: the pieces keep their ids, and
 * others follow, T5's own first, of which <extra_id_0> is the last.
 */
function namedTokens(config: Json, special: SpecialTokens): object[] | undefined {
  const names: string[] = [];
  const name = classOf(config);
  if (typeof name === 'string') {
    if (name.startsWith('T5')) {
      const count = typeof config['extra_ids'] === 'number' ? config['extra_ids'] : EXTRA_IDS;
      for (let i = count; i-- > 0;) names.push(`<extra_id_${String(i)}>`);
    }
    for (const token of Object.values(special) as unknown[]) {
      if (typeof token === 'string') names.push(token);
    }
  }
  names.push(...special.additional);
  const said = [...new Set(names)].filter((token) => token !== '');
  if (said.length === 0) return undefined;
  const flags = flagsByName(config);
  return said.map((content) => ({ ...FLAGS, ...flags.get(content), special: true, content }));
}

/** Of tokens that are given as objects. (Not `normalized`: there they are looked for in texts as they came.) */
function flagsByName(config: Json): Map<unknown, object> {
  const tokens = Object.values(config).flat().filter(isObject);
  return new Map(
    tokens.map(({ content, single_word, lstrip, rstrip }) => [
      content,
      { single_word: single_word === true, lstrip: lstrip === true, rstrip: rstrip === true },
    ]),
  );
}
