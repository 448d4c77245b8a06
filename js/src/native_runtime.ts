import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Tensor } from 'onnxruntime-common';
import type { Abort } from './abort.js';
import type {
  Cancellation,
  ConstraintData,
  FeedRow,
  NativeBinding,
  NativeProvider,
  NativeRunOptions,
  NativeSessionOptions,
  RuntimeInfo,
  SessionHandle,
  SharedWeightsHandle,
  TensorData,
  TensorRow,
  ValueData,
} from './binding.js';
import { quoted } from './describe.js';
import type { EmbedRequest } from './embed.js';
import type { Fetches } from './fetches.js';
import { InferError, unwrap } from './error.js';
import { logTo } from './log.js';
import { turnIsYoung } from './loop_turn.js';
import type { LoadedModel } from './model_source.js';
import { addonCandidates } from './native_core.js';
import { expectOutputs, refusedOf, warnRefused } from './output_location.js';
import { sortOperators, warnFellBack } from './placement.js';
import { PROVIDERS } from './provider_table.js';
import { providerName, warnSkipped } from './providers.js';
import type { ProviderRequest } from './providers.js';
import type { WarningList } from './report.js';
import type { RunSettings } from './run_options.js';
import type { Runtime, RuntimeReport, RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';
import type { SharedSession } from './shared_session.js';
import { handleOf } from './shared_weights.js';
import { bits, isSequence, tensorTypeOf } from './tensor.js';
import type { SequenceFeed } from './tensor.js';
import { physicalCores, usableCores } from './usable_cores.js';
import type { AnyValue } from './value.js';

const require = createRequire(import.meta.url);

const LIBRARIES: Readonly<Record<string, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.dylib',
  win32: 'onnxruntime.dll',
};

function resolved(request: string): string[] {
  try {
    return [require.resolve(request)];
  } catch {
    return [];
  }
}

/**
 * Where ONNX Runtime's library can be: the file that INFERCORE_ORT_LIBRARY names, beside the addon, or in
 * onnxruntime-node.
 */
function libraryCandidates(): string[] {
  const file = LIBRARIES[process.platform] ?? 'libonnxruntime.so';
  const named = process.env['INFERCORE_ORT_LIBRARY'];
  const beside = addonCandidates()
    .flatMap(resolved)
    .map((addon) => join(dirname(addon), file));
  const peer = resolved('onnxruntime-node/package.json').map((manifest) =>
    join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch, file),
  );
  return [...(named ? [named] : []), ...beside, ...peer];
}

/** Providers that lie in the runtime's own library and need nothing beside the operating system. */
const INSIDE: readonly string[] = ['cpu', 'coreml', 'xnnpack', 'nnapi'];

/**
 * The runtime names what it was built for. CUDA and others then need a library of their own beside it; WebGPU, though
 * it is inside, a graphics driver that nobody can count on.
 */
function isBundled(provider: string, library: string): boolean {
  return (
    INSIDE.includes(provider) ||
    existsSync(join(dirname(library), providerLibrary(provider, process.platform)))
  );
}

function providerLibrary(provider: string, platform: string): string {
  const stem = `onnxruntime_providers_${provider}`;
  if (platform === 'win32') return `${stem}.dll`;
  return `lib${stem}${platform === 'darwin' ? '.dylib' : '.so'}`;
}

/** A handle of the binding that follows an Abort. */
function cancellationOf(binding: NativeBinding, abort: Abort): Cancellation {
  const cancellation = new binding.Cancellation();
  abort.onAbort((reason) => {
    cancellation.cancel(reason);
  });
  return cancellation;
}

interface Threads {
  readonly intraOp: number;
  readonly interOp: number;
  readonly reason: string;
}

function threadsOf({ intraOpNumThreads, interOpNumThreads }: SessionSettings): Threads {
  const interOp = interOpNumThreads ?? 1;
  if (intraOpNumThreads !== undefined) {
    return { intraOp: intraOpNumThreads, interOp, reason: 'as intraOpNumThreads says' };
  }
  const { count, reason } = physicalCores();
  return { intraOp: count, interOp, reason: `${reason}; waiting threads soon sleep` };
}

/**
 * Threads that wait between two operators find the next one there after some microseconds: to sleep takes longer, a fifth
 * of a short run. Threads that wait on and on take the cores that the event loop and other runs need.
 */
