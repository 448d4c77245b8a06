import type { InferenceSession as Ort } from 'onnxruntime-common';
import { Abort } from './abort.js';
import { BatchedSession } from './batched_session.js';
import type { BatchOptions } from './batched_session.js';
import type { ConstraintData, EmbedData, FeedSignature, ValueSignature } from './binding.js';
import { loadCore } from './core.js';
import type { LoadedCore } from './core.js';
import type { EmbedRequest } from './embed.js';
import type { Fault } from './error.js';
import { FeedCheck } from './feed_check.js';
import { warnOverrides } from './free_dimensions.js';
import type { Metrics, SessionMetrics } from './metrics.js';
import { createArguments } from './model_source.js';
import type { ModelSource } from './model_source.js';
import { openSession } from './open_session.js';
import { Profiling } from './profiling.js';
import type { SessionReport, WarningList } from './report.js';
import { RunMeter } from './run_meter.js';
import type { RunOptions, RunOptions as OwnRunOptions } from './run_options.js';
import { RunQueue } from './run_queue.js';
import { currentRuntime } from './runtime.js';
import type { RuntimeSession } from './runtime.js';
import { readSessionOptions } from './session_options.js';
import type {
  SessionOptions,
  SessionOptions as OwnSessionOptions,
  SessionSettings,
} from './session_options.js';
import { SessionRuns } from './session_runs.js';
import type { SessionParts } from './session_runs.js';
import { attachSession, shareSession } from './shared_session.js';
import type { AttachOptions, SharedSession } from './shared_session.js';
import { tensorTypeOf } from './tensor.js';
import type { FeedValues, OutputValue, OutputValues } from './value.js';
import { verifyKnown } from './verify.js';
import type { KnownInputs, VerifyOptions, VerifyReport } from './verify.js';
import { warmupFeeds } from './warmup.js';
import type { WarmupShapes } from './warmup.js';
import { currentWorkers } from './workers.js';

/** A session that nobody disposed and nobody holds any more gives its memory back, late but surely. */
const forgotten = new FinalizationRegistry<RuntimeSession>((runtime) => {
  runtime.dispose().catch(() => undefined);
});

interface SessionSignature {
  readonly inputs: readonly ValueSignature[];
  readonly constraints: ConstraintData;
  /** Faults of the sizes alone. */
  readonly misfits: (feeds: readonly FeedSignature[]) => readonly Fault[];
}

function metadataOf({ name, type, dims }: ValueSignature): Ort.ValueMetadata {
  const held = tensorTypeOf(type);
  return held ? { name, isTensor: true, type: held, shape: [...dims] } : { name, isTensor: false };
}

function partsOf(
  core: LoadedCore,
  runtime: RuntimeSession,
  settings: SessionSettings,
  warnings: WarningList,
): SessionParts {
  const queue = RunQueue.of(settings.given, () => currentRuntime().concurrency);
  const check = new FeedCheck(core.binding, runtime, settings.constraints);
  const meter = RunMeter.of(runtime, settings.given, warnings);
  return { core, runtime, settings, warnings, queue, check, meter };
}

let make: (
  parts: SessionParts,
  phases: Readonly<Record<string, number>>,
  modelBytes: number,
) => InferenceSession;

/** For the pipelines: a session whose feeds are held to `limits` too, as far as its model has what they name. */
export let createWithin: (
  limits: ConstraintData,
  model: ModelSource,
  options: SessionOptions,
) => Promise<InferenceSession>;

/** For the pipelines: what the library alone may ask a session for. `aside`: as runAside. */
export let embedWith: (
  session: InferenceSession,
  request: EmbedRequest,
  aside?: boolean,
) => Promise<EmbedData>;

/** For the services: a run beside all others, which no queue makes wait and nothing counts. */
export let runAside: (
  session: InferenceSession,
  feeds: FeedValues,
  names: readonly string[],
  options: RunOptions,
) => Promise<OutputValues>;

/** For benchmarks: which inputs a run needs, what is known of their values, and what is wrong with feeds of some sizes. */
export let signatureOf: (session: InferenceSession) => SessionSignature;

