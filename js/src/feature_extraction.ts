import { Tensor } from 'onnxruntime-common';
import type { BatchJobOptions, DenseHandle, EmbedData, Pooling } from './binding.js';
import { coreBinding } from './core.js';
import { defaultModelFolder } from './default_model.js';
import { describe, quoted } from './describe.js';
import { InferError, unwrap } from './error.js';
import { Faults, failureOf } from './fault.js';
import type { EmbedRequest } from './embed.js';
import { localFiles } from './files.js';
import { filesAt, filesIn, type FolderFiles, type ModelFiles } from './model_files.js';
import {
  findModelFile,
  readModelFolder,
  sourceIn,
  type Dtype,
  type ModelFolder,
} from './model_folder.js';
import type { SessionReport } from './report.js';
import { currentRuntime } from './runtime.js';
import { createWithin, embedWith, type InferenceSession } from './session.js';
import type { SessionOptions } from './session_options.js';
import { readSource, type ProgressEvent } from './source.js';
import {
  abortSignal,
  callback,
  expectOptions,
  finite,
  flag,
  milliseconds,
  oneOf,
  type Check,
} from './option.js';
import { expectTexts } from './texts.js';
import { Tokenizer } from './tokenizer.js';
import { readTokenizerFiles } from './tokenizer_folder.js';
import type { Warning } from './warning.js';

export interface PipelineOptions extends SessionOptions {
  /** Which of the folder's model files. Default 'fp32'. */
  dtype?: Dtype;
  /** Texts × padded length of one batch at most. Default 512. */
  maxTokensPerBatch?: number;
}
export interface FeatureExtractionOptions {
  /** Omitted: what the folder's modules.json says; without that file 'none', as in transformers.js. */
  pooling?: Pooling;
  normalize?: boolean;
  signal?: AbortSignal;
  /** From the call on; default: the session's. */
  timeoutMs?: number;
  /** Among the calls that wait for `maxConcurrency`: higher ones first, default 0. */
  priority?: number;
  onProgress?: (event: ProgressEvent) => void;
}
export interface FeatureExtraction {
  /**
   * Texts to vectors: dims [texts, d], or [texts, tokens, d] with pooling 'none' (zeros where a text has no token).
   * `[]` gives dims [0, d]. A text longer than the model's maximum is cut, with a warning.
   *
   * With `maxConcurrency` a call waits for its turn where so many are under way.
   *
   * @throws InferError INVALID_INPUT that names every entry that is no string, INVALID_OPTION, QUEUE_FULL, ABORTED,
   *   TIMEOUT, DISPOSED
   */
  (texts: string | readonly string[], options?: FeatureExtractionOptions): Promise<Tensor>;
  /** Absent with `worker: true`: they are in the worker. */
  readonly tokenizer?: Tokenizer;
  readonly session?: InferenceSession;
  /** The session's report; `phases` holds the times of the last call too. */
  readonly report: SessionReport;
  /** Waits for calls that were made before, those too that wait for their turn. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const POOLINGS: readonly Pooling[] = ['mean', 'cls', 'last', 'none'];
/** Where the per-token output is, under the names that exporters give it. */
const TOKEN_OUTPUTS = ['last_hidden_state', 'token_embeddings', 'logits'];
/** The output of models that pool (and normalise) inside the graph. */
const SENTENCE_OUTPUT = 'sentence_embedding';

/** What one call does with the model's output. */
interface Plan {
  readonly output: string;
  readonly pooled: boolean;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  readonly dense: readonly DenseHandle[];
}

/** Everything one pipeline holds; the function that users call closes over it. */
class Extractor {
  #inFlight = new Set<Promise<unknown>>();
  #phases: Readonly<Record<string, number>> = {};
  #disposed: Promise<void> | undefined;
  #dense: Promise<readonly DenseHandle[]> | undefined;

  constructor(
    private readonly folder: ModelFolder,
    readonly tokenizer: Tokenizer,
    readonly session: InferenceSession,
    private readonly maxTokensPerBatch: number,
  ) {}