const BRIEF_SPINNING = {
  'session.intra_op.allow_spinning': '1',
  'session.intra_op.spin_duration_us': '20',
  'session.intra_op.spin_backoff_max': '8',
};

const DEFAULT_ENTRIES = {
  'session.inter_op.allow_spinning': '0',
  // What report.placement tells.
  'session.record_ep_graph_assignment_info': '1',
};

/** The runtime would look for a relative path beside its own library. */
function nativeProvider({ name, library, options }: ProviderRequest): NativeProvider {
  const { registered = '', generic = '' } = PROVIDERS[name] ?? {};
  const path = library === undefined ? '' : resolve(library);
  return { name, registered, generic, library: path, options };
}

function nativeOptions(
  settings: SessionSettings,
  threads: Threads,
  { externalData, onLog }: Pick<NativeSessionOptions, 'externalData' | 'onLog'>,
): NativeSessionOptions {
  const { given } = settings;
  const arena = settings.providers.find(({ name }) => name === 'cpu')?.options['use_arena'];
  return {
    providers: settings.providers.filter(({ name }) => name !== 'cpu').map(nativeProvider),
    intraOpNumThreads: threads.intraOp,
    interOpNumThreads: threads.interOp,
    graphOptimizationLevel: settings.graphLevel,
    executionMode: given.executionMode ?? 'sequential',
    enableCpuMemArena: given.enableCpuMemArena ?? arena !== '0',
    enableMemPattern: given.enableMemPattern ?? true,
    logId: given.logId ?? '',
    logSeverityLevel: settings.logSeverityLevel,
    logVerbosityLevel: given.logVerbosityLevel ?? 0,
    onLog,
    freeDimensionOverrides: given.freeDimensionOverrides ?? {},
    optimizedModelFilePath: given.optimizedModelFilePath ?? '',
    enableProfiling: given.enableProfiling ?? false,
    profileFilePrefix: given.profileFilePrefix ?? 'onnxruntime_profile',
    externalData,
    configEntries: {
      ...DEFAULT_ENTRIES,
      ...('session.intra_op.allow_spinning' in settings.configEntries ? {} : BRIEF_SPINNING),
      ...settings.configEntries,
    },
    constraints: settings.constraints,
    sharedWeights: given.sharedWeights && handleOf(given.sharedWeights),
  };
}

/** @throws InferError INVALID_OPTION for an output that the model does not make */
function judgeLocations(
  { given: { preferredOutputLocation: asked } }: SessionSettings,
  { outputs, providers }: SessionHandle,
  warnings: WarningList,
): void {
  const names = outputs.map(({ name }) => name);
  expectOutputs(asked, names);
  const hint = 'outputs of native sessions come to the CPU, into tensors that you may bring';
  warnRefused(refusedOf(asked, ['cpu']), providers.used, hint, warnings);
}

function sharedOf({ sharedWeights }: SessionHandle): Pick<RuntimeReport, 'sharedWeights'> {
  if (!sharedWeights) return {};
  const { bytes, reused } = sharedWeights;
  return { sharedWeights: { bytes, reused } };
}

function warnUnshared({ sharedWeights, providers }: SessionHandle, warnings: WarningList): void {
  if (!sharedWeights) return;
  const devices = providers.used.filter((name) => name !== 'cpu');
  if (sharedWeights.reason !== undefined) {
    const message = `sharedWeights has no effect: ${sharedWeights.reason}`;
    warnings.add({ code: 'WEIGHTS_NOT_SHARED', message }, 'NOT_SUPPORTED');
  } else if (devices.length > 0) {
    const message = `weights of operators on ${devices.join(', ')} are not shared: each session has them there for itself`;
    warnings.add({ code: 'WEIGHTS_NOT_SHARED', message }, 'NOT_SUPPORTED');
  }
}

/** ONNX Runtime through the addon: runs on the library's threads, and ends inside a run when it is asked to. */
export class NativeRuntime implements Runtime {
  readonly target = 'native';
  readonly readsFiles = true;
  private info: RuntimeInfo | undefined;
  private loading: Promise<RuntimeInfo> | undefined;

  /** @param loadBinding loads the addon; called when it is first needed */
  constructor(private readonly loadBinding: () => NativeBinding) {}

  /** The threads of the addon's pool. */
  get concurrency(): number {
    return usableCores().count;
  }

