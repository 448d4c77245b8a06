import type { ChatMessage } from './chat.js';
import { chosenTemplate, renderChat } from './chat_template.js';
import { int64Tensor, Tensor, type Nested } from './compat_tensor.js';
import {
  Loaded,
  orNull,
  Tokenizer,
  type DecodeOptions,
  type EncodeOptions,
} from './compat_tokenizer.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { filesAt } from './model_files.js';
import { checkOptions, flag, oneOf, whole, type Check } from './option.js';
import { expectTexts } from './texts.js';
import { Tokenizer as Own } from './tokenizer.js';
import { readTokenizerConfig, type TokenizerConfig } from './tokenizer_config.js';
import { readTokenizerFolder } from './tokenizer_folder.js';
import { readParts } from './tokenizer_parts.js';

type Json = Readonly<Record<string, unknown>>;
type Text = string | readonly string[];
type Rows<T extends Text> = T extends string ? number[] : number[][];
type Item<T extends Text, R extends boolean> = R extends true ? Tensor : Rows<T>;

/** What `tokenizer(text)` gives: Tensors of int64, or arrays with `return_tensor: false`. */
export interface BatchEncoding<I> {
  input_ids: I;
  attention_mask: I;
  token_type_ids?: I;
}
export interface TokenizerCallOptions<T extends Text = Text, R extends boolean = boolean> {
  text_pair?: (T extends string ? string : readonly string[]) | null;
  /** `true`: to the longest; 'max_length': to `max_length`. Default false. */
  padding?: boolean | 'max_length';
  add_special_tokens?: boolean;
  truncation?: boolean | null;
  /** Default: the model's maximum. */
  max_length?: number | null;
  /** Default true. */
  return_tensor?: R;
  return_token_type_ids?: boolean | null;
}
export interface ApplyChatTemplateOptions<
  T extends boolean = boolean,
  R extends boolean = boolean,
  D extends boolean = boolean,
> {
  chat_template?: string | null;
  tools?: readonly object[] | null;
  documents?: readonly object[] | null;
  add_generation_prompt?: boolean;
  tokenize?: T;
  padding?: boolean;
  truncation?: boolean;
  max_length?: number | null;
  return_tensor?: R;
  return_dict?: D;
  tokenizer_kwargs?: TokenizerCallOptions<string>;
  /** Everything else the template gets. */
  [variable: string]: unknown;
}
export type ApplyChatTemplateReturn<
  T extends boolean,
  R extends boolean,
  D extends boolean,
> = T extends false ? string : D extends false ? Item<string, R> : BatchEncoding<Item<string, R>>;
/** Accepted as transformers.js has it. Nothing is downloaded from a hub or kept, so none of them has an effect. */
export interface PretrainedOptions {
  progress_callback?: unknown;
  config?: unknown;
  cache_dir?: unknown;
  local_files_only?: unknown;
  revision?: unknown;
}

export type PreTrainedTokenizerCallback = <T extends Text, R extends boolean = true>(
  text: T,
  options?: TokenizerCallOptions<T, R>,
) => BatchEncoding<Item<T, R>>;

const CALL_CHECKS: Readonly<Record<string, Check>> = {
  padding: oneOf(true, false, 'max_length'),
  add_special_tokens: orNull(flag),
  truncation: orNull(flag),
  max_length: orNull(whole(1, 2 ** 31 - 1)),
  return_tensor: orNull(flag),
  return_token_type_ids: orNull(flag),
};
/** Classes of models that take token_type_ids: their tokenizers give them unasked. */
const WITH_TYPE_IDS =
  /^(Albert|Bert|ConvBert|Deberta|DebertaV2|Electra|Herbert|MobileBert|RoFormer|SqueezeBert|XLM)Tokenizer(Fast)?$/;
const PADDED_LEFT = /^LlamaTokenizer(Fast)?$/;

/** An object that can be called: a function with the class's members. */
const Callable = function (this: unknown): object {
  const call = (...args: Parameters<PreTrainedTokenizer['_call']>): unknown =>
    (call as unknown as PreTrainedTokenizer)._call(...args);
  return Object.setPrototypeOf(call, new.target.prototype as object) as object;
} as unknown as new () => PreTrainedTokenizerCallback;

