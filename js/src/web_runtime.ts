import { env } from 'onnxruntime-common';
import type { InferenceSession as Ort } from 'onnxruntime-common';
import type * as OnnxRuntimeWeb from 'onnxruntime-web';
import type { Abort } from './abort.js';
import type { CoreBinding, TensorData, ValueSignature } from './binding.js';
import { embedInBatches } from './embed.js';
import type { EmbedRequest } from './embed.js';
import { InferError } from './error.js';
import type { LoadedModel } from './model_source.js';
import { warnSkipped } from './providers.js';
import type { ProviderRequest } from './providers.js';
import { Queue } from './queue.js';
import type { SessionReport, WarningList } from './report.js';
import type { RunSettings } from './run_options.js';
import type { Runtime, RuntimeSession } from './runtime.js';
import { DEFAULT_LOG_LEVEL } from './session_options.js';
import type { SessionSettings } from './session_options.js';
import { toTensor } from './tensor.js';

type Web = typeof OnnxRuntimeWeb;
type Skipped = SessionReport['providers']['skipped'][number];

/** More threads than this gain nothing in onnxruntime-web, and each costs memory. */
const MOST_THREADS = 8;
/** How onnxruntime-web shows a free dimension without a name: −1 as 32 bits without a sign. */
const UNNAMED = 4294967295;

interface Surroundings {
  readonly navigator?: { readonly hardwareConcurrency?: number; gpu?: unknown; ml?: unknown };
  readonly crossOriginIsolated?: boolean;
  readonly process?: { readonly versions?: { readonly node?: string } };
}
const surroundings = globalThis as Surroundings;

function inNode(): boolean {
  return surroundings.process?.versions?.node !== undefined;
}

/**
 * What the runtime has to be told before its first session; it holds for the whole page. Where onnxruntime-web carries
 * a copy of `env` of its own, what the user set in ours is handed over. Answers who decided about the threads.
 */
function configure(web: Web): string {
  const asked = env.wasm.numThreads;
  if (web.env !== env) {
    Object.assign(web.env.wasm, env.wasm);
    Object.assign(web.env.webgpu, env.webgpu);
    if (env.logLevel !== undefined) web.env.logLevel = env.logLevel;
  }
  if (asked) return 'as env.wasm.numThreads says';
  if (inNode()) return "onnxruntime-web's choice for this process; env.wasm.numThreads changes it";
  if (!surroundings.crossOriginIsolated) return 'the page is not cross-origin isolated';
  const cores = surroundings.navigator?.hardwareConcurrency ?? 1;
  web.env.wasm.numThreads = Math.min(cores, MOST_THREADS);
  return `the machine has ${cores} cores`;
}

async function importWeb(): Promise<Web> {
  try {
    return await import('onnxruntime-web');
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InferError(
      {
        code: 'RUNTIME_NOT_FOUND',
        message: `expected onnxruntime-web to run models with, it can't be loaded: ${reason}`,
        hint: 'npm install onnxruntime-web',
      },
      { cause: error },
    );
  }
}

/** Why a provider can't be had here; undefined when it may be tried. */
function missing(name: string): string | undefined {
  const { navigator } = surroundings;
  switch (name) {
    case 'cpu':
    case 'wasm':
    case 'webgl':
      return undefined;
    case 'webgpu':
      return navigator?.gpu ? undefined : 'there is no WebGPU here (navigator.gpu)';
    case 'webnn':
      return navigator?.ml ? undefined : 'there is no WebNN here (navigator.ml)';
    default:
      return 'onnxruntime-web does not have it';
  }
}