  backends(): { name: string; bundled: boolean }[] {
    this.info ??= unwrap(this.loadBinding().loadRuntimeSync(libraryCandidates()));
    const { path, providers } = this.info;
    // The runtime names the fastest first; onnxruntime-node's list begins with the CPU.
    const names = providers.map(providerName).reverse();
    return names.map((name) => ({ name, bundled: isBundled(name, path) }));
  }

  async createSession(
    model: LoadedModel,
    settings: SessionSettings,
    warnings: WarningList,
    abort: Abort,
  ): Promise<RuntimeSession> {
    const binding = this.loadBinding();
    const start = performance.now();
    const info = await this.load(binding);
    const loaded = performance.now() - start;
    const threads = threadsOf(settings);
    const handle = unwrap(
      await binding.createSession(
        'path' in model ? model.path : model.bytes,
        nativeOptions(settings, threads, {
          externalData: model.external,
          onLog: logTo(settings.given, warnings),
        }),
        cancellationOf(binding, abort),
      ),
    );
    const { used, skipped } = handle.providers;
    const placement = handle.placement?.map(({ provider, nodes, operators }) => ({
      provider: providerName(provider),
      nodes,
      operators: sortOperators(operators),
    }));
    try {
      for (const warning of info.warnings) warnings.add(warning);
      warnSkipped(skipped, used, warnings);
      judgeLocations(settings, handle, warnings);
      warnFellBack(placement ?? [], used, warnings);
      warnUnshared(handle, warnings);
    } catch (error) {
      await handle.dispose();
      throw error;
    }
    return new NativeSession(binding, handle, settings.logSeverityLevel, {
      runtime: { name: 'onnxruntime', version: info.version, path: info.path },
      providers: {
        asked: settings.providers.map(({ name }) => name),
        available: info.providers.map(providerName),
        used,
        skipped,
      },
      ...(placement && { placement }),
      ...sharedOf(handle),
      threads,
      phases: { runtime: loaded, ...handle.phases },
    });
  }

  sharedWeights(): SharedWeightsHandle {
    return this.loadBinding().createSharedWeights();
  }

  /** The library is the process's: it is there, since a session is. */
  attach({ token, report }: SharedSession, { logSeverityLevel }: SessionSettings): RuntimeSession {
    const binding = this.loadBinding();
    const handle = unwrap(binding.attachSession(token));
    const { runtime, providers, threads, placement, sharedWeights } = report;
    return new NativeSession(binding, handle, logSeverityLevel, {
      runtime,
      providers,
      ...(placement && { placement }),
      ...(sharedWeights && { sharedWeights }),
      threads,
      phases: {},
    });
  }