/**
 * The class of transformers.js: the same calls, the answers of the Rust library. docs/drop-in.md says what differs.
 *
 * @example
 * const tokens = await AutoTokenizer.from_pretrained('model');
 * const { input_ids, attention_mask } = tokens(['Hello world', 'Bye'], { padding: true, truncation: true });
 * input_ids.dims[0]; // 2
 * tokens.batch_decode(input_ids, { skip_special_tokens: true });
 */
export class PreTrainedTokenizer extends Callable {
  readonly _tokenizer: Tokenizer;
  readonly config: Json;
  return_token_type_ids: boolean;
  padding_side: 'left' | 'right';
  readonly bos_token: string | null;
  readonly bos_token_id: number | undefined;
  readonly eos_token: string | null;
  readonly eos_token_id: number | undefined;
  readonly unk_token: string | null;
  readonly unk_token_id: number | undefined;
  readonly sep_token: string | null;
  readonly sep_token_id: number | undefined;
  /** The end of a text, where there is no other. */
  readonly pad_token: string | null;
  readonly pad_token_id: number | undefined;
  readonly cls_token: string | null;
  readonly cls_token_id: number | undefined;
  readonly mask_token: string | null;
  readonly mask_token_id: number | undefined;
  chat_template: string | Readonly<Record<string, string>> | null;
  readonly #read: TokenizerConfig;
  #special: { ids: number[]; tokens: string[] } | undefined;

  /**
   * @param tokenizerJSON tokenizer.json, parsed
   * @param tokenizerConfig tokenizer_config.json, parsed
   * @throws InferError as Tokenizer's constructor does
   */
  constructor(tokenizerJSON: object, tokenizerConfig: object) {
    super();
    this._tokenizer = new Tokenizer(tokenizerJSON, tokenizerConfig);
    this.config = tokenizerConfig as Json;
    const read = tokenizerJSON instanceof Loaded ? tokenizerJSON.own.config : undefined;
    this.#read = read ?? readTokenizerConfig({ config: this.config });
    const { specialTokens: tokens, chatTemplates, paddingSide } = this.#read;
    const role = (token: string | undefined) => ({
      token: token ?? null,
      id: token === undefined ? undefined : this._tokenizer.token_to_id(token),
    });
    ({ token: this.bos_token, id: this.bos_token_id } = role(tokens.bosToken));
    ({ token: this.eos_token, id: this.eos_token_id } = role(tokens.eosToken));
    ({ token: this.unk_token, id: this.unk_token_id } = role(tokens.unkToken));
    ({ token: this.sep_token, id: this.sep_token_id } = role(tokens.sepToken));
    ({ token: this.pad_token, id: this.pad_token_id } = role(tokens.padToken ?? tokens.eosToken));
    ({ token: this.cls_token, id: this.cls_token_id } = role(tokens.clsToken));
    ({ token: this.mask_token, id: this.mask_token_id } = role(tokens.maskToken));
    const [only, ...more] = Object.keys(chatTemplates);
    const single = only === 'default' && more.length === 0 ? chatTemplates['default'] : undefined;
    this.chat_template = single ?? (only === undefined ? null : chatTemplates);
    const name = String(this.config['tokenizer_class']);
    this.return_token_type_ids = WITH_TYPE_IDS.test(name);
    this.padding_side = PADDED_LEFT.test(name) ? 'left' : (paddingSide ?? 'right');
  }

