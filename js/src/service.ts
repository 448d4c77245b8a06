import { Abort } from './abort.js';
import { loadCore } from './core.js';
import { InferError } from './error.js';
import type { SessionMetrics } from './metrics.js';
import { ModelCache } from './model_cache.js';
import type { ModelLease } from './model_lease.js';
import { expectOptions, flag, milliseconds } from './option.js';
import type { ServedModel } from './served_model.js';
import { messageOf } from './service_health.js';
import type { HealthOptions, ServiceHealth, ServiceState } from './service_health.js';
import {
  checkServiceOptions,
  DRAIN_MS,
  endsOf,
  isCache,
  replaceableOptions,
} from './service_options.js';
import type {
  EmbeddingServiceOptions,
  GivenOptions,
  ReplaceOptions,
  ServiceKinds,
  TensorServiceOptions,
} from './service_options.js';
import { RequestCounts, ServiceRequests } from './service_requests.js';
import { nextServiceKey, ServiceVersion } from './service_version.js';

const DRAIN_TIMEOUT_MS = 10_000;
const CHECK_TIMEOUT_MS = 5000;

/** What became of the requests that were under way when drain() was called. */
export interface DrainReport {
  readonly finished: number;
  /** That took longer than `timeoutMs`: their callers got DISPOSED. */
  readonly aborted: number;
}

/**
 * A model that a back end serves: requests, health, metrics, a new version without a failed request, and an end without one.
 * Made by createService().
 *
 * A request is of one version from its beginning to its end. What a request may not do (QUEUE_FULL, TIMEOUT, DISPOSED while
 * the service ends) is told by the error's code.
 */
export class Service<Kind extends keyof ServiceKinds = 'tensors'> {
  readonly name: string;
  /**
   * Serves a request: as session.run, or with `task: 'feature-extraction'` as a pipeline.
   *
   * @throws InferError as these do; DISPOSED once drain() was called
   */
  readonly run: ServiceKinds[Kind]['run'];
  readonly #cache: ModelCache;
  readonly #ownsCache: boolean;
  readonly #key: string;
  readonly #drainTimeoutMs: number;
  readonly #counts = new RequestCounts();
  readonly #requests = new ServiceRequests();
  /** Old versions whose last requests are under way. */
  readonly #leaving = new Set<Promise<unknown>>();
  #current: ServiceVersion;
  #versions = 0;
  #replacements = 0;
  #replacement: AbortController | undefined;
  #replaceFault: string | undefined;
  #drained: Promise<DrainReport> | undefined;
  #stopped = false;

  /** @internal */
  constructor(given: GivenOptions) {
    const { name = 'service', cache, drainTimeoutMs = DRAIN_TIMEOUT_MS, onWarning } = given;
    this.name = name;
    this.#ownsCache = !isCache(cache);
    this.#cache = isCache(cache)
      ? cache
      : new ModelCache({ ...(onWarning && { onWarning }), ...cache });
    this.#key = nextServiceKey(name);
    this.#drainTimeoutMs = drainTimeoutMs;
    this.#current = this.#version(given);
    const run = (...args: readonly unknown[]) => this.#serve(args);
    this.run = run;
  }