  private load(binding: NativeBinding): Promise<RuntimeInfo> {
    if (this.info) return Promise.resolve(this.info);
    this.loading ??= this.loadOnce(binding).finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  /**
   * exit() destroys the runtime's static objects one by one, also those that another thread is still making: the process
   * then crashes, or the runtime prints errors. So a process that ends now waits until it is made, some tens of
   * milliseconds; from then on the addon ends what is under way.
   */
  private async loadOnce(binding: NativeBinding): Promise<RuntimeInfo> {
    const candidates = libraryCandidates();
    const waitForIt = () => {
      binding.loadRuntimeSync(candidates);
    };
    process.once('exit', waitForIt);
    try {
      this.info = unwrap(await binding.loadRuntime(candidates));
      return this.info;
    } finally {
      process.off('exit', waitForIt);
    }
  }
}

function rowsOf(feeds: Readonly<Record<string, TensorData | SequenceFeed>>): FeedRow[] {
  const rows: FeedRow[] = [];
  for (const name of Object.keys(feeds)) {
    const feed = feeds[name];
    if (feed && isSequence(feed)) rows.push(sequenceRow(name, feed));
    else if (feed) rows.push([name, feed.type, feed.data, feed.dims]);
  }
  return rows;
}

function sequenceRow(name: string, { elements }: SequenceFeed): FeedRow {
  const rows = elements.map(({ type, data, dims }) => ['', type, data, dims] as const);
  return [name, 'sequence', rows, []];
}

/**
 * Tensors to write into go along where the model can write into the memory of all of them: into each or into none, when
 * one does not fit.
 */
function fetchRows({ names, given, all }: Fetches): readonly (string | TensorRow)[] {
  if (given.size === 0) return all ? [] : names;
  const rows: (string | TensorRow)[] = [];
  for (const name of names) {
    const target = given.get(name);
    const row = target ? rowOf(name, target) : name;
    if (!row) return names;
    rows.push(row);
  }
  return rows;
}

/** Undefined for memory that is not on the CPU, and for texts. */
function rowOf(name: string, target: Tensor): TensorRow | undefined {
  const {
    type,
    dims,
    location = 'cpu',
  } = target as Pick<Tensor, 'type' | 'dims'> & {
    location?: string;
  };
  if (type === 'string' || !tensorTypeOf(type) || !Array.isArray(dims)) return undefined;
  if (location !== 'cpu' && location !== 'cpu-pinned') return undefined;
  const { data } = target;
  if (!ArrayBuffer.isView(data)) return undefined;
  // What is resized while another thread writes is gone under its hands.
  if ((data.buffer as { resizable?: boolean }).resizable === true) return undefined;
  return [name, type, bits(data), dims];
}

/** Undefined for the defaults, which are the session's: most runs have no others. */
function nativeRunOptions(
  { logSeverityLevel, logVerbosityLevel, tag, configEntries }: RunSettings,
  sessionLevel: SessionSettings['logSeverityLevel'],
): NativeRunOptions | undefined {
  if (
    logSeverityLevel === sessionLevel &&
    logVerbosityLevel === 0 &&
    tag === '' &&
    Object.keys(configEntries).length === 0
  ) {
    return undefined;
  }
  return { logSeverityLevel, logVerbosityLevel, tag, configEntries };
}

/** @throws InferError INVALID_INPUT for memory that was transferred elsewhere while a run wrote into it */
function expectThere(name: string, target: Tensor): void {
  const { location = 'cpu' } = target as Partial<Tensor>;
  if (location !== 'cpu' && location !== 'cpu-pinned') return;
  if (target.data.length > 0 || target.dims.includes(0)) return;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected the memory for output ${quoted(name)} until the run is done, it was transferred meanwhile`,
    hint: 'transfer it when the promise is settled',
  });
}

/** What was written into the tensor that came for it is left out. */
function byName(
  { names }: Fetches,
  values: readonly (ValueData | null)[],
): Record<string, AnyValue> {
  const results: Record<string, AnyValue> = {};
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i];
    const value = values[i];
    if (name !== undefined && value) results[name] = value;
  }
  return results;
}

class NativeSession implements RuntimeSession {
  readonly validates = true;
  readonly locations: readonly string[] = [];
  readonly sequences = true;

  constructor(
    private readonly binding: NativeBinding,
    private readonly handle: SessionHandle,
    private readonly logLevel: SessionSettings['logSeverityLevel'],
    readonly report: RuntimeReport,
  ) {}

  get inputs() {
    return this.handle.inputs;
  }

  get feedable() {
    return this.handle.feedable;
  }

  get outputs() {
    return this.handle.outputs;
  }

  get tables() {
    return this.handle.tables;
  }

  constrain(constraints: ConstraintData): void {
    this.handle.constrain(constraints);
  }

  async run(
    feeds: Readonly<Record<string, TensorData | SequenceFeed>>,
    fetches: Fetches,
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, AnyValue>> {
    const outcome = await this.handle.run(
      rowsOf(feeds),
      fetchRows(fetches),
      nativeRunOptions(settings, this.logLevel),
      abort.endless ? undefined : cancellationOf(this.binding, abort),
      turnIsYoung(),
    );
    const values = unwrap(outcome);
    for (const [name, target] of fetches.given) expectThere(name, target);
    return byName(fetches, values);
  }

  runSync(
    feeds: Readonly<Record<string, TensorData | SequenceFeed>>,
    fetches: Fetches,
    settings: RunSettings,
  ): Record<string, AnyValue> {
    const outcome = this.handle.runSync(
      rowsOf(feeds),
      fetchRows(fetches),
      nativeRunOptions(settings, this.logLevel),
    );
    return byName(fetches, unwrap(outcome));
  }

  share(): string {
    return unwrap(this.handle.share());
  }

  endProfiling(): string | undefined {
    return unwrap(this.handle.endProfiling());
  }

  async embed(request: EmbedRequest, abort: Abort) {
    const { tokenizer, texts, options, dense, output, onProgress } = request;
    const cancellation = cancellationOf(this.binding, abort);
    return unwrap(
      await this.handle.embed(tokenizer, texts, options, dense, output, cancellation, onProgress),
    );
  }

  dispose(): Promise<void> {
    return this.handle.dispose();
  }
}
