/**
 * The one interface through which TypeScript reaches the C++ core. The Node addon and the WebAssembly module both
 * implement CoreBinding, under the same names; the addon adds what only a native process can do (NativeBinding).
 * `npm run lint` compares both lists with what the two binaries really export.
 *
 * Nothing throws: what can fail answers an Outcome. (Where a call answers something else, memory that can't be had is an
 * Error with the code LIMIT_EXCEEDED.) Typed arrays that come back are the caller's own copies.
 */
import type { Tensor } from 'onnxruntime-common';
import type { Failure, Fault, Outcome } from './error.js';
import type { Placement } from './placement.js';
import type { BenchSummary, SampleComparison } from './summary.js';
import type { Warning } from './warning.js';

/** What both targets offer. Functions that return a Promise natively may be synchronous in WebAssembly: await them. */
export interface CoreBinding {
  summarize(samplesMs: Float64Array): Outcome<BenchSummary>;
  compareSamples(a: Float64Array, b: Float64Array): Outcome<SampleComparison>;
  /**
   * Natively a large search reads both arrays in place, on the library's threads, until its promise is settled.
   * WebAssembly reads no memory but its own: there both are copied.
   */
  search(
    queries: Float32Array,
    matrix: Float32Array,
    dimensions: number,
    k: number,
  ): Outcome<SearchData> | Promise<Outcome<SearchData>>;
  /** Is this an ONNX model? `head` holds its first bytes (4 KB are enough), `size` is the length of all of it. */
  checkModelBytes(head: Uint8Array, size: number): Outcome<null>;
  /** All faults of `feeds` against what the model declares and what the user demands; empty when it can run. */
  validateFeeds(
    signature: readonly ValueSignature[],
    feeds: readonly FeedSignature[],
    constraints: ConstraintData | undefined,
  ): readonly Fault[];
  /** The candidate that somebody who wrote `name` most likely meant; undefined when none is near. */
  nearestName(name: string, candidates: readonly string[]): string | undefined;
  /**
   * Any file that makes a tokenizer, or what compile() made. `config`: what is said beside the former, as JSON (see the core's
   * Tokenizer::from_bytes).
   */
  loadTokenizer(
    file: Uint8Array,
    config: string | undefined,
  ): Outcome<TokenizerHandle> | Promise<Outcome<TokenizerHandle>>;
  /** Reads a folder's Dense layer: `config` is its config.json, `weights` its model.safetensors. */
  loadDense(
    config: Uint8Array,
    weights: Uint8Array,
  ): Outcome<DenseHandle> | Promise<Outcome<DenseHandle>>;
  /** Tokenizes and plans at once. `texts` were checked to be strings. */
  createBatchJob(
    tokenizer: TokenizerHandle,
    texts: readonly string[],
    options: BatchJobOptions,
    dense: readonly DenseHandle[],
    model: ModelSignature,
  ): Outcome<BatchJobHandle>;
}

/** What a batch job has to know of the model: which lists it takes, and that `output` gives vectors. */
export interface ModelSignature {
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly output: string;
}

export interface SearchData {
  readonly indices: Uint32Array;
  readonly scores: Float32Array;
}

/** What a model declares for one input or output. A free dimension is its name, or '' when it has none. */
export interface ValueSignature {
  readonly name: string;
  readonly type: Tensor.Type;
  readonly dims: readonly (number | string)[];
  /** False for an initializer that a feed may replace. */
  readonly required?: boolean;
}

/** What the caller gives for one input. */
export interface FeedSignature {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly number[];
  /** The number of elements that the data really holds. */
  readonly length: number;
  /** The data itself, for `values` constraints alone. */
  readonly data?: ArrayBufferView;
}

export interface RangeData {
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
  readonly finite?: boolean;
}
/** An input whose elements are rows of a table of the model. */
export interface EmbeddingTable {
  readonly input: string;
  readonly rows: number;
}
/** By input, then by axis (its index or name) or `values`. */
export type ConstraintData = Readonly<Record<string, Readonly<Record<string, RangeData>>>>;