/** For the services: one count of several sessions, each from now on. */
export let countInto: (session: InferenceSession, counts: Metrics) => void;

/**
 * A loaded model: tensors in, tensors out. A superset of onnxruntime-common's session.
 *
 * Natively work is done on the library's threads, any number of runs at once; only what takes less than the way to
 * another thread, some 50 µs, stays on this one. In WebAssembly onnxruntime-web does one thing at a time; what comes
 * meanwhile waits in a queue.
 *
 * | | native | WebAssembly |
 * | --- | --- | --- |
 * | `signal` and `timeoutMs` of a run | end it, also inside | end the waiting; a run under way goes on unheard, except with `worker` |
 * | `maxConcurrency` | of them as many at once as there are cores | one at a time, however many it says |
 * | `runSync` | yes | NOT_SUPPORTED |
 * | `share` and `attach`: one session in several threads | yes | NOT_SUPPORTED |
 * | `SharedWeights`: one copy of the weights in several sessions | yes | NOT_SUPPORTED |
 * | feeds for inputs with a default | yes | the input is unknown |
 * | limits from the graph's embedding tables | yes | from a pipeline's config.json alone |
 * | external data beside a model's path | found | `externalData` gives them |
 * | `intraOpNumThreads` | of each session | `env.wasm.numThreads`, for the whole page |
 * | sequences as feeds | arrays of Tensors | NOT_SUPPORTED, as for outputs |
 * | sequences and maps as outputs | arrays and Maps | NOT_SUPPORTED: onnxruntime-web hands out tensors alone |
 * | bfloat16 | its bits, in tensors of type `uint16` | NOT_SUPPORTED: onnxruntime-web knows no such type |
 * | the runtime's log | `onLog` | the console |
 * | profiles | `enableProfiling`, `endProfiling` | no file to write |
 * | outputs on the GPU, feeds from there | no | with `webgpu`: `preferredOutputLocation` |
 *
 * @example
 * const session = await InferenceSession.create('model.onnx');
 * const { y } = await session.run({ x: new Tensor('float32', [1, 2, 3], [3]) });
 * await session.dispose();
 */