  get state(): ServiceState {
    if (this.#stopped) return 'stopped';
    if (this.#drained) return 'draining';
    return this.#replacement ? 'replacing' : 'ready';
  }

  /** Of the version that serves. */
  get version(): string {
    return this.#current.name;
  }

  /**
   * May requests be sent here? Not once drain() was called, and not as long as health() says 'failing'. Where the model could
   * not be loaded again, both begin to try it once more, a second after the last time or later.
   */
  ready(): boolean {
    if (this.#drained) return false;
    this.#current.heal();
    return this.#failures().length === 0;
  }

  /**
   * How the service is. It fails for wrong options alone, and asks the model for nothing unless with `deep`, so that a probe
   * may call it each second.
   *
   * @throws InferError INVALID_OPTION
   * @example
   * const service = await createService({ model: 'model.onnx', name: 'encoder' });
   * const { status, ready, reasons } = await service.health({ deep: true });
   * status; // 'ok'
   * ready; // true
   * await service.drain();
   */
  async health(options: HealthOptions = {}): Promise<ServiceHealth> {
    expectOptions('options of health', options, { deep: flag, timeoutMs: milliseconds });
    const { deep = false, timeoutMs = CHECK_TIMEOUT_MS } = options;
    if (deep && !this.#drained) await this.#current.check(timeoutMs);
    const { health, key, name } = this.#current;
    const failures = this.#failures();
    const reasons = [...failures, ...health.concerns, ...this.#concerns()];
    return {
      status: failures.length > 0 ? 'failing' : reasons.length > 0 ? 'degraded' : 'ok',
      ready: this.ready(),
      state: this.state,
      reasons,
      name: this.name,
      version: name,
      loaded: this.#cache.has(key),
      target: health.report?.target ?? 'native',
      providers: [...(health.report?.providers.used ?? [])],
      inFlight: this.#counts.inFlight,
      queued: Math.max(0, this.#requests.size - this.#counts.inFlight),
      replacements: this.#replacements,
      ...(health.check && { knownInputs: health.check }),
    };
  }

  /**
   * What it did since it was made, over all versions; toPrometheus() makes text of it. What `health` runs is not counted,
   * refused requests are.
   */
  // eslint-disable-next-line @typescript-eslint/require-await -- asynchronous as session.metrics()
  async metrics(): Promise<SessionMetrics> {
    return this.#counts.snapshot();
  }

  /**
   * Brings a new version: loads, verifies and warms it up while the old one serves, then lets all new requests go there. The
   * old one is disposed after its last request. Where this fails, the old one stays, the error is thrown, and health() says so
   * until a later one succeeds.
   *
   * Options that are left out stay as they were, `knownInputs` too: give `[]` for none. For a time both are in memory. A later
   * call aborts an earlier one, and so does drain().
   *
   * @throws InferError as createService(); ABORTED, DISPOSED
   * @example
   * const service = await createService({ model: 'model.onnx', version: '2026-10' });
   * await service.replace({ model: 'model.onnx', version: '2026-11' });
   * service.version; // '2026-11'
   * await service.drain();
   */
  async replace(options: ReplaceOptions<ServiceKinds[Kind]['options']>): Promise<void> {
    this.#expectServing();
    const changed = replaceableOptions(options);
    // Its name is of one version, and its signal of one loading.
    const kept = { ...this.#current.given };
    delete kept.version;
    delete kept.signal;
    const given = checkServiceOptions({ ...kept, ...changed });
    const version = this.#version(given);
    const replacement = new AbortController();
    this.#replacement?.abort(endedBy('a later replace() began'));
    this.#replacement = replacement;
    const held = this.#hold();
    const bringing = this.#bring(version, given.signal, replacement);
    this.#leave(bringing.then(() => undefined).catch(() => version.loaded()));
    try {
      const lease = await bringing;
      if (!replacement.signal.aborted) this.#swap(version, lease);
      else {
        lease.release();
        this.#leave(version.end());
        throw endedBy('it came too late');
      }
    } catch (error) {
      const ended = error instanceof InferError && error.code === 'ABORTED';
      if (!ended) this.#replaceFault = `version ${version.name}: ${messageOf(error)}`;
      throw causeOf(error, replacement);
    } finally {
      (await held)?.release();
      if (this.#replacement === replacement) this.#replacement = undefined;
    }
  }

  /**
   * Ends the service: new requests fail with DISPOSED, those under way may end within `timeoutMs` (default: the option
   * `drainTimeoutMs`) and are aborted then, and the model is disposed. Settled when all is done; again it gives the same.
   *
   * @throws InferError INVALID_OPTION
   * @example
   * const service = await createService({ model: 'model.onnx' });
   * const { finished, aborted } = await service.drain({ timeoutMs: 500 });
   * service.state; // 'stopped'
   */
  async drain(options: { timeoutMs?: number } = {}): Promise<DrainReport> {
    expectOptions('options of drain', options, { timeoutMs: DRAIN_MS });
    this.#drained ??= this.#end(options.timeoutMs ?? this.#drainTimeoutMs);
    return this.#drained;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain();
  }

  /** @internal */
  async start(): Promise<void> {
    const { key, load, given } = this.#current;
    try {
      const { signal } = given;
      const lease = await Abort.during('loading the model', { signal }, (abort) =>
        this.#cache.acquire(key, load, { signal: abort.asSignal() }),
      );
      lease.release();
    } catch (error) {
      await this.drain();
      throw error;
    }
  }

  async #serve([input, ...rest]: readonly unknown[]): Promise<unknown> {
    const version = this.#current;
    const { signal, timeoutMs = version.given.timeoutMs } = endsOf(rest);
    const request = this.#requests.begin();
    try {
      this.#expectServing();
      const result = await Abort.during('the request', { signal }, async (abort) => {
        abort.onAbort(() => {
          request.abort();
        });
        const [lease, ends] = await version.lease({ signal: request.signal, timeoutMs });
        try {
          return await lease.value.run([input, ...rest], ends);
        } finally {
          lease.release();
        }
      });
      version.health.ran();
      return result;
    } catch (error) {
      version.health.runFailed(error);
      const cause = causeOf(error, request);
      this.#counts.refused(cause);
      throw cause;
    } finally {
      this.#requests.end(request);
    }
  }

  #version(given: GivenOptions): ServiceVersion {
    this.#versions += 1;
    return new ServiceVersion(given, this.#cache, this.#counts, this.#key, this.#versions);
  }

  /** While the next version is loaded, neither limits nor ttlMs shall end this one. */
  #hold(): Promise<ModelLease<ServedModel>> | undefined {
    const { key, load } = this.#current;
    return this.#cache.has(key) ? this.#cache.acquire(key, load) : undefined;
  }

  #bring(
    { key, load }: ServiceVersion,
    signal: AbortSignal | undefined,
    replacement: AbortController,
  ): Promise<ModelLease<ServedModel>> {
    return Abort.during('replacing the model', { signal }, (abort) => {
      abort.onAbort(() => {
        replacement.abort();
      });
      return this.#cache.acquire(key, load, { signal: replacement.signal });
    });
  }

  /** Limits that both versions together exceed shall not end the new one: it is held until the old one is gone. */
  #swap(version: ServiceVersion, lease: ModelLease<ServedModel>): void {
    const old = this.#current;
    this.#current = version;
    this.#replacements += 1;
    this.#replaceFault = undefined;
    this.#leave(
      old.end().finally(() => {
        lease.release();
      }),
    );
  }

  #leave(gone: Promise<void>): void {
    const leaving = gone.finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #failures(): string[] {
    const list = [...this.#current.health.failures];
    if (this.#cache.disposed && !this.#drained) {
      list.push('the cache was disposed: it gives no model any more');
    }
    return list;
  }

  #concerns(): string[] {
    const list = [];
    if (this.#replaceFault !== undefined) {
      list.push(
        `the last replace() failed, version ${this.version} serves on: ${this.#replaceFault}`,
      );
    }
    if (this.#drained) list.push(`the service is ${this.state}: it takes no new requests`);
    return list;
  }

  #expectServing(): void {
    if (!this.#drained) return;
    throw new InferError({
      code: 'DISPOSED',
      message: `the service ${JSON.stringify(this.name)} is ${this.state}: it takes no new requests`,
      hint: 'send them to another instance',
    });
  }

  async #end(timeoutMs: number): Promise<DrainReport> {
    this.#replacement?.abort(endedBy('the service is drained'));
    const open = this.#requests.size;
    const done = await this.#requests.noneWithin(timeoutMs);
    const aborted = this.#requests.size;
    if (!done) this.#requests.abortAll(this.#late(timeoutMs));
    await this.#requests.none();
    this.#leave(this.#current.end());
    // A replacement that came too late leaves after the others.
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
    if (this.#ownsCache) await this.#cache.dispose();
    this.#stopped = true;
    return { finished: open - aborted, aborted };
  }

  #late(timeoutMs: number): InferError {
    return new InferError({
      code: 'DISPOSED',
      message: `the request was aborted: the service ${JSON.stringify(this.name)} ends, and the ${timeoutMs} ms for what was under way are over`,
      hint: 'send it to another instance; drainTimeoutMs says how long it may take',
    });
  }
}

function endedBy(why: string): InferError {
  return new InferError({ code: 'ABORTED', message: `replacing the model was aborted: ${why}` });
}

/** What the service itself ended, it tells in its own words (nobody else gives a reason); all else stays as it is. */
function causeOf(error: unknown, { signal }: AbortController): unknown {
  const ended = error instanceof InferError && error.code === 'ABORTED' && signal.aborted;
  return ended && signal.reason instanceof InferError ? signal.reason : error;
}

/**
 * One object for a back end: loads a model or a pipeline, verifies and warms it up, and serves requests within its
 * limits.
 *
 * It is settled when requests can be served, and fails where they never could: a process that can't serve had better end
 * and be seen. A server may listen before that: until the promise is settled it is alive, and not ready.
 *
 * @throws InferError INVALID_OPTION with all faults of the options at once; VERIFY_FAILED for `knownInputs` that do not
 *   come out; what InferenceSession.create or pipeline() throw
 * @example
 * const service = await createService({
 *   model: 'model.onnx',
 *   maxConcurrency: 2,
 *   maxQueue: 100,
 *   timeoutMs: 60_000,
 *   batching: { maxBatch: 16, maxWaitMs: 2 },
 *   knownInputs: {
 *     inputs: { x: new Tensor('float32', [1, 2], [2]) },
 *     expected: { y: new Tensor('float32', [1, 2], [2]) },
 *   },
 * });
 * const { y } = await service.run({ x: new Tensor('float32', [3], [1]) });
 * (await service.metrics()).runs; // 1
 * await service.drain();
 */
export function createService(
  options: EmbeddingServiceOptions,
): Promise<Service<'feature-extraction'>>;
export function createService(options: TensorServiceOptions): Promise<Service>;
export function createService(
  options: TensorServiceOptions | EmbeddingServiceOptions,
): Promise<Service | Service<'feature-extraction'>>;
export async function createService(options: GivenOptions): Promise<Service<keyof ServiceKinds>> {
  // Names are compared in the core: «did you mean».
  await loadCore();
  const service = new Service<keyof ServiceKinds>(checkServiceOptions(options));
  await service.start();
  return service;
}