// ── Tokenizer ────────────────────────────────────────────────────────────────────────────────────
export interface TruncationData {
  readonly maxLength: number;
  readonly strategy: 'longest_first' | 'only_first' | 'only_second';
  readonly direction: 'left' | 'right';
  readonly stride: number;
}
export interface PaddingData {
  readonly length?: number;
  readonly multipleOf: number;
  readonly direction: 'left' | 'right';
  readonly id: number;
  readonly typeId: number;
  readonly token: string;
}
/** `undefined`: what the tokenizer's file says; `null`: off. */
export interface EncodeData {
  readonly addSpecialTokens: boolean;
  readonly truncation: TruncationData | null | undefined;
  readonly padding: PaddingData | null | undefined;
}
/** One encoding. `offsets` holds start and end in turn, in UTF-16 units; −1 stands for "none" in wordIds and sequenceIds. */
export interface EncodingData {
  readonly ids: Uint32Array;
  readonly typeIds: Uint32Array;
  readonly attentionMask: Uint8Array;
  readonly specialTokensMask: Uint8Array;
  readonly tokens: readonly string[];
  readonly offsets: Uint32Array;
  readonly wordIds: Int32Array;
  readonly sequenceIds: Int32Array;
  readonly overflowing: readonly EncodingData[];
}
export interface EncodingBatchData {
  readonly ids: Uint32Array;
  /** Row i is `ids.subarray(rows[i], rows[i + 1])`. */
  readonly rows: Uint32Array;
  /** As long as `ids`, or empty when not asked for. */
  readonly typeIds: Uint32Array;
  /** As long as `ids`, or empty when no row was padded. */
  readonly attentionMask: Uint8Array;
}
export interface TokenizerInfoData {
  readonly model: 'BPE' | 'WordPiece' | 'WordLevel' | 'Unigram';
  readonly components: readonly string[];
  readonly bytes: number;
  readonly warnings: readonly Warning[];
  readonly vocabSize: number;
  readonly unkId: number | undefined;
  readonly truncation: TruncationData | undefined;
  readonly padding: PaddingData | undefined;
}