/** "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: No Op registered …" without what only its authors need. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const words = /ERROR_MESSAGE:\s*([^]*)$/.exec(text)?.[1] ?? text;
  return words.replace(/^\/\S+\.(cc|h):\d+ [^]*?\)\s*(const\s*)?/, '').trim();
}

function runtimeError(what: string, error: unknown): InferError {
  const message = `onnxruntime-web can't ${what}: ${wordsOf(error)}`;
  const protobuf = /ERROR_CODE: 7\b/.test(error instanceof Error ? error.message : '');
  return new InferError(
    { code: protobuf ? 'NOT_A_MODEL' : 'RUNTIME_ERROR', message },
    { cause: error },
  );
}

function signatureOf(metadata: Ort.ValueMetadata): ValueSignature {
  const { name } = metadata;
  // Which kind it is instead, onnxruntime-web does not say.
  if (!metadata.isTensor) return { name, type: 'non-tensor' as ValueSignature['type'], dims: [] };
  const dims = metadata.shape.map((dim) => (dim === UNNAMED || dim === -1 ? '' : dim));
  return { name, type: metadata.type, dims };
}

function warnThreads(warnings: WarningList): void {
  if (inNode() || surroundings.crossOriginIsolated) return;
  warnings.add(
    {
      code: 'THREADS_UNAVAILABLE',
      message: 'models run on one thread: the page is not cross-origin isolated',
      hint: 'send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    },
    'NOT_SUPPORTED',
  );
}

/** What of the user's options onnxruntime-web takes. */
function webOptions({ given }: SessionSettings, providers: readonly unknown[]): Ort.SessionOptions {
  const options: Record<string, unknown> = {
    executionProviders: providers,
    logSeverityLevel: given.logSeverityLevel ?? DEFAULT_LOG_LEVEL,
  };
  const names = [
    'graphOptimizationLevel',
    'enableCpuMemArena',
    'enableMemPattern',
    'executionMode',
    'freeDimensionOverrides',
    'logId',
    'extra',
    'externalData',
    'enableGraphCapture',
  ] as const;
  for (const name of names) if (given[name] !== undefined) options[name] = given[name];
  return options;
}

/**
 * onnxruntime-web: an optional peer dependency that is loaded with the first session. It can do one thing at a time
 * ("Session already started" otherwise), so all sessions share one queue.
 */
export class WebRuntime implements Runtime {
  readonly target = 'wasm';
  readonly readsFiles = false;
  private readonly queue = new Queue();
  private loading: Promise<Web> | undefined;
  private threads = '';

  constructor(private readonly core: () => Promise<CoreBinding>) {}

  backends(): { name: string; bundled: boolean }[] {
    return ['wasm', 'webgpu', 'webnn']
      .filter((name) => missing(name) === undefined)
      .map((name) => ({ name, bundled: true }));
  }

  async createSession(
    model: LoadedModel,
    settings: SessionSettings,
    warnings: WarningList,
    abort: Abort,
  ): Promise<RuntimeSession> {
    if ('path' in model) throw new Error('this runtime takes bytes');
    const start = performance.now();
    const web = await abort.race(this.load());
    const loaded = performance.now();
    const { session, used, skipped } = await this.create(web, model.bytes, settings, abort);
    const created = performance.now();
    try {
      warnThreads(warnings);
      warnSkipped(skipped, used, warnings);
      abort.check();
    } catch (error) {
      await session.release();
      throw error;
    }
    return new WebSession(await this.core(), this.queue, session, {
      runtime: { name: 'onnxruntime-web', version: web.env.versions.web ?? '' },
      providers: {
        asked: settings.providers.map(({ name }) => name),
        available: this.backends().map(({ name }) => name),
        used,
        skipped,
      },
      threads: { intraOp: web.env.wasm.numThreads ?? 1, interOp: 1, reason: this.threads },
      phases: { runtime: loaded - start, create: created - loaded },
    });
  }

  /** Loading can't be interrupted: what nobody waits for any more is given back once it is there. */
  private async create(
    web: Web,
    bytes: Uint8Array,
    settings: SessionSettings,
    abort: Abort,
  ): Promise<Created> {
    const turn = this.queue.add(() => {
      abort.check();
      return create(web, bytes, settings);
    });
    try {
      return await abort.race(turn);
    } catch (error) {
      turn.then(({ session }) => session.release()).catch(() => undefined);
      throw error;
    }
  }

  /** A failed load is tried again by the next session. */
  private load(): Promise<Web> {
    this.loading ??= importWeb().then(
      (web) => {
        this.threads = configure(web);
        return web;
      },
      (error: unknown) => {
        this.loading = undefined;
        throw error;
      },
    );
    return this.loading;
  }
}

interface Created {
  readonly session: Ort;
  readonly used: string[];
  readonly skipped: Skipped[];
}