  /** The folder's Dense layers, read when first needed: a graph that pools itself never needs them. */
  loadDense(): Promise<readonly DenseHandle[]> {
    this.#dense ??= readDense(this.folder).catch((error: unknown) => {
      this.#dense = undefined; // what failed to load is tried again by the next call
      throw error;
    });
    return this.#dense;
  }

  /** Does a call without options need what stands in the folder's modules? */
  get needsModules(): boolean {
    return !this.session.outputNames.includes(SENTENCE_OUTPUT);
  }

  get report(): SessionReport {
    const report = this.session.report;
    return { ...report, phases: { ...report.phases, ...this.#phases } };
  }

  /** `aside`: beside all other calls, uncounted. */
  async extract(
    texts: string | readonly string[],
    given?: FeatureExtractionOptions | null,
    aside = false,
  ): Promise<Tensor> {
    const { vectors } = await this.embed(texts, given, aside);
    return new Tensor('float32', vectors.data, vectors.dims);
  }

  /** As extract, with what is known of the call beside its vectors. */
  async embed(
    texts: string | readonly string[],
    given?: FeatureExtractionOptions | null,
    aside = false,
  ): Promise<EmbedData> {
    if (this.#disposed) throw disposed();
    const options = given ?? {};
    const list = typeof texts === 'string' ? [texts] : texts;
    expectTexts(list);
    expectOptions('options of feature extraction', options, CALL_CHECKS);
    const own = [...list]; // while it waits for its turn, the caller may change the array
    const work = this.#plan(options).then((plan) => this.#embed(own, plan, options, aside));
    const settled = work.catch(() => undefined);
    this.#inFlight.add(settled);
    void settled.then(() => this.#inFlight.delete(settled));
    const data = await work;
    this.#phases = data.phases;
    return data;
  }

  #embed(
    texts: readonly string[],
    plan: Plan,
    options: FeatureExtractionOptions,
    aside: boolean,
  ): Promise<EmbedData> {
    const job: BatchJobOptions = {
      maxTokensPerBatch: this.maxTokensPerBatch,
      maxLength: this.folder.maxLength,
      pooling: plan.pooling,
      normalize: plan.normalize,
      pooled: plan.pooled,
      dimensions: this.#dimensions(plan),
    };
    const { onProgress, signal, timeoutMs, priority } = options;
    const request: EmbedRequest = {
      tokenizer: this.tokenizer.handle,
      texts: this.folder.lowerCase ? texts.map((text) => text.toLowerCase()) : texts,
      options: job,
      dense: plan.dense,
      output: plan.output,
      signal,
      timeoutMs,
      priority,
      onProgress:
        onProgress &&
        ((loaded, total) => {
          onProgress({ phase: 'embed', loaded, total });
        }),
    };
    return embedWith(this.session, request, aside);
  }

  /**
   * With nothing asked for, what the folder says: the graph's own sentence output where it has one, else its modules.
   * What is asked for is done to the per-token output and nothing else, as in transformers.js. A graph that has its
   * sentence output alone gives that.
   */
  async #plan({ pooling, normalize }: FeatureExtractionOptions): Promise<Plan> {
    const { modules } = this.folder;
    const outputs = this.session.outputNames;
    const pooledAlone = outputs.length === 1 && !this.needsModules;
    if (pooling === undefined && normalize === undefined && pooledAlone)
      return sentencePlan('none');
    if (pooling !== undefined || !modules) {
      return {
        output: tokenOutput(outputs),
        pooled: false,
        pooling: pooling ?? 'none',
        normalize: normalize ?? false,
        dense: [],
      };
    }
    if (normalize === undefined && !this.needsModules) {
      return sentencePlan(modules.pooling);
    }
    return {
      output: tokenOutput(outputs),
      pooled: false,
      pooling: modules.pooling,
      normalize: normalize ?? modules.normalize,
      dense: await this.loadDense(),
    };
  }

  /** The d that the model declares, for results without texts; 0 when it leaves it open. */
  #dimensions(plan: Plan): number {
    const output = this.session.outputMetadata.find(({ name }) => name === plan.output);
    const last = output?.isTensor ? output.shape.at(-1) : undefined;
    return typeof last === 'number' && last > 0 ? last : 0;
  }

  dispose(): Promise<void> {
    this.#disposed ??= Promise.all(this.#inFlight).then(async () => {
      await this.session.dispose();
      this.tokenizer.dispose();
      for (const layer of (await this.#dense?.catch(() => [])) ?? []) layer.delete();
    });
    return this.#disposed;
  }
}