  /**
   * @param folder path or URL of a folder with the tokenizer's files; names of a hub are not looked up
   * @throws InferError as Tokenizer.from does
   */
  static async from_pretrained(
    folder: string | URL,
    options?: PretrainedOptions,
  ): Promise<PreTrainedTokenizer> {
    checkOptions('options of from_pretrained', options ?? {}, {}, () => undefined);
    const parts = await readTokenizerFolder(filesAt(String(folder)), undefined);
    // Of older models' files one tokenizer.json is made, once.
    const { json: tokenizer, said } = readParts(parts);
    if (said !== undefined) {
      throw new InferError({
        code: 'NOT_A_TOKENIZER',
        message: `expected a tokenizer.json in ${String(folder)}, as transformers.js does, received a file of another format alone`,
        hint: 'Tokenizer.from of infercore reads .model and .tiktoken files',
      });
    }
    const { config = {}, specialTokens = {}, chatTemplate } = parts;
    const beside = { config, specialTokens, ...(chatTemplate !== undefined && { chatTemplate }) };
    const own = await Own.from({ tokenizer, ...beside });
    return new this(new Loaded(own, tokenizer), config);
  }

  get _tokenizerJSON(): Json {
    return this._tokenizer.json;
  }
  get _tokenizerConfig(): Json {
    return this.config;
  }
  get model_max_length(): number {
    return (this.config['model_max_length'] as number | null | undefined) ?? Infinity;
  }
  get add_bos_token(): unknown {
    return this.config['add_bos_token'];
  }
  get add_eos_token(): unknown {
    return this.config['add_eos_token'];
  }
  get all_special_ids(): number[] {
    return this.#specials.ids;
  }
  get all_special_tokens(): string[] {
    return this.#specials.tokens;
  }
  get #specials() {
    if (this.#special) return this.#special;
    const added = [...this._tokenizer.get_added_tokens_decoder().values()];
    const special = added.filter((token) => token.special);
    this.#special = {
      ids: special.map(({ id }) => id),
      tokens: special.map(({ content }) => content),
    };
    return this.#special;
  }

  get_vocab(): Map<string, number> {
    return this._tokenizer.get_vocab();
  }

  convert_tokens_to_ids(tokens: string): number | undefined;
  convert_tokens_to_ids(tokens: readonly string[]): (number | undefined)[];
  convert_tokens_to_ids(tokens: string | readonly string[]) {
    const idOf = (token: string) => this._tokenizer.token_to_id(token);
    return typeof tokens === 'string' ? idOf(tokens) : tokens.map(idOf);
  }

  /** What calling the tokenizer does. */
  _call<T extends Text, R extends boolean = true>(
    text: T,
    options?: TokenizerCallOptions<T, R>,
  ): BatchEncoding<Item<T, R>> {
    const asked: TokenizerCallOptions = options ?? {};
    checkOptions('options', asked, CALL_CHECKS, () => undefined);
    const inputs = inputsOf(text, asked.text_pair ?? null);
    const { cut, fill } = this.#lengths(asked);
    const batch = this._tokenizer.own.encodeBatch(inputs, {
      addSpecialTokens: asked.add_special_tokens ?? true,
      truncation: cut === undefined ? false : { maxLength: cut },
      padding: false,
    });
    const rows = Array.from({ length: batch.length }, (_, i) =>
      Array.from(batch.ids.subarray(batch.rows[i], batch.rows[i + 1])),
    );
    const width = fill(rows.reduce((longest, { length }) => Math.max(longest, length), 0));
    const pad = (list: readonly (readonly number[])[], value: number) =>
      list.map((row) => padded(row, width, value, this.padding_side));
    const padId = width > 0 ? this.#padId(rows, width) : 0;
    const columns: Record<string, number[][]> = {
      input_ids: pad(rows, padId),
      attention_mask: pad(
        rows.map((row) => row.map(() => 1)),
        0,
      ),
    };
    if (asked.return_token_type_ids ?? this.return_token_type_ids) {
      columns['token_type_ids'] = pad(typeRows(batch, rows), 0);
    }
    const result = asked.return_tensor === false ? columns : tensors(columns);
    return (asked.return_tensor !== false || typeof text !== 'string'
      ? result
      : firsts(columns)) as unknown as BatchEncoding<Item<T, R>>;
  }

  /** To how many tokens texts are cut (undefined: not), and to how many they are filled up, given the longest of them. */
  #lengths(asked: TokenizerCallOptions): {
    cut: number | undefined;
    fill: (longest: number) => number;
  } {
    const { padding = false, truncation = null, max_length = null } = asked;
    const most = this.model_max_length;
    // A length without anything else asked for is one to cut to; beside `padding: true` it is none at all.
    const ignored = truncation === null && padding === true;
    const limit = Math.min(ignored ? most : (max_length ?? most), most);
    const cuts = truncation ?? (max_length !== null && padding === false);
    if (padding === 'max_length' && !(limit < 2 ** 31)) {
      throw new InferError({
        code: 'INVALID_OPTION',
        message: "expected max_length with padding: 'max_length', the model names no maximum",
      });
    }
    return {
      cut: cuts && limit < 2 ** 31 ? limit : undefined,
      fill: (longest) =>
        padding === false ? 0 : padding === true ? Math.min(longest, limit) : limit,
    };
  }

  #padId(rows: readonly (readonly number[])[], width: number): number {
    if (this.pad_token_id !== undefined) return this.pad_token_id;
    if (rows.every(({ length }) => length >= width)) return 0;
    throw new InferError({
      code: 'INVALID_OPTION',
      message:
        'expected pad_token or eos_token of the vocabulary in tokenizer_config.json for padding',
    });
  }

  _encode_text(text: string | null): string[] | null {
    return text === null ? null : this._tokenizer.encode(text).tokens;
  }

  tokenize(
    text: string,
    {
      pair = null,
      add_special_tokens = false,
    }: { pair?: string | null; add_special_tokens?: boolean } = {},
  ): string[] {
    return this._tokenizer.tokenize(text, { text_pair: pair, add_special_tokens });
  }

  encode(text: string, options?: EncodeOptions): number[] {
    return this._tokenizer.encode(text, options).ids;
  }

  batch_decode(
    batch: readonly (readonly number[] | readonly bigint[])[] | Tensor,
    decode_args: DecodeOptions = {},
  ): string[] {
    const rows = batch instanceof Tensor ? (batch.tolist() as unknown as bigint[][]) : batch;
    return rows.map((row) => this.decode(row, decode_args));
  }

  decode(
    token_ids: readonly number[] | readonly bigint[] | Tensor,
    decode_args: DecodeOptions = {},
  ): string {
    const ids = token_ids instanceof Tensor ? idsOf(token_ids) : token_ids;
    return this.decode_single(ids, decode_args);
  }

  decode_single(
    token_ids: readonly number[] | readonly bigint[],
    decode_args: DecodeOptions = {},
  ): string {
    return this._tokenizer.decode(token_ids, decode_args);
  }

  /** @throws InferError INVALID_OPTION where there is none of that name, or none at all */
  get_chat_template({
    chat_template = null,
    tools = null,
  }: { chat_template?: string | null; tools?: readonly object[] | null } = {}): string {
    const asked = { chatTemplate: chat_template, tools };
    return chosenTemplate(asked, this.#templates).template;
  }

  get #templates(): Readonly<Record<string, string>> {
    const { chat_template } = this;
    if (chat_template === null) return {};
    return typeof chat_template === 'string' ? { default: chat_template } : chat_template;
  }

  apply_chat_template<T extends boolean = true, R extends boolean = true, D extends boolean = true>(
    conversation: readonly ChatMessage[],
    options: ApplyChatTemplateOptions<T, R, D> = {},
  ): ApplyChatTemplateReturn<T, R, D> {
    const {
      tools = null,
      documents = null,
      chat_template = null,
      add_generation_prompt = false,
      tokenize = true,
      padding = false,
      truncation = false,
      max_length = null,
      return_tensor = true,
      return_dict = true,
      tokenizer_kwargs = {},
      ...variables
    } = options as ApplyChatTemplateOptions;
    const asked = {
      tools,
      documents,
      chatTemplate: chat_template,
      addGenerationPrompt: add_generation_prompt,
      variables,
    };
    const text = renderChat(conversation, asked, {
      specialTokens: this.#read.specialTokens,
      chatTemplates: this.#templates,
    });
    if (!tokenize) return text as ApplyChatTemplateReturn<T, R, D>;
    const call = { add_special_tokens: false, padding, truncation, max_length, return_tensor };
    const encoding = this._call(text, { ...call, ...tokenizer_kwargs });
    return (return_dict ? encoding : encoding.input_ids) as ApplyChatTemplateReturn<T, R, D>;
  }

  /** Gives the tables' memory back at once; without it, that happens when nobody has the tokenizer any more. */
  dispose(): void {
    this._tokenizer.dispose();
  }
}

