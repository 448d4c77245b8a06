import { Abort } from './abort.js';
import type { ChatMessage, ChatTemplateOptions } from './chat.js';
import { expectAddedTokens, type AddedToken } from './added_token.js';
import type { EncodeData, TokenizerHandle, TokenizerInfoData } from './binding.js';
import { loadCore } from './core.js';
import { encodeData, type EncodeOptions } from './encode_options.js';
import { Encoding } from './encoding.js';
import { EncodingBatch } from './encoding_batch.js';
import { DecodeStream } from './decode_stream.js';
import { InferError, unwrap } from './error.js';
import { encodeBatchInBackground } from './encode_batch_async.js';
import { expectId, expectIds, noList } from './ids.js';
import { abortSignal, callback, expectOptions, flag, isObject } from './option.js';
import { WarningList } from './report.js';
import type { ModelFiles } from './model_files.js';
import { isBuffer, isFolderUrl, localPath, readSource, type Source } from './source.js';
import { expectText, expectTexts } from './texts.js';
import {
  split,
  truncate,
  type TextPart,
  type TextSplitOptions,
  type TokenSource,
  type TruncateOptions,
} from './token_budget.js';
import { NO_CONFIG } from './tokenizer_no_config.js';
import type { TokenizerConfig } from './tokenizer_config.js';
import type { TokenizerFile, TokenizerParts } from './tokenizer_parts.js';
import { isBlob } from './transfer.js';
import type { Warning } from './warning.js';

/**
 * A tokenizer.json, SentencePiece's .model, a .tiktoken file, or what `compile` made of one, told apart by what is in them: its
 * path (Node), its URL, a File or its bytes. Or a folder with all that belongs to it: its path, its URL that ends with a slash,
 * or its files as a user chose them. Or what is in the files.
 */
export type TokenizerSource = Source | TokenizerParts | ModelFiles;

export interface DecodeOptions {
  /** Default true. */
  skipSpecialTokens?: boolean;
}
export interface TokenizerInfo {
  readonly model: 'BPE' | 'WordPiece' | 'WordLevel' | 'Unigram';
  /** As they stand in the file: 'normalizer:NFKC', 'pre_tokenizer:Metaspace', … */
  readonly components: readonly string[];
  /** Memory that tables, rules and patterns hold. */
  readonly bytes: number;
  /** The token for what has no other, where there is one. */
  readonly unknownId: number | undefined;
  /** What is odd about the file: TOKEN_ID_CHANGED where an added token has another id than the file says. */
  readonly warnings: readonly Warning[];
}
export interface TokenizerOptions {
  signal?: AbortSignal;
  /** Told what `info.warnings` keeps, and THREADS_UNAVAILABLE. Default: `process.emitWarning`, or `console.warn` in a page. */
  onWarning?: (warning: Warning) => void;
}
/** A text, or a text and its pair. */
export type TextInput = string | readonly [text: string, pair: string];

/** What vocabularies call their padding, for `padding: true` where the file does not say. */
const PAD_TOKENS = ['[PAD]', '<pad>'];

/** Frees the core's tables when a tokenizer that nobody disposed is collected. */
const forgotten = new FinalizationRegistry<TokenizerHandle>((handle) => {
  handle.delete();
});

/**
 * Text to token ids and back, exactly as Hugging Face's tokenizers library does it.
 *
 * It never changes after it was made, and its methods are synchronous: the core is loaded once `from` has answered.
 *
 * @example
 * const tokenizer = await Tokenizer.from('model/tokenizer.json');
 * const encoding = tokenizer.encode('Hello world');
 * encoding.ids; // Uint32Array
 * tokenizer.decode(encoding.ids); // 'Hello world'
 */