/** The graph has done it all. */
function sentencePlan(pooling: Pooling): Plan {
  return { output: SENTENCE_OUTPUT, pooled: true, pooling, normalize: false, dense: [] };
}

export function disposed(): InferError {
  return new InferError({
    code: 'DISPOSED',
    message: 'expected a live pipeline, this one was disposed',
    hint: 'make a new one with pipeline()',
  });
}

const CALL_CHECKS: Readonly<Record<keyof FeatureExtractionOptions, Check>> = {
  pooling: oneOf(...POOLINGS),
  normalize: flag,
  signal: abortSignal,
  timeoutMs: milliseconds,
  priority: finite,
  onProgress: callback,
};

function tokenOutput(outputs: readonly string[]): string {
  const known = TOKEN_OUTPUTS.find((name) => outputs.includes(name));
  const [only] = outputs;
  if (known !== undefined) return known;
  if (outputs.length === 1 && only !== undefined && only !== SENTENCE_OUTPUT) return only;
  throw new InferError({
    code: 'NOT_SUPPORTED',
    message: `expected an output ${TOKEN_OUTPUTS.join(' or ')} for pooling, the model has ${outputs.map(quoted).join(', ')}`,
    hint: 'leave pooling out where the model pools itself',
  });
}

/** Of a pipeline's model; omitted: the default one. */
export function filesOf(model: string | URL | ModelFiles | undefined): FolderFiles {
  if (model === undefined) return filesAt(defaultModelFolder());
  return typeof model === 'string' || model instanceof URL
    ? filesAt(String(model))
    : filesIn(model);
}

/** Loads tokenizer and model side by side; frees what was loaded when one of them fails. */
export async function createFeatureExtraction(
  model: string | URL | ModelFiles | undefined,
  options: PipelineOptions,
): Promise<FeatureExtraction> {
  const { dtype = 'fp32', maxTokensPerBatch = 512, ...sessionOptions } = options;
  checkPipelineOptions(dtype, maxTokensPerBatch);
  const { signal, fallback, onWarning } = sessionOptions;
  // What is about the core, the session tells.
  const tellOnce =
    onWarning &&
    ((warning: Warning) => {
      if (warning.code !== 'THREADS_UNAVAILABLE') onWarning(warning);
    });
  const tell = fallback === 'allow' ? () => undefined : tellOnce;
  const folder = await readModelFolder(filesOf(model), signal);
  const [tokenizer, session] = await bothOrNone(
    readTokenizerFiles(folder, folder.tokenizerConfig, signal).then((parts) =>
      Tokenizer.from(parts, { ...(signal && { signal }), ...(tell && { onWarning: tell }) }),
    ),
    createSession(folder, dtype, sessionOptions),
  );
  const extractor = new Extractor(folder, tokenizer, session, maxTokensPerBatch);
  if (folder.modules && extractor.needsModules) {
    await extractor.loadDense().catch(async (error: unknown) => {
      await extractor.dispose();
      throw error;
    });
  }
  const extract = (texts: string | readonly string[], call?: FeatureExtractionOptions) =>
    extractor.extract(texts, call);
  const made = Object.defineProperties(extract, {
    tokenizer: { value: tokenizer },
    session: { value: session },
    report: { get: () => extractor.report },
    dispose: { value: () => extractor.dispose() },
    [Symbol.asyncDispose]: { value: () => extractor.dispose() },
  }) as unknown as FeatureExtraction;
  extractors.set(made, extractor);
  return made;
}