/** As transformers.js has it: the class in the configuration decides about token_type_ids and the side of padding. */
export const AutoTokenizer = Object.freeze({
  /** @throws InferError as Tokenizer.from does */
  from_pretrained: (folder: string | URL, options?: PretrainedOptions) =>
    PreTrainedTokenizer.from_pretrained(folder, options),
});

type Inputs = (string | readonly [string, string])[];

/** @throws InferError INVALID_INPUT, INVALID_OPTION with all faults */
function inputsOf(text: unknown, pairs: unknown): Inputs {
  const texts: unknown[] = Array.isArray(text) ? text : [text];
  if (Array.isArray(text) && text.length === 0) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: 'expected a text, or texts, for text; received an empty array',
    });
  }
  expectTexts(texts);
  if (pairs === null) return texts as string[];
  const faults = new Faults('INVALID_OPTION');
  const list: unknown[] = Array.isArray(pairs) ? pairs : [pairs];
  if (Array.isArray(pairs) !== Array.isArray(text) || list.length !== texts.length) {
    const wanted = Array.isArray(text) ? `an array of ${texts.length}` : 'a text';
    faults.add('text_pair', `expected ${wanted} for text_pair, received ${describe(pairs)}`);
  }
  list.forEach((pair, i) => {
    if (typeof pair === 'string') return;
    const path = `text_pair[${i}]`;
    faults.add(path, `expected a text for ${path}, received ${describe(pair)}`);
  });
  if (faults.list.length) throw new InferError(failureOf("text_pair can't be used", faults.list));
  // An empty pair is none there.
  return (texts as string[]).map((first, i) => {
    const second = list[i] as string;
    return second === '' ? first : [first, second];
  });
}

