import type { NativeBinding, TokenizerHandle } from './binding.js';
import { AddedToken, type AddedTokenConfig } from './compat_added_token.js';
import { coreNow } from './core.js';
import { describe } from './describe.js';
import { InferError, unwrap, type Outcome } from './error.js';
import { failureOf, Faults } from './fault.js';
import { checkOptions, flag, isObject, text as aText, type Check } from './option.js';
import { WarningList } from './report.js';
import { Tokenizer as Own } from './tokenizer.js';
import { readTokenizerConfig } from './tokenizer_config.js';

type Json = Readonly<Record<string, unknown>>;

/** What `encode` of @huggingface/tokenizers gives. */
export interface Encoding {
  ids: number[];
  tokens: string[];
  attention_mask: number[];
  token_type_ids?: number[];
}
export interface EncodeOptions {
  text_pair?: string | null;
  add_special_tokens?: boolean;
  return_token_type_ids?: boolean | null;
}
export interface TokenizeOptions {
  text_pair?: string | null;
  add_special_tokens?: boolean;
}
export interface DecodeOptions {
  skip_special_tokens?: boolean;
  clean_up_tokenization_spaces?: boolean | null;
}

/** A tokenizer that was read already, with the bytes of its tokenizer.json. */
export class Loaded {
  constructor(
    readonly own: Own,
    readonly bytes: Uint8Array,
  ) {}
}

/** null counts as left out. */
export function orNull(check: Check): Check {
  return {
    expected: `${check.expected}, or null`,
    test: (value) => value === null || check.test(value),
  };
}
const CHECKS: Readonly<Record<string, Check>> = {
  text_pair: orNull(aText),
  add_special_tokens: orNull(flag),
  return_token_type_ids: orNull(flag),
  skip_special_tokens: orNull(flag),
  clean_up_tokenization_spaces: orNull(flag),
};
/** What a tokenizer.json has at its top. */
const STAGES = ['model', 'decoder', 'post_processor', 'pre_tokenizer', 'normalizer'];
/** Added tokens stand before, a megabyte of them at most in real files. */
const HEAD = 2 ** 21;
/** Spaces that tokenization of English makes, and what they were before. */
const CLEANED: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/**
 * The class of @huggingface/tokenizers: the same calls, the answers of the Rust library. docs/drop-in.md says what differs.
 *
 * It is made without waiting, so the core must be there: `infercore/compat` waits for it when it is imported.
 */
export class Tokenizer {
  readonly #own: Own;
  readonly #config: Json;
  readonly #clean: boolean;
  /** The parsed tokenizer.json, or its bytes until somebody asks for what only it has. */
  #json: Json | Uint8Array;
  #added: readonly AddedToken[] | undefined;
  #suffix: string | undefined;

  /**
   * @param tokenizer tokenizer.json, parsed
   * @param config tokenizer_config.json, parsed
   * @throws InferError INVALID_INPUT for what are no objects, NOT_A_TOKENIZER, UNSUPPORTED_COMPONENT, LIMIT_EXCEEDED
   */
  constructor(tokenizer: object, config: object) {
    const loaded = tokenizer instanceof Loaded ? tokenizer : undefined;
    if (!loaded) expectJson(tokenizer, config);
    this.#config = config as Json;
    this.#json = loaded?.bytes ?? (tokenizer as Json);
    this.#own = loaded?.own ?? ownTokenizer(tokenizer, this.#config);
    this.#clean = this.#config['clean_up_tokenization_spaces'] !== false;
  }

  /** This library's tokenizer, with all that it can beside. */
  get own(): Own {
    return this.#own;
  }