const extractors = new WeakMap<FeatureExtraction, Extractor>();

/** For the services: a call that no queue makes wait and nothing counts, as far as the pipeline is not in a worker. */
export function embedAside(
  pipeline: FeatureExtraction,
  texts: string | readonly string[],
  options: FeatureExtractionOptions,
): Promise<Tensor> {
  return extractors.get(pipeline)?.extract(texts, options, true) ?? pipeline(texts, options);
}

/** What one call took and did; a pipeline in a worker tells the times alone. */
export interface MeasuredCall {
  readonly phases: Readonly<Record<string, number>>;
  readonly stats?: EmbedData['stats'];
}

/** For benchmarks: a call whose vectors nobody wants. */
export async function embedMeasured(
  pipeline: FeatureExtraction,
  texts: readonly string[],
  options: FeatureExtractionOptions,
): Promise<MeasuredCall> {
  const extractor = extractors.get(pipeline);
  if (extractor) return extractor.embed(texts, options);
  await pipeline(texts, options);
  return { phases: pipeline.report.phases };
}

/** @throws InferError INVALID_OPTION with all faults */
export function checkPipelineOptions(dtype: unknown, maxTokensPerBatch: unknown): void {
  const faults = new Faults('INVALID_OPTION');
  const dtypes = ['fp32', 'fp16', 'q8', 'q4'];
  if (!dtypes.includes(dtype as string)) {
    faults.add(
      'dtype',
      `expected one of ${dtypes.join(', ')} for dtype, received ${describe(dtype)}`,
    );
  }
  if (!Number.isInteger(maxTokensPerBatch) || (maxTokensPerBatch as number) < 1) {
    const received = describe(maxTokensPerBatch);
    faults.add(
      'maxTokensPerBatch',
      `expected a whole number > 0 for maxTokensPerBatch, received ${received}`,
    );
  }
  if (faults.list.length) throw new InferError(failureOf("the options can't be used", faults.list));
}

async function createSession(
  folder: ModelFolder,
  dtype: Dtype,
  options: SessionOptions,
): Promise<InferenceSession> {
  const { signal, onProgress } = options;
  const file = await findModelFile(folder, dtype, { signal, onProgress, exists: fileExists });
  return createWithin(folder.limits, file, { ...ownThreads(), ...options });
}

/**
 * One thread a run: natively the batches of a list run side by side on the library's threads, which keeps all cores
 * busy without threads that wait for each other. In WebAssembly there is one run at a time.
 */
function ownThreads(): Pick<SessionOptions, 'intraOpNumThreads'> {
  return currentRuntime().target === 'native' ? { intraOpNumThreads: 1 } : {};
}

export async function fileExists(path: string): Promise<boolean> {
  try {
    return !(await localFiles()?.stat(path))?.isDirectory();
  } catch {
    return false;
  }
}

async function readDense(folder: ModelFolder): Promise<readonly DenseHandle[]> {
  const read = (name: string) => readSource(sourceIn(folder, name), { what: 'a Dense layer' });
  const binding = await coreBinding();
  const files = await Promise.all(
    (folder.modules?.dense ?? []).map((name) =>
      Promise.all([read(`${name}/config.json`), read(`${name}/model.safetensors`)]),
    ),
  );
  const layers: DenseHandle[] = [];
  try {
    for (const [config, weights] of files) {
      layers.push(unwrap(await binding.loadDense(config, weights)));
    }
  } catch (error) {
    for (const layer of layers) layer.delete();
    throw error;
  }
  return layers;
}

/** Waits for both; when one fails, frees what the other made and throws the error. */
async function bothOrNone(
  tokenizer: Promise<Tokenizer>,
  session: Promise<InferenceSession>,
): Promise<[Tokenizer, InferenceSession]> {
  const [a, b] = await Promise.allSettled([tokenizer, session]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') a.value.dispose();
  if (b.status === 'fulfilled') await b.value.dispose();
  throw a.status === 'rejected' ? a.reason : b.status === 'rejected' ? b.reason : undefined;
}