function padded(
  row: readonly number[],
  width: number,
  value: number,
  side: 'left' | 'right',
): number[] {
  const more = new Array<number>(Math.max(0, width - row.length)).fill(value);
  return side === 'left' ? [...more, ...row] : [...row, ...more];
}

/** The ids' own rows, without what fills them up. */
function typeRows(
  batch: ReturnType<Own['encodeBatch']>,
  rows: readonly (readonly number[])[],
): number[][] {
  const { token_type_ids: types } = batch.tensors({ type: 'int32', names: ['token_type_ids'] });
  const width = types?.dims[1] ?? 0;
  const data = types?.data as Int32Array;
  return rows.map(({ length }, i) => Array.from(data.subarray(i * width, i * width + length)));
}

function tensors(columns: Readonly<Record<string, number[][]>>): Record<string, Tensor> {
  const rows = columns['input_ids'] ?? [];
  if (rows.some(({ length }) => length !== rows[0]?.length)) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message: 'expected texts of equal length for tensors, or padding and truncation',
      hint: 'take { padding: true, truncation: true }, or return_tensor: false',
    });
  }
  return Object.fromEntries(
    Object.entries(columns).map(([name, list]) => [name, int64Tensor(list)]),
  );
}

function firsts(columns: Readonly<Record<string, number[][]>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(columns).map(([name, [row = []]]) => [name, row]));
}

/** One list of ids: dims [n] or [1, n]. */
function idsOf(tensor: Tensor): readonly bigint[] {
  const { dims } = tensor;
  const list: readonly Nested[] = tensor.tolist();
  if (dims.length === 1) return list as bigint[];
  if (dims.length === 2 && dims[0] === 1) return list[0] as bigint[];
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected a tensor of dims [n] or [1, n] for token_ids, received [${dims.join(', ')}]`,
    hint: 'batch_decode takes several lists',
  });
}