/** A tokenizer of the core. `delete()` gives its memory back; no other call may follow. */
export interface AddedTokenData {
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

export interface TokenizerHandle {
  encode(text: string, pair: string | undefined, options: EncodeData): Outcome<EncodingData>;
  encodeIds(text: string, pair: string | undefined, options: EncodeData): Outcome<Uint32Array>;
  /** `pairs` is empty, or as long as `texts` with undefined where a text has none. Core: encode_batch. */
  encodeBatch(
    texts: readonly string[],
    pairs: readonly (string | undefined)[],
    options: EncodeData,
    withTypeIds: boolean,
  ): Outcome<EncodingBatchData>;
  countTokens(text: string, addSpecialTokens: boolean): Outcome<number>;
  decode(ids: Uint32Array, skipSpecialTokens: boolean): Outcome<string>;
  /** Another handle; both share tables. */
  withTokens(tokens: readonly AddedTokenData[]): Outcome<TokenizerHandle>;
  /** All of it, for loadTokenizer. */
  compile(): Outcome<Uint8Array>;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  info(): TokenizerInfoData;
  delete(): void;
}

// ── Texts to vectors ─────────────────────────────────────────────────────────────────────────────
export type Pooling = 'none' | 'mean' | 'cls' | 'last';

export interface BatchJobOptions {
  /** Rows × padded length of one batch at most; a single longer text is a batch of its own. */
  readonly maxTokensPerBatch: number;
  /** The model's maximum, special tokens counted; 0 when only the tokenizer's file says one. */
  readonly maxLength: number;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  /** The model's output is [rows, d] already: no pooling, no Dense. */
  readonly pooled: boolean;
  /** The last dimension that the model declares for its output, 0 when it is free: the d of a result without texts. */
  readonly dimensions: number;
}
/** Padded feeds of one batch, [rows, length] each, for all inputs of the model. */
export interface BatchData {
  readonly index: number;
  readonly rows: number;
  readonly length: number;
  readonly feeds: readonly BatchFeed[];
}
export interface BatchFeed {
  readonly name: string;
  readonly type: 'int64' | 'int32';
  readonly data: BigInt64Array | Int32Array;
}
export interface BatchJobStats {
  readonly texts: number;
  readonly batches: number;
  /** Texts of which at least one batch was accepted. */
  readonly done: number;
  /** Real tokens, and those plus padding. */
  readonly tokens: number;
  readonly paddedTokens: number;
}
export interface VectorsData {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}
export interface DenseHandle {
  delete(): void;
}
/** next() gives padded feeds, accept() takes what the model made of them; at the end result() has the rows in order. */
export interface BatchJobHandle {
  next(): BatchData | undefined;
  accept(index: number, output: Float32Array, dims: readonly number[]): Outcome<null>;
  result(): Outcome<VectorsData>;
  stats(): BatchJobStats;
  warnings(): readonly Warning[];
  delete(): void;
}

// ── What only the addon has ──────────────────────────────────────────────────────────────────────
/** A running piece of work can be ended from outside. `reason` becomes the code of its failure. */
export interface Cancellation {
  cancel(reason: 'ABORTED' | 'TIMEOUT'): void;
}

export interface NativeBinding extends CoreBinding {
  /** CoreBinding.loadTokenizer on the calling thread, as WebAssembly has it. */
  loadTokenizerSync(json: Uint8Array): Outcome<TokenizerHandle>;
  /** TokenizerHandle.encodeBatch on the library's threads. */
  encodeBatchAsync(
    tokenizer: TokenizerHandle,
    texts: readonly string[],
    pairs: readonly (string | undefined)[],
    options: EncodeData,
    withTypeIds: boolean,
    cancellation: Cancellation,
  ): Promise<Outcome<EncodingBatchData>>;
  readonly Cancellation: new () => Cancellation;
  /**
   * How many tasks run at once (until it is told, as many as there are cores for the process), and on how many threads one of
   * them may be spread: a batch of texts, a search.
   */
  limitThreads(tasks: number, threads: number): void;
  /** Loads ONNX Runtime's library from the first of `candidates` that exists, once a process. */
  loadRuntime(candidates: readonly string[]): Promise<Outcome<RuntimeInfo>>;
  /** The same on the calling thread, which it blocks for tens of milliseconds. */
  loadRuntimeSync(candidates: readonly string[]): Outcome<RuntimeInfo>;
  /** `model` is a path or the bytes (copied before the call returns). Loads on the library's threads. */
  createSession(
    model: string | Uint8Array,
    options: NativeSessionOptions,
    cancellation: Cancellation,
  ): Promise<Outcome<SessionHandle>>;
  /** Another handle on the session whose handle, of any thread, gave `token`. DISPOSED where all of them have ended. */
  attachSession(token: string): Outcome<SessionHandle>;
  createSharedWeights(): SharedWeightsHandle;
  /** What there is in the whole process at this moment: for tests that look for leaks. */
  liveCounts(): LiveCounts;
}

/** Memory for weights that sessions share, who hold it themselves. */
export interface SharedWeightsHandle {
  totals(): { readonly sessions: number; readonly bytes: number };
}

export interface LiveCounts {
  readonly sessions: number;
  /** Loads, runs and all else that a promise stands for, until nothing of it is left. */
  readonly operations: number;
  /** Of these, what waits for a thread. */
  readonly queued: number;
}

export interface RuntimeInfo {
  readonly version: string;
  readonly path: string;
  readonly providers: readonly string[];
  /** Another copy of ONNX Runtime that was loaded before. */
  readonly warnings: readonly Warning[];
}
/** A provider with its own options as strings. */
export interface NativeProvider {
  /** As onnxruntime-common spells it: 'cuda'. Of a plugin, as that says. */
  readonly name: string;
  /** As the runtime lists what it was built with; '' where that need not be asked. */
  readonly registered: string;
  /** As the generic way to append a provider takes it; '' where only onnxruntime-web has it. */
  readonly generic: string;
  /** The file of a plugin, or ''. */
  readonly library: string;
  readonly options: Readonly<Record<string, string>>;
}
export interface NativeSessionOptions {
  readonly providers: readonly NativeProvider[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  readonly executionMode: 'sequential' | 'parallel';
  readonly enableCpuMemArena: boolean;
  readonly enableMemPattern: boolean;
  readonly logId: string;
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  readonly logVerbosityLevel: number;
  /** Gets the session's log instead of the process's standard error. Must not throw. */
  readonly onLog:
    | ((severity: number, category: string, id: string, place: string, message: string) => void)
    | undefined;
  readonly freeDimensionOverrides: Readonly<Record<string, number>>;
  readonly optimizedModelFilePath: string;
  readonly enableProfiling: boolean;
  readonly profileFilePrefix: string;
  /** By the model's own names for them. `data` is the path of a file, or bytes, which are copied. */
  readonly externalData: readonly { readonly path: string; readonly data: string | Uint8Array }[];
  /** Flattened `extra`: "session.intra_op.allow_spinning" → "0". */
  readonly configEntries: Readonly<Record<string, string>>;
  readonly constraints: ConstraintData | undefined;
  readonly sharedWeights?: SharedWeightsHandle | undefined;
}
export interface TensorData {
  readonly type: Tensor.Type;
  readonly data: Tensor.DataType;
  readonly dims: readonly number[];
}
export interface MapData {
  readonly keys: TensorData;
  readonly values: TensorData;
}
/** What an output can be; an array for a sequence. */
export type ValueData = TensorData | MapData | readonly ValueData[];
/** A tensor in parts: they cross over faster than fields. */
export type TensorRow = readonly [
  name: string,
  type: Tensor.Type,
  data: Tensor.DataType,
  dims: readonly number[],
];
export type FeedRow =
  | TensorRow
  | readonly [name: string, type: 'sequence', elements: readonly TensorRow[], dims: readonly []];
export interface NativeRunOptions {
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  readonly logVerbosityLevel: number;
  readonly tag: string;
  readonly configEntries: Readonly<Record<string, string>>;
}
export interface SessionHandle {
  readonly inputs: readonly ValueSignature[];
  /** `inputs`, then the initializers that a feed may replace. */
  readonly feedable: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly tables: readonly EmbeddingTable[];
  /** Milliseconds by phase: read, weights, create. */
  readonly phases: Readonly<Record<string, number>>;
  /** Where weights were to be shared; with the reason where none are. */
  readonly sharedWeights?: {
    readonly bytes: number;
    readonly reused: number;
    readonly reason?: string;
  };
  readonly providers: {
    readonly used: readonly string[];
    readonly skipped: readonly { name: string; reason: string }[];
  };
  /** With the runtime's names of providers; absent where the session's entries switch the record off. */
  readonly placement?: readonly Placement[];
  /** From now on instead of the constraints among the options. Not while something runs. */
  constrain(constraints: ConstraintData): void;
  /**
   * Feeds are validated, then run on the library's threads. They are copied, but for those in memory that threads share.
   * With `mayStay` and without a cancellation, a run that is known to be shorter than the way to another thread is done
   * on this one, and the promise is settled already.
   * `fetches` empty: all outputs; a row is memory to write into, which must not be transferred before the promise is
   * settled. The values come in their order: null for what was written, a value where it could not be, and the memory is
   * then as it was.
   */
  run(
    feeds: readonly FeedRow[],
    fetches: readonly (string | TensorRow)[],
    options: NativeRunOptions | undefined,
    cancellation: Cancellation | undefined,
    mayStay?: boolean,
  ): Promise<Outcome<readonly (ValueData | null)[]>>;
  /** The same on the calling thread: feeds are read where they are. */
  runSync(
    feeds: readonly FeedRow[],
    fetches: readonly (string | TensorRow)[],
    options: NativeRunOptions | undefined,
  ): Outcome<readonly (ValueData | null)[]>;
  /** Tokenizes, batches, runs and pools the whole list on the library's threads. `onProgress` gets the texts done; what it
   * throws ends the work and rejects the promise. */
  embed(
    tokenizer: TokenizerHandle,
    texts: readonly string[],
    options: BatchJobOptions,
    dense: readonly DenseHandle[],
    output: string,
    cancellation: Cancellation,
    onProgress: ((done: number, total: number) => void) | undefined,
  ): Promise<Outcome<EmbedData>>;
  /** The token that attachSession() takes in other threads of the process. */
  share(): Outcome<string>;
  /** Writes the profile and answers its path; undefined when nothing is recorded. */
  endProfiling(): Outcome<string | undefined>;
  /**
   * Waits for the runs that this handle began, and where no other handle holds the session, until it is freed. Runs that
   * come later fail with DISPOSED.
   */
  dispose(): Promise<void>;
}
export interface EmbedData {
  readonly vectors: VectorsData;
  readonly stats: BatchJobStats;
  /** Milliseconds by phase: tokenize, run (summed over batches), pool. */
  readonly phases: Readonly<Record<string, number>>;
  readonly warnings: readonly Warning[];
}

export type { Failure };