/** Tries what was asked for, then WebAssembly alone: a device may refuse a model that the CPU runs. */
async function create(web: Web, bytes: Uint8Array, settings: SessionSettings): Promise<Created> {
  const skipped: Skipped[] = [];
  const tried: ProviderRequest[] = [];
  for (const request of settings.providers) {
    const reason = missing(request.name);
    if (reason === undefined) tried.push(request);
    else skipped.push({ name: request.name, reason });
  }
  // onnxruntime-web takes both names for its WebAssembly kernels.
  const names = tried.map(({ name }) => (name === 'cpu' ? 'wasm' : name));
  const devices = names.filter((name) => name !== 'wasm');
  try {
    const configs = tried.length > 0 ? tried.map(({ config }) => config) : ['wasm'];
    const session = await web.InferenceSession.create(bytes, webOptions(settings, configs));
    return { session, used: tried.length > 0 ? [...new Set(names)] : ['wasm'], skipped };
  } catch (error) {
    if (devices.length === 0) throw runtimeError('load the model', error);
    const session = await web.InferenceSession.create(bytes, webOptions(settings, ['wasm'])).catch(
      (second: unknown) => {
        throw runtimeError('load the model', second);
      },
    );
    skipped.push(...devices.map((name) => ({ name, reason: wordsOf(error) })));
    return { session, used: ['wasm'], skipped };
  }
}

/** onnxruntime-web hands texts over as C does, which ends them at the first U+0000. */
function rejectNul(feeds: Readonly<Record<string, TensorData>>): void {
  for (const [name, { data }] of Object.entries(feeds)) {
    if (!Array.isArray(data) || !data.some((text) => text.includes('\0'))) continue;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: `expected texts without U+0000 for input ${JSON.stringify(name)}: onnxruntime-web would cut them there`,
    });
  }
}

class WebSession implements RuntimeSession {
  readonly validates = false;
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];

  constructor(
    private readonly core: CoreBinding,
    private readonly queue: Queue,
    private readonly session: Ort,
    readonly report: Pick<SessionReport, 'runtime' | 'providers' | 'threads' | 'phases'>,
  ) {
    this.inputs = session.inputMetadata.map(signatureOf);
    this.outputs = session.outputMetadata.map(signatureOf);
  }

  /** An abort ends the waiting at once; a run under way goes on unheard, because WebAssembly can't be interrupted. */
  async run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: readonly string[],
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, TensorData>> {
    rejectNul(feeds);
    // Copied at once, as the addon does: the caller may change its arrays while the run waits.
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        toTensor({ type, data: data.slice(), dims }),
      ]),
    );
    const outputs = await this.queue.add(() => this.runNow(tensors, fetches, settings), abort);
    // A run on the page's own thread lets no timer fire before it ends.
    abort.check();
    return outputs;
  }

  runSync(): never {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: "runSync is not available in WebAssembly: onnxruntime-web's runs are asynchronous",
      hint: 'await session.run(feeds)',
    });
  }

  embed(request: EmbedRequest, abort: Abort) {
    const settings: RunSettings = {
      logSeverityLevel: DEFAULT_LOG_LEVEL,
      tag: '',
      configEntries: {},
      signal: undefined,
      timeoutMs: undefined,
      terminate: false,
    };
    const names = new Set(this.inputs.map(({ name }) => name));
    return embedInBatches(this.core, request, async (feeds) => {
      const wanted = Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)));
      const outputs = await this.run(wanted, [request.output], settings, abort);
      const output = outputs[request.output];
      if (!output) throw new Error('the runtime left out an output');
      return output;
    });
  }

  async dispose(): Promise<void> {
    await this.queue.add(() => this.session.release());
  }

  private async runNow(
    tensors: Ort.FeedsType,
    fetches: readonly string[],
    settings: RunSettings,
  ): Promise<Record<string, TensorData>> {
    const options: Ort.RunOptions = {
      logSeverityLevel: settings.logSeverityLevel,
      ...(settings.tag === '' ? {} : { tag: settings.tag }),
      extra: settings.configEntries,
    };
    try {
      return await this.session.run(tensors, fetches, options);
    } catch (error) {
      throw runtimeError('run the model', error);
    }
  }
}