export class InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly Ort.ValueMetadata[];
  readonly outputMetadata: readonly Ort.ValueMetadata[];
  /** What it runs on, what was asked for and skipped, how long the loading took, and all warnings. */
  readonly report: SessionReport;
  readonly #parts: SessionParts;
  readonly #runs: SessionRuns;
  readonly #batched = new Set<BatchedSession>();
  #disposal: Promise<void> | undefined;
  readonly #profiling: Profiling;

  static {
    embedWith = (session, request, aside = false) =>
      (aside ? session.#aside() : session.#runs).embed(request);
    runAside = (session, feeds, names, options) => session.#aside().run(feeds, names, options);
    signatureOf = (session) => {
      const { core, runtime, check } = session.#parts;
      const { constraints = {} } = check;
      const misfits = (feeds: readonly FeedSignature[]) =>
        core.binding.validateFeeds(runtime.feedable, feeds, constraints);
      return { inputs: runtime.inputs, constraints, misfits };
    };
    countInto = (session, counts) => {
      session.#parts.meter.counts = counts;
    };
    createWithin = (limits, source, options) => this.#create(limits, source, options);
    // By `this`: a class that says its own name is renamed by bundlers, and shows as _InferenceSession.
    make = (parts, phases, modelBytes) => new this(parts, phases, modelBytes);
  }

  private constructor(
    parts: SessionParts,
    phases: Readonly<Record<string, number>>,
    modelBytes: number,
  ) {
    const { core, runtime, settings, warnings } = parts;
    this.#parts = parts;
    this.#runs = new SessionRuns(parts);
    this.#profiling = new Profiling(runtime, warnings, settings.given.enableProfiling);
    this.inputNames = runtime.inputs.map(({ name }) => name);
    this.outputNames = runtime.outputs.map(({ name }) => name);
    this.inputMetadata = runtime.inputs.map(metadataOf);
    this.outputMetadata = runtime.outputs.map(metadataOf);
    this.report = {
      target: currentRuntime().target,
      core: core.report,
      worker: false,
      ...runtime.report,
      modelBytes,
      graphOptimizationLevel: settings.graphLevel,
      phases: { ...phases, ...runtime.report.phases },
      warnings: warnings.list,
    };
    forgotten.register(this, runtime, this);
  }

  /**
   * Loads a model from a path (Node), a URL, a File or bytes. Bytes may be changed once the promise is settled.
   *
   * @throws InferError NOT_FOUND, NOT_A_MODEL (with what it is instead), INVALID_OPTION (all of them at once),
   *   PROVIDER_UNAVAILABLE with `fallback: 'error'`, RUNTIME_NOT_FOUND, RUNTIME_ERROR, ABORTED, TIMEOUT; what verify()
   *   and warmup() throw
   * @example
   * const session = await InferenceSession.create('model.onnx', {
   *   executionProviders: ['cuda', 'cpu'],
   *   signal: AbortSignal.timeout(30_000),
   * });
   * session.report.providers; // asked, available, used, skipped with reasons
   */
  static create(model: ModelSource, options?: SessionOptions): Promise<InferenceSession>;
  static create(
    buffer: ArrayBufferLike,
    byteOffset: number,
    byteLength?: number,
    options?: SessionOptions,
  ): Promise<InferenceSession>;
  static async create(model: unknown, ...rest: readonly unknown[]): Promise<InferenceSession> {
    const { source, options } = createArguments(model, rest);
    return createWithin({}, source, options);
  }

  static async #create(
    limits: ConstraintData,
    source: ModelSource,
    options: SessionOptions,
  ): Promise<InferenceSession> {
    const core = await loadCore();
    const { target } = currentRuntime();
    const { settings, warnings } = readSessionOptions(options, target);
    const { onProgress } = settings.given;
    const open = (settings.given.worker ? currentWorkers()?.openSession : undefined) ?? openSession;
    return Abort.during('loading the model', settings.given, async (abort) => {
      if (core.warning) warnings.add(core.warning, 'NOT_SUPPORTED');
      const { session, phases, size } = await open(source, settings, warnings, abort);
      const parts = partsOf(core, session, settings, warnings);
      const made = make(parts, phases, size);
      try {
        parts.check.limit(limits);
        warnOverrides(settings.given.freeDimensionOverrides, session.inputs, warnings);
        onProgress?.({ phase: 'create', loaded: size, total: size });
        await made.#makeReady(abort);
        parts.meter.endLoading();
      } catch (error) {
        await made.dispose();
        throw error;
      }
      return made;
    });
  }

  /**
   * The session that another thread of the process shares (worker_threads): the model is loaded once, and each thread
   * runs it with `run` and `runSync` as it likes. Native only.
   *
   * What was decided when it was loaded holds; `maxConcurrency`, `maxQueue`, `timeoutMs`, `slowRunMs` and the callbacks
   * are each thread's own, and so are `metrics()`. dispose() ends what this thread has of it: the memory is given back
   * with the last one. What a thread has ends with the thread.
   *
   * @throws InferError DISPOSED when no thread has it any more, INVALID_INPUT, INVALID_OPTION, NOT_SUPPORTED
   * @example
   * const session = await InferenceSession.create('model.onnx');
   * const shared = session.share(); // native only; new Worker(file, { workerData: shared })
   * const same = await InferenceSession.attach(shared, { timeoutMs: 500 }); // there
   * await same.dispose();
   */
  static async attach(shared: SharedSession, options?: AttachOptions): Promise<InferenceSession> {
    const core = await loadCore();
    const { session, settings, warnings } = attachSession(shared, options);
    const parts = partsOf(core, session, settings, warnings);
    parts.meter.endLoading();
    return make(parts, {}, shared.report.modelBytes);
  }

  /**
   * Runs the model. `fetches` names the outputs wanted (all when omitted), as an array or as an object with null or
   * with a tensor to write into.
   *
   * Outputs are Tensors. Natively a model may also make sequences and maps, as the classifiers of scikit-learn do: they
   * become arrays and Maps, with the type that you give: `run<{ probabilities: ReadonlyMap<bigint, number>[] }>(feeds)`.
   *
   * With `maxConcurrency` it waits for its turn where so many are under way; its feeds may be changed meanwhile.
   *
   * @throws InferError INVALID_INPUT with all faults of the feeds, INVALID_OPTION, QUEUE_FULL, RUNTIME_ERROR, ABORTED,
   *   TIMEOUT, DISPOSED
   * @example
   * const fetches = ['last_hidden_state'];
   * const { last_hidden_state } = await session.run({ input_ids, attention_mask }, fetches, {
   *   timeoutMs: 500,
   * });
   */
  run<Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    options?: RunOptions,
  ): Promise<Outputs>;
  run<Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    fetches: Ort.FetchesType,
    options?: RunOptions,
  ): Promise<Outputs>;
  run(feeds: unknown, first?: unknown, second?: unknown): Promise<OutputValues> {
    return this.#runs.run(feeds, first, second);
  }

  /**
   * Runs the model and waits for it, blocking the event loop: for scripts. Native only. Nothing can end it, so `signal`
   * and `timeoutMs` have no effect, which is a warning. It begins at once, beside what `maxConcurrency` counts.
   *
   * @throws InferError as run does, and NOT_SUPPORTED in WebAssembly
   */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as run() takes it
  runSync<Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    fetches?: Ort.FetchesType,
    options?: Ort.RunOptions,
  ): Outputs {
    return this.#runs.runSync(feeds, fetches, options) as Outputs;
  }

  /**
   * All faults of `feeds`, without running; empty when they fit.
   *
   * @example
   * for (const { path, message } of await session.validate(feeds)) console.log(path, message);
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- asynchronous like all that needs the core
  async validate(feeds: FeedValues): Promise<readonly Fault[]> {
    this.#runs.expectOpen();
    return this.#parts.check.faultsOf(feeds);
  }

  /**
   * Runs the model once for each of `shapes`, one after the other, with feeds of zeros (masks: ones) or what lies next to
   * that within `constraints`. The first run of a shape is slower than others: memory is planned, kernels are made.
   *
   * @throws InferError INVALID_INPUT with all faults of all shapes before the first run, and as run does
   * @example
   * await session.warmup([{ input_ids: [1, 16], attention_mask: [1, 16] }]);
   * session.report.phases.warmup; // milliseconds, of all calls
   */
  async warmup(shapes: readonly WarmupShapes[], options: RunOptions = {}): Promise<void> {
    this.#runs.expectOpen();
    const { core, runtime, check } = this.#parts;
    const { constraints } = check;
    const model = { binding: core.binding, feedable: runtime.feedable, constraints };
    const feeds = warmupFeeds(shapes, model);
    await this.#timed('warmup', async () => {
      for (const each of feeds) await this.run(each, options);
    });
  }

  /**
   * Does the model still give what it gave where it was right? Runs known inputs and compares the outputs: the greatest
   * differences, the cosine, the worst element.
   *
   * @throws InferError VERIFY_FAILED that names each output that differs (`cause` is the VerifyReport), unless
   *   `onMismatch` is 'warn'; INVALID_OPTION; as run does
   * @example
   * const inputs = { input_ids, attention_mask };
   * const { last_hidden_state } = await session.run(inputs); // kept from where it was right
   * const known = { inputs, expected: { last_hidden_state }, tolerance: 1e-4 };
   * const { outputs } = await session.verify(known);
   * outputs[0].maxAbs; // 0
   */
  verify(
    known: KnownInputs | readonly KnownInputs[],
    options: RunOptions = {},
  ): Promise<VerifyReport> {
    const run = (inputs: Ort.FeedsType, names: readonly string[]) =>
      this.run(inputs, names, options);
    return this.#timed('verify', () => verifyKnown(known, run, this.#parts.warnings));
  }

  /**
   * As verify(), with what another session makes of the inputs as expected: the same model on another provider, at
   * another optimisation level, or in another precision.
   *
   * @throws InferError as verify does
   * @example
   * const reference = await InferenceSession.create('model.onnx', { graphOptimizationLevel: 'disabled' });
   * const session = await InferenceSession.create('model.onnx');
   * const inputs = { x: new Tensor('float32', [1, 2, 3], [3]) };
   * const { matches } = await session.verifyAgainst(reference, inputs, { tolerance: 1e-5 });
   */
  async verifyAgainst(
    other: InferenceSession,
    inputs: Ort.FeedsType,
    options: VerifyOptions & RunOptions = {},
  ): Promise<VerifyReport> {
    const { tolerance, onMismatch, ...runOptions } = options;
    const names = this.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name);
    const expected = await other.run(inputs, names, runOptions);
    const how = {
      ...(tolerance !== undefined && { tolerance }),
      ...(onMismatch && { onMismatch }),
    };
    return this.verify({ inputs, expected, ...how }, runOptions);
  }

  /**
   * For concurrent callers: requests that arrive within a short time run as one, and each gets its own rows.
   *
   * @throws InferError INVALID_OPTION; NOT_SUPPORTED for a model without an input whose first axis is free
   * @example
   * const batched = session.batched({ maxBatch: 16, maxWaitMs: 5 });
   * const { last_hidden_state } = await batched.run({ input_ids, attention_mask });
   */
  batched(options?: BatchOptions): BatchedSession {
    this.#runs.expectOpen();
    const made = new BatchedSession(this.#runs.forBatches(), options);
    this.#batched.add(made);
    return made;
  }

  /**
   * What InferenceSession.attach() takes in another thread of this process, to be sent there by `postMessage` or
   * `workerData`. Keep the session until it is attached. Native only.
   *
   * @throws InferError DISPOSED, NOT_SUPPORTED in WebAssembly
   * @example
   * const session = await InferenceSession.create('model.onnx');
   * const shared = session.share(); // native only
   * typeof shared.token; // 'string'
   */
  share(): SharedSession {
    this.#runs.expectOpen();
    const { runtime, settings, check } = this.#parts;
    return shareSession(runtime, this.report, settings, check.constraints);
  }

  /**
   * What the session did since it was loaded: runs, errors, sizes, and how long they waited and ran. Counted in a memory
   * that does not grow; toPrometheus() makes text of it.
   *
   * @example
   * const { runs, errors, latencyMs } = await session.metrics();
   * latencyMs.p99; // milliseconds
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- asynchronous like all that may ask another thread
  async metrics(): Promise<SessionMetrics> {
    return this.#parts.meter.snapshot();
  }

  /**
   * Of onnxruntime-common's interface. A session with `enableProfiling` records from its loading on; no other one can
   * begin later, which is a warning.
   *
   * @throws InferError NOT_SUPPORTED with `fallback: 'error'` where nothing is recorded
   */
  startProfiling(): void {
    this.#runs.expectOpen();
    this.#profiling.start();
  }

  /**
   * Ends what `enableProfiling` began and writes it, as JSON that Perfetto and chrome://tracing show. Blocks the event
   * loop while it writes; `dispose` would write it, too, without blocking. Gives the file's path, or undefined with a
   * warning where nothing is recorded.
   *
   * @throws InferError RUNTIME_ERROR, and NOT_SUPPORTED with `fallback: 'error'` where nothing is recorded
   */
  endProfiling(): string | undefined {
    this.#runs.expectOpen();
    return this.#profiling.end();
  }

  /**
   * Gives the model's memory back once the runs that were called before are done, those too that wait in the queue: who
   * replaces a session loses no request. Their signals end them sooner. Later runs fail with DISPOSED.
   */
  dispose(): Promise<void> {
    forgotten.unregister(this);
    this.#runs.closed = true;
    const { queue, runtime } = this.#parts;
    const waits = [...this.#batched].map((batched) => batched.dispose());
    const done = waits.length > 0 ? Promise.all(waits).then(() => queue?.idle()) : queue?.idle();
    this.#disposal ??= done ? done.then(() => runtime.dispose()) : runtime.dispose();
    return this.#disposal;
  }

  /** onnxruntime-common's name for dispose(). */
  release(): Promise<void> {
    return this.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #aside(): SessionRuns {
    const { runtime, settings, warnings } = this.#parts;
    const meter = RunMeter.of(runtime, settings.given, warnings);
    return new SessionRuns({ ...this.#parts, queue: undefined, meter });
  }

  /** What belongs to the loading once the model can run. */
  async #makeReady(abort: Abort): Promise<void> {
    const { verify, warmup } = this.#parts.settings.given;
    if (!verify && !warmup) return;
    const signal = abort.asSignal();
    if (verify) await this.verify(verify, { signal });
    if (warmup) await this.warmup(warmup, { signal });
    abort.check();
  }

  /** Adds the time that `work` takes to a phase of the report. */
  async #timed<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const { phases } = this.report;
    const start = performance.now();
    try {
      return await work();
    } finally {
      Object.assign(phases, { [phase]: (phases[phase] ?? 0) + performance.now() - start });
    }
  }
}

/** The types of onnxruntime-common's InferenceSession, under the names that programs written for it use. */
// eslint-disable-next-line @typescript-eslint/no-namespace -- a class and its types share one name there
export namespace InferenceSession {
  export type OnnxValueMapType = Ort.OnnxValueMapType;
  export type NullableOnnxValueMapType = Ort.NullableOnnxValueMapType;
  export type FeedsType = Ort.FeedsType;
  export type FetchesType = Ort.FetchesType;
  export type ReturnType = Ort.ReturnType;
  export type ValueMetadataBase = Ort.ValueMetadataBase;
  export type NonTensorValueMetadata = Ort.NonTensorValueMetadata;
  export type TensorValueMetadata = Ort.TensorValueMetadata;
  export type ValueMetadata = Ort.ValueMetadata;
  export type ExecutionProviderOptionMap = Ort.ExecutionProviderOptionMap;
  export type ExecutionProviderName = Ort.ExecutionProviderName;
  export type ExecutionProviderConfig = Ort.ExecutionProviderConfig;
  export type ExecutionProviderOption = Ort.ExecutionProviderOption;
  export type CpuExecutionProviderOption = Ort.CpuExecutionProviderOption;
  export type CudaExecutionProviderOption = Ort.CudaExecutionProviderOption;
  export type DmlExecutionProviderOption = Ort.DmlExecutionProviderOption;
  export type TensorRtExecutionProviderOption = Ort.TensorRtExecutionProviderOption;
  export type WebAssemblyExecutionProviderOption = Ort.WebAssemblyExecutionProviderOption;
  export type WebGLExecutionProviderOption = Ort.WebGLExecutionProviderOption;
  export type XnnpackExecutionProviderOption = Ort.XnnpackExecutionProviderOption;
  export type WebGpuExecutionProviderOption = Ort.WebGpuExecutionProviderOption;
  export type WebNNExecutionProviderName = Ort.WebNNExecutionProviderName;
  export type WebNNContextOptions = Ort.WebNNContextOptions;
  export type WebNNOptionsWithoutMLContext = Ort.WebNNOptionsWithoutMLContext;
  export type WebNNOptionsWithMLContext = Ort.WebNNOptionsWithMLContext;
  export type WebNNOptionsWebGpu = Ort.WebNNOptionsWebGpu;
  export type WebNNExecutionProviderOption = Ort.WebNNExecutionProviderOption;
  export type QnnExecutionProviderOption = Ort.QnnExecutionProviderOption;
  export type CoreMLExecutionProviderOption = Ort.CoreMLExecutionProviderOption;
  export type NnapiExecutionProviderOption = Ort.NnapiExecutionProviderOption;
  /** Of an output: a Tensor, or natively also a sequence as an array or a map as a Map. */
  export type Value = OutputValue;
  export type SessionOptions = OwnSessionOptions;
  export type RunOptions = OwnRunOptions;
}