  /** @internal tokenizer.json, parsed. */
  get json(): Json {
    if (ArrayBuffer.isView(this.#json)) {
      this.#json = JSON.parse(new TextDecoder().decode(this.#json)) as Json;
    }
    return this.#json;
  }

  encode(
    text: string,
    options: EncodeOptions & { return_token_type_ids: true },
  ): Encoding & { token_type_ids: number[] };
  encode(text: string, options?: EncodeOptions): Encoding;
  encode(text: string, options: EncodeOptions = {}): Encoding {
    const encoding = this.#encode(text, options, options?.add_special_tokens ?? true);
    return {
      ids: Array.from(encoding.ids),
      tokens: [...encoding.tokens],
      attention_mask: new Array<number>(encoding.length).fill(1),
      ...(options?.return_token_type_ids && { token_type_ids: Array.from(encoding.typeIds) }),
    };
  }

  tokenize(text: string, options: TokenizeOptions = {}): string[] {
    return [...this.#encode(text, options, options?.add_special_tokens ?? false).tokens];
  }

  #encode(text: string, options: EncodeOptions, addSpecialTokens: boolean) {
    checkOptions('options', options ?? {}, CHECKS, () => undefined);
    // An empty pair is none there.
    const pair = options?.text_pair || null;
    return this.#own.encode(text, { pair, addSpecialTokens, truncation: false, padding: false });
  }

  /** @throws InferError INVALID_INPUT for what is no list of ids, or an empty one */
  decode(token_ids: readonly number[] | readonly bigint[], options: DecodeOptions = {}): string {
    checkOptions('options', options ?? {}, CHECKS, () => undefined);
    if (!Array.isArray(token_ids) || token_ids.length === 0) {
      throw new InferError({
        code: 'INVALID_INPUT',
        message: `expected a non-empty array of ids for token_ids, received ${describe(token_ids)}`,
      });
    }
    const skipSpecialTokens = options?.skip_special_tokens ?? false;
    const text = this.#own.decode(token_ids as readonly number[], { skipSpecialTokens });
    const decoded = this.#withoutSuffix(text, skipSpecialTokens);
    return (options?.clean_up_tokenization_spaces ?? this.#clean) ? cleanUp(decoded) : decoded;
  }

  /** CLIP's words end with a mark, which its decoder leaves. */
  #withoutSuffix(text: string, trimmed: boolean): string {
    this.#suffix ??= this.#mayHaveSuffix() ? wordSuffix(this.json) : '';
    if (this.#suffix === '') return text;
    const spaced = text.replaceAll(this.#suffix, ' ');
    return trimmed ? spaced.trim() : spaced;
  }

  /** Looked up in the beginning of the bytes, where it stands before the vocabulary: parsing all of them takes long. */
  #mayHaveSuffix(): boolean {
    if (!ArrayBuffer.isView(this.#json)) return true;
    const head = new TextDecoder('latin1').decode(this.#json.subarray(0, HEAD));
    return /"end_of_word_suffix"\s*:\s*"[^"]/.test(head);
  }

  token_to_id(token: string): number | undefined {
    return typeof token === 'string' ? this.#own.tokenToId(token) : undefined;
  }

  id_to_token(id: number): string | undefined {
    return this.#own.idToToken(id);
  }

  get_added_tokens_decoder(): Map<number, AddedToken> {
    this.#added ??= addedTokens(this.json, this.#own);
    return new Map(this.#added.map((token) => [token.id, token]));
  }

  /** Tokens with their ids, in the order of these. */
  get_vocab(with_added_tokens = true): Map<string, number> {
    const added = this.get_added_tokens_decoder();
    const byId = new Map(modelVocabulary(this.json));
    for (const [id, { content }] of added) byId.set(id, content);
    const contents = new Set([...added.values()].map(({ content }) => content));
    const entries = [...byId]
      .filter(([, token]) => with_added_tokens || !contents.has(token))
      .sort(([a], [b]) => a - b);
    return new Map(entries.map(([id, token]) => [token, id]));
  }

  // Stages are not objects here: the core has them inside. Programs that read them shall not read undefined.
  get normalizer(): never {
    throw noStage('normalizer');
  }
  get pre_tokenizer(): never {
    throw noStage('pre_tokenizer');
  }
  get model(): never {
    throw noStage('model');
  }
  get post_processor(): never {
    throw noStage('post_processor');
  }
  get decoder(): never {
    throw noStage('decoder');
  }

  /** Gives the tables' memory back at once; without it, that happens when nobody has the tokenizer any more. */
  dispose(): void {
    this.#own.dispose();
  }
}

function expectJson(tokenizer: unknown, config: unknown): void {
  const faults = new Faults('INVALID_INPUT');
  const expect = (name: string, file: string, value: unknown) => {
    const message = `expected ${file}, parsed, for ${name}, received ${describe(value)}`;
    if (!isObject(value)) faults.add(name, message);
  };
  expect('tokenizer', 'tokenizer.json', tokenizer);
  expect('config', 'tokenizer_config.json', config);
  const missing = isObject(tokenizer) ? STAGES.filter((name) => !(name in tokenizer)) : [];
  for (const name of missing) {
    faults.add(`tokenizer.${name}`, `expected ${name} in tokenizer, as tokenizer.json has it`);
  }
  if (faults.list.length === 0) return;
  throw new InferError(failureOf("the tokenizer can't be made", faults.list));
}

function ownTokenizer(tokenizer: object, config: Json): Own {
  const bytes = new TextEncoder().encode(JSON.stringify(tokenizer));
  const own = Own.of(handleNow(bytes), readTokenizerConfig({ config }));
  const warnings = new WarningList('warn', undefined);
  for (const warning of own.info.warnings) warnings.add(warning);
  return own;
}

/** The addon has it as a call of its own; the WebAssembly module never waits. */
function handleNow(json: Uint8Array): TokenizerHandle {
  const binding = coreNow();
  const made =
    'loadTokenizerSync' in binding
      ? (binding as NativeBinding).loadTokenizerSync(json)
      : (binding.loadTokenizer(json, undefined) as Outcome<TokenizerHandle>);
  return unwrap(made);
}

function noStage(name: string): InferError {
  return new InferError({
    code: 'NOT_SUPPORTED',
    message: `${name} is no object here: the core has it inside`,
    hint: 'take encode, tokenize and decode, or read the tokenizer.json itself',
  });
}

/** In the file's order, with the ids that they really have. */
function addedTokens(json: Json, own: Own): AddedToken[] {
  const listed = Array.isArray(json['added_tokens']) ? json['added_tokens'] : [];
  return (listed as AddedTokenConfig[]).map(
    (token) => new AddedToken({ ...token, id: own.tokenToId(token.content) ?? token.id }),
  );
}

function modelVocabulary(json: Json): [id: number, token: string][] {
  const { vocab } = (json['model'] ?? {}) as { vocab?: unknown };
  if (Array.isArray(vocab)) {
    return (vocab as (readonly [string, number])[]).map(([token], id) => [id, token]);
  }
  return Object.entries((vocab ?? {}) as Record<string, number>).map(([token, id]) => [id, token]);
}

/** '' where words have none, or where nothing decodes. */
function wordSuffix(json: Json): string {
  const { end_of_word_suffix: suffix } = (json['model'] ?? {}) as { end_of_word_suffix?: unknown };
  return typeof suffix === 'string' && isObject(json['decoder']) ? suffix : '';
}

function cleanUp(text: string): string {
  return CLEANED.reduce((cleaned, [from, to]) => cleaned.replaceAll(from, to), text);
}