export class Tokenizer {
  #handle: TokenizerHandle | undefined;
  readonly #info: TokenizerInfoData;
  /**
   * What tokenizer_config.json and the files beside it say. Without them, everything in it is undefined or empty.
   *
   * @example
   * const config = { pad_token: '[PAD]', model_max_length: 512, tokenizer_class: 'BertTokenizer' };
   * const { config: known } = await Tokenizer.from({ vocab: '[PAD]\n[UNK]\n[CLS]\n[SEP]', config });
   * known.specialTokens.padToken; // '[PAD]'
   * known.modelMaxLength; // 512
   */
  readonly config: TokenizerConfig;

  private constructor(handle: TokenizerHandle, config: TokenizerConfig) {
    this.#handle = handle;
    this.#info = handle.info();
    this.config = config;
    forgotten.register(this, handle, this);
  }

  /**
   * Reads a tokenizer.json, SentencePiece's .model, a .tiktoken file, what `compile` made of one, the vocab.txt of BERT, or the
   * vocab.json and merges.txt of GPT-2, RoBERTa or CLIP; of a folder also tokenizer_config.json, special_tokens_map.json and
   * chat_template.jinja or .json, where they are there.
   *
   * SentencePiece's .model gives what SentencePiece itself gives: nothing is put around texts, and they hold no control
   * pieces, unless `config` says so (`{ vocab, config }`). A .tiktoken file of GPT-2 to GPT-4o, Llama 3 or Qwen is known by its
   * tokens; another one needs `config.pat_str`, what cuts its texts, and `config.special_tokens`.
   *
   * @example
   * const vocab = '[PAD]\n[UNK]\n[CLS]\n[SEP]\nwhale\n##s';
   * const bert = await Tokenizer.from({ vocab, config: { do_lower_case: true } });
   * bert.encode('Whales').tokens.join(' '); // '[CLS] whale ##s [SEP]'
   *
   * const ranks = Array.from({ length: 256 }, (_, byte) => `${btoa(String.fromCharCode(byte))} ${byte}`);
   * const config = { pat_str: '\\S+|\\s+', special_tokens: { '<|end|>': 300 } };
   * const tiktoken = await Tokenizer.from({ vocab: [...ranks, `${btoa('he')} 256`].join('\n'), config });
   * [...tiktoken.encode('hey<|end|>').ids]; // [256, 121, 300]
   *
   * @throws InferError NOT_FOUND, NOT_A_TOKENIZER (the message names the path inside the file),
   *   UNSUPPORTED_COMPONENT (named), LIMIT_EXCEEDED, INVALID_OPTION, ABORTED
   */
  static async from(source: TokenizerSource, options?: TokenizerOptions): Promise<Tokenizer> {
    expectOptions('options of Tokenizer.from', options, {
      signal: abortSignal,
      onWarning: callback,
    });
    const signal = options?.signal;
    const tokenizer = await Abort.during('loading the tokenizer', { signal }, async (abort) => {
      const file = await readTokenizer(source, signal);
      return abort.race(Tokenizer.#load(file), (late) => {
        late.dispose();
      });
    });
    const warnings = new WarningList('warn', options?.onWarning);
    const core = await loadCore();
    try {
      if (core.warning) warnings.add(core.warning);
      for (const warning of tokenizer.info.warnings) warnings.add(warning);
    } catch (error) {
      tokenizer.dispose();
      throw error;
    }
    return tokenizer;
  }

  static async #load({ json, said, config }: TokenizerFile): Promise<Tokenizer> {
    const { binding } = await loadCore();
    return new Tokenizer(unwrap(await binding.loadTokenizer(json, said)), config);
  }

  /** @internal For what can't wait (infercore/compat). */
  static of(handle: TokenizerHandle, config: TokenizerConfig): Tokenizer {
    return new Tokenizer(handle, config);
  }

  /** @internal For the pipeline. */
  get handle(): TokenizerHandle {
    if (this.#handle) return this.#handle;
    throw new InferError({
      code: 'DISPOSED',
      message: 'expected a live tokenizer, this one was disposed',
      hint: 'make a new one with Tokenizer.from',
    });
  }

  /**
   * The tokens of one text.
   * @throws InferError INVALID_INPUT for what is no string, INVALID_OPTION, DISPOSED
   */
  encode(text: string, options?: EncodeOptions): Encoding {
    expectText(text);
    const pair = options?.pair ?? undefined;
    if (pair !== undefined) expectText(pair, 'pair');
    return this.#encode(text, pair, this.#data(options, ['pair']));
  }

  /** `own`: the options that this method takes besides those of all. */
  #data(options: EncodeOptions | undefined, own: readonly string[]): EncodeData {
    return encodeData(options, own, {
      truncation: this.#info.truncation,
      padding: this.#info.padding,
      config: this.config,
      padToken: () =>
        [this.config.specialTokens.padToken ?? [], PAD_TOKENS]
          .flat()
          .map((token) => ({ token, id: this.handle.tokenToId(token) })),
    });
  }

  #encode(text: string, pair: string | undefined, data: EncodeData): Encoding {
    const ids = unwrap(this.handle.encodeIds(text, pair, data));
    return new Encoding(ids, () => unwrap(this.handle.encode(text, pair, data)));
  }

  /**
   * The tokens of many texts, padded together where the options or the tokenizer's file ask for it.
   * @throws InferError INVALID_INPUT that names every wrong text by its index, INVALID_OPTION, DISPOSED
   */
  encodeBatch(texts: readonly TextInput[], options?: EncodeOptions): EncodingBatch {
    const job = this.#batch(texts, options);
    return job.finish(unwrap(this.handle.encodeBatch(job.firsts, job.pairs, job.data, false)));
  }

  /**
   * The same away from the event loop (Node), or in a task of its own (page).
   * @throws InferError as encodeBatch, and ABORTED
   */
  async encodeBatchAsync(
    texts: readonly TextInput[],
    options?: EncodeOptions & { signal?: AbortSignal },
  ): Promise<EncodingBatch> {
    const signal = options?.signal;
    expectOptions('options of encodeBatchAsync', { signal }, { signal: abortSignal });
    const job = this.#batch(texts, options, ['signal']);
    return job.finish(await encodeBatchInBackground(() => this.handle, job, signal));
  }

  #batch(
    texts: readonly TextInput[],
    options: EncodeOptions | undefined,
    own: readonly string[] = [],
  ) {
    expectTexts(texts, true);
    const { pair, ...others } = isObject(options) ? (options as EncodeOptions) : {};
    if (pair != null) throw pairOfBatch();
    const data = this.#data(isObject(options) ? others : options, own);
    const isSingle = (text: TextInput): text is string => typeof text === 'string';
    const firsts = texts.map((text) => (isSingle(text) ? text : text[0]));
    const pairs = texts.every(isSingle)
      ? []
      : texts.map((text) => (isSingle(text) ? undefined : text[1]));
    const reader = {
      encode: (i: number) => this.#encode(firsts[i] ?? '', pairs[i], data),
      typeIds: () => unwrap(this.handle.encodeBatch(firsts, pairs, data, true)).typeIds,
      padId: () => (data.padding ?? this.#info.padding)?.id ?? 0,
    };
    return {
      firsts,
      pairs,
      data,
      finish: (batch: ConstructorParameters<typeof EncodingBatch>[0]) =>
        new EncodingBatch(batch, reader),
    };
  }

  /**
   * How many tokens a text has, without truncation and padding.
   * @throws InferError INVALID_INPUT for what is no string, INVALID_OPTION, DISPOSED
   */
  countTokens(text: string, options?: { addSpecialTokens?: boolean }): number {
    expectText(text);
    expectOptions('options of countTokens', options, { addSpecialTokens: flag });
    return unwrap(this.handle.countTokens(text, options?.addSpecialTokens ?? true));
  }

  /**
   * The text of ids. Ids outside the vocabulary are left out.
   * @throws InferError INVALID_INPUT that names the ids (up to a hundred) which are no whole number from 0 to 2³² − 1, INVALID_OPTION,
   *   LIMIT_EXCEEDED where the file's rules make a text endless, DISPOSED
   */
  decode(ids: Iterable<number | bigint>, options?: DecodeOptions): string {
    return this.#decode(expectIds(ids, 'ids'), options);
  }

  /** `decode` of each list. @throws InferError as decode does */
  decodeBatch(lists: readonly Iterable<number | bigint>[], options?: DecodeOptions): string[] {
    if (!Array.isArray(lists)) throw noList('lists', 'an array of lists', lists);
    const checked = lists.map((ids, i) => expectIds(ids, `lists[${i}]`));
    return checked.map((ids) => this.#decode(ids, options));
  }

  #decode(ids: Uint32Array, options: DecodeOptions | undefined): string {
    expectOptions('options of decode', options, { skipSpecialTokens: flag });
    return unwrap(this.handle.decode(ids, options?.skipSpecialTokens ?? true));
  }

  /**
   * Text of ids that come one by one: no half characters, in constant time for each.
   * @throws InferError INVALID_OPTION, DISPOSED
   */
  decodeStream(options?: DecodeOptions): DecodeStream {
    this.#decode(new Uint32Array(), options);
    return new DecodeStream((ids) => this.#decode(Uint32Array.from(ids), options), expectId);
  }

  /**
   * A conversation as the model was trained to read it: its chat template makes one text of the messages, which is then
   * tokenized. Names and results follow transformers.
   *
   * @example
   * const chatTemplate = '{% for message in messages %}[{{ message.role }}] {{ message.content }} {% endfor %}';
   * const messages = [{ role: 'user', content: 'Call me Ishmael.' }];
   * await tokenizer.applyChatTemplate(messages, { chatTemplate, tokenize: false }); // '[user] Call me Ishmael. '
   *
   * @throws InferError INVALID_INPUT with all that is wrong with the messages, or with what the template says (the message of
   *   its `raise_exception`), INVALID_OPTION, LIMIT_EXCEEDED for a template that does too much, DISPOSED
   */
  async applyChatTemplate(
    messages: readonly ChatMessage[],
    options: ChatTemplateOptions & { tokenize: false },
  ): Promise<string>;
  async applyChatTemplate(
    messages: readonly ChatMessage[],
    options?: ChatTemplateOptions & { tokenize?: true },
  ): Promise<Encoding>;
  async applyChatTemplate(
    messages: readonly ChatMessage[],
    options?: ChatTemplateOptions,
  ): Promise<string | Encoding> {
    const { applyChatTemplate } = await import('./chat_template.js');
    return applyChatTemplate(this, messages, options);
  }

  /**
   * The longest beginning of a text that has at most `maxTokens` tokens; characters stay whole.
   *
   * @example
   * tokenizer.truncate('Call me Ishmael. Some years ago', { maxTokens: 2 }); // 'Call me'
   *
   * @throws InferError INVALID_INPUT for what is no string, INVALID_OPTION (also where the special tokens alone are more), DISPOSED
   */
  truncate(text: string, options: TruncateOptions): string {
    expectText(text);
    return truncate(this.#source, text, options);
  }

  /**
   * All of a text, in parts of at most `maxTokens` tokens each, for retrieval: between words, where those are not longer than half
   * of a part. Without `overlap` the parts joined are the text. An empty text has none.
   *
   * @example
   * const parts = tokenizer.split('Call me Ishmael. Some years ago I went to sea.', { maxTokens: 8, overlap: 2 });
   * parts.every(({ tokens }) => tokens <= 8); // true
   *
   * @throws InferError INVALID_INPUT for what is no string, INVALID_OPTION (also where one character has more tokens), DISPOSED
   */
  split(text: string, options: TextSplitOptions): TextPart[] {
    expectText(text);
    return split(this.#source, text, options);
  }

  get #source(): TokenSource {
    const plain: EncodeData = { addSpecialTokens: false, truncation: null, padding: null };
    return {
      tokens: (text) => unwrap(this.handle.encode(text, undefined, plain)),
      count: (text, addSpecialTokens) => unwrap(this.handle.countTokens(text, addSpecialTokens)),
    };
  }

  /**
   * Another tokenizer that knows more tokens; this one stays as it is, and each is disposed by itself. They share the
   * model's tables. A token that is known keeps its id, new ones get the next free ids in their order.
   *
   * @example
   * const larger = tokenizer.withTokens(['infercore', { content: '<|user|>', special: true }]);
   * larger.encode('<|user|> uses infercore').tokens.filter((token) => token.includes('infercore')).length; // 1
   *
   * @throws InferError INVALID_INPUT that names each wrong or empty token, LIMIT_EXCEEDED for too long ones or too many, DISPOSED
   */
  withTokens(tokens: readonly (string | AddedToken)[]): Tokenizer {
    const handle = unwrap(this.handle.withTokens(expectAddedTokens(tokens)));
    return new Tokenizer(handle, this.config);
  }

  /**
   * The tokenizer as one piece of bytes that `Tokenizer.from` takes as it stands, without building its tables: large
   * ones are there in milliseconds. The bytes are for the version of infercore that made them; every target makes and takes
   * the same. Keep the file itself to make them anew. What a folder says besides (`config` with its chat templates) is not in
   * them, but for what it says of a .model or .tiktoken file.
   *
   * @example
   * const compiled = tokenizer.compile(); // once: when the application is built
   * const same = await Tokenizer.from(compiled); // at each start, from the file where you put them
   * same.encode('Hello world').ids.join() === tokenizer.encode('Hello world').ids.join(); // true
   *
   * @throws InferError LIMIT_EXCEEDED where memory does not hold them, DISPOSED
   */
  compile(): Uint8Array {
    return unwrap(this.handle.compile());
  }

  /** The id of a token, special tokens included; undefined for none of the vocabulary. */
  tokenToId(token: string): number | undefined {
    expectText(token, 'token');
    return this.handle.tokenToId(token);
  }

  /** The token of an id; undefined outside the vocabulary. */
  idToToken(id: number): string | undefined {
    return Number.isInteger(id) && id >= 0 && id < 2 ** 32 ? this.handle.idToToken(id) : undefined;
  }

  /** How many different tokens there are, added tokens counted. */
  get vocabSize(): number {
    return this.#info.vocabSize;
  }

  get info(): TokenizerInfo {
    const { model, components, bytes, unkId, warnings } = this.#info;
    return { model, components, bytes, unknownId: unkId, warnings };
  }

  /** Gives the tables' memory back; encodings that were made keep their ids. A second call does nothing. */
  dispose(): void {
    if (!this.#handle) return;
    forgotten.unregister(this);
    this.#handle.delete();
    this.#handle = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The file that the core reads, and what is known beside it. What reads folders and parts is loaded with the first. */
async function readTokenizer(
  source: TokenizerSource,
  signal: AbortSignal | undefined,
): Promise<TokenizerFile> {
  if (!isSingle(source)) return (await import('./tokenizer_source.js')).readAny(source, signal);
  return { json: await readSource(source, { what: 'the tokenizer', signal }), config: NO_CONFIG };
}

/** Bytes, a Blob, or an address that is no folder's: pages load most tokenizers from one. */
function isSingle(source: TokenizerSource): source is Source {
  return typeof source === 'string' || source instanceof URL
    ? localPath(source) === undefined && !isFolderUrl(String(source))
    : ArrayBuffer.isView(source) || isBuffer(source) || isBlob(source);
}

function pairOfBatch(): InferError {
  return new InferError({
    code: 'INVALID_OPTION',
    message: 'expected pairs as [text, pair] in the list of texts, received the option pair',
  });
}
