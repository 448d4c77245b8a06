import { env } from 'onnxruntime-common';
import { Abort } from '../abort.js';
import { coreBinding } from '../core.js';
import { env as ownEnv } from '../core_settings.js';
import { InferError, failureIn } from '../error.js';
import type { Failure } from '../error.js';
import { createFeatureExtraction } from '../feature_extraction.js';
import type { FeatureExtraction } from '../feature_extraction.js';
import { openSession } from '../open_session.js';
import { WarningList } from '../report.js';
import { provideRuntime } from '../runtime.js';
import type { RuntimeSession } from '../runtime.js';
import type { ProgressEvent } from '../source.js';
import { tensorsOf } from '../value.js';
import type { Warning } from '../warning.js';
import { ModuleEnded } from '../web_error.js';
import { provideAddresses } from '../web_module.js';
import { WebRuntime } from '../web_runtime.js';
import type { CallName, Calls, Environment, Message, Request } from './protocol.js';
import { transferables } from './transfer.js';

/** What of a worker's global scope is used. */
export interface WorkerScope {
  postMessage(message: Message, transfer?: readonly Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { data: Request }) => void): void;
}

interface Context {
  readonly signal: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}
type Answer<Name extends CallName> = [
  result: Calls[Name]['result'],
  transfer?: readonly Transferable[],
];
type Calling<Name extends CallName> = (
  argument: Calls[Name]['argument'],
  context: Context,
) => Promise<Answer<Name>>;

/** The worker's side: the same code as in a page, asked by messages. It holds one session or one pipeline. */
export class Host {
  #session: RuntimeSession | undefined;
  #extract: FeatureExtraction | undefined;
  readonly #calls = new Map<number, AbortController>();
  readonly #answers: { readonly [Name in CallName]: Calling<Name> } = {
    openSession: (argument, context) => this.#openSession(argument, context),
    openPipeline: (argument, context) => this.#openPipeline(argument, context),
    run: (argument, context) => this.#run(argument, context),
    embed: (argument, context) => this.#embed(argument, context),
  };

  constructor(private readonly scope: WorkerScope) {
    scope.addEventListener('message', ({ data }) => {
      if (data.call === 'abort') this.#calls.get(data.id)?.abort();
      else void this.#answer(data.id, this.#calling(data));
    });
  }

  #calling(
    request: Exclude<Request, { call: 'abort' }>,
  ): (context: Context) => Promise<Answer<CallName>> {
    const { call, argument } = request;
    const calling = this.#answers[call] as Calling<CallName>;
    return (context) => calling(argument, context);
  }

  async #answer(id: number, work: (context: Context) => Promise<Answer<CallName>>): Promise<void> {
    const controller = new AbortController();
    this.#calls.set(id, controller);
    try {
      const [result, transfer] = await work({
        signal: controller.signal,
        onProgress: (event) => {
          this.scope.postMessage({ kind: 'progress', id, event });
        },
      });
      this.scope.postMessage({ kind: 'result', id, result }, transfer ?? []);
    } catch (error) {
      this.scope.postMessage(this.#messageOf(error, id));
    } finally {
      this.#calls.delete(id);
    }
  }

  /** A module that ended while it ran can only be had again in another worker; one that is being opened, the page drops. */
  #messageOf(error: unknown, id: number): Message {
    if (error instanceof ModuleEnded && (this.#session ?? this.#extract)) {
      return { kind: 'ended', reason: error.summary };
    }
    return { kind: 'error', id, ...described(error) };
  }

  readonly #warn = (warning: Warning): void => {
    this.scope.postMessage({ kind: 'warning', warning });
  };

  async #openSession(
    { environment, recipe }: Calls['openSession']['argument'],
    { onProgress }: Context,
  ): Promise<Answer<'openSession'>> {
    settle(environment);
    const { source, settings } = recipe;
    const warnings = new WarningList(settings.given.fallback ?? 'warn', this.#warn);
    const abort = new Abort('loading the model');
    const { session, phases, size } = await openSession(
      typeof source === 'string' || source instanceof Blob
        ? source
        : await source.bytes.arrayBuffer(),
      { ...settings, given: { ...settings.given, onProgress } },
      warnings,
      abort,
    );
    this.#session = session;
    const { inputs, feedable, outputs, report } = session;
    return [{ inputs, feedable, outputs, report, phases, size, warnings: warnings.list }];
  }

  async #openPipeline(
    { environment, recipe }: Calls['openPipeline']['argument'],
    { onProgress }: Context,
  ): Promise<Answer<'openPipeline'>> {
    settle(environment);
    const { model, options } = recipe;
    this.#extract = await createFeatureExtraction(model, {
      onProgress,
      onWarning: this.#warn,
      ...options,
    });
    return [{ report: this.#extract.report }];
  }

  async #run(
    { feeds, fetches, settings }: Calls['run']['argument'],
    { signal }: Context,
  ): Promise<Answer<'run'>> {
    const session = opened(this.#session);
    const rest = { signal: undefined, timeoutMs: undefined, priority: undefined, terminate: false };
    const abort = new Abort('the run', signal);
    const wanted = { names: fetches, given: new Map(), all: false };
    const results = await session.run(feeds, wanted, { ...settings, ...rest }, abort);
    // The page has asked for outputs on the CPU, and WebAssembly makes nothing but tensors.
    const outputs = tensorsOf(results);
    return [{ outputs, providers: session.report.providers }, transferables(outputs)];
  }

  async #embed(
    { texts, options }: Calls['embed']['argument'],
    { signal, onProgress }: Context,
  ): Promise<Answer<'embed'>> {
    const extract = opened(this.#extract);
    const vectors = await extract(texts, { signal, onProgress, ...options });
    const data = vectors.data as Float32Array;
    const result = { data, dims: vectors.dims, report: extract.report };
    return [result, transferables({ vectors: { type: 'float32', data, dims: vectors.dims } })];
  }
}

function opened<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing was opened in this worker');
  return value;
}

function described(error: unknown): { failure: Failure; cause: string | undefined } {
  const failure: Failure =
    error instanceof InferError
      ? failureIn(error)
      : { code: 'RUNTIME_ERROR', message: `the worker failed: ${String(error)}` };
  const cause = error instanceof InferError ? error.cause : undefined;
  return { failure, cause: cause instanceof Error ? String(cause) : undefined };
}

/** The page's settings, and where the page found onnxruntime-web. */
function settle({ wasm, webgpu, logLevel, core, runtime }: Environment): void {
  Object.assign(env.wasm, wasm);
  Object.assign(env.webgpu, webgpu);
  if (logLevel !== undefined) env.logLevel = logLevel;
  ownEnv.core = core;
  provideAddresses(runtime);
  provideRuntime(new WebRuntime(coreBinding));
}
