import { Abort } from './abort.js';
import { CachedModel, isModel, valueOf } from './cached_model.js';
import type { AnyModel, LoadModel } from './cached_model.js';
import { describe, quoted } from './describe.js';
import { InferError } from './error.js';
import { expectArguments, expectCacheOptions, expectKey } from './model_cache_options.js';
import type {
  AcquireOptions,
  ModelCacheMetrics,
  ModelCacheOptions,
} from './model_cache_options.js';
import { ModelLease } from './model_lease.js';
import { print } from './report.js';
import type { Warning } from './warning.js';

/**
 * Models for as long as somebody needs them: loaded once for all concurrent callers, kept by what was used last, within
 * a number, bytes and an age, and never disposed while in use. A model is a session, a pipeline, or anything with
 * dispose().
 *
 * The limits end models that nobody uses, the one that was used longest ago first. Where all are in use, what is asked
 * for is loaded in spite of the limits, and they are kept again as soon as leases end: a request is served late rather
 * than not at all. A model that alone is larger than `maxBytes` stays for as long as it is leased. How large one is shows
 * once it is loaded: its `report.modelBytes`, or what `load` says with `{ value, bytes }`.
 *
 * @example
 * const cache = new ModelCache({ maxModels: 4, maxBytes: 2e9, ttlMs: 600_000 });
 * const load = ({ signal }) => InferenceSession.create('model.onnx', { signal });
 * const [one, two] = await Promise.all([cache.acquire('a', load), cache.acquire('a', load)]);
 * one.value === two.value; // the same session, loaded once
 * cache.metrics().loads; // 1
 * one.release();
 * two.release();
 * await cache.dispose();
 */
export class ModelCache {
  readonly #limits: { readonly maxModels: number; readonly maxBytes: number };
  readonly #ttlMs: number | undefined;
  readonly #onWarning: (warning: Warning) => void;
  /** What acquire gives: loaded, or being loaded. */
  readonly #current = new Map<string, CachedModel>();
  /** What replace loads. Not counted until it is there. */
  readonly #replacing = new Map<string, CachedModel>();
  /** All that count: the current ones, and those that are leased after they were deleted or replaced. */
  readonly #alive = new Set<CachedModel>();
  /** Those of them that nobody uses, in the order of their last use. */
  readonly #idle = new Set<CachedModel>();
  /** Disposals under way. */
  readonly #ending = new Set<Promise<void>>();
  readonly #count = { hits: 0, misses: 0, loads: 0, failures: 0, evictions: 0 };
  readonly #loadMs = { sum: 0, max: 0 };
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposal: Promise<void> | undefined;

  /** @throws InferError INVALID_OPTION with all faults */
  constructor(options: ModelCacheOptions = {}) {
    expectCacheOptions(options);
    const { maxModels = Infinity, maxBytes = Infinity, ttlMs, onWarning = print } = options ?? {};
    this.#limits = { maxModels, maxBytes };
    this.#ttlMs = ttlMs;
    this.#onWarning = onWarning;
  }

  /**
   * The model of `key`: the one that is there, or the one that `load` brings; whoever asks meanwhile waits for the same
   * load. So the key has to say all that the model depends on. A load that fails is forgotten, and its error reaches all
   * who waited for it.
   *
   * `signal` and `timeoutMs` end the waiting of this caller alone. When all have gone, the load's own signal is aborted,
   * and what it gives all the same is disposed.
   *
   * @throws InferError ABORTED, TIMEOUT, DISPOSED, INVALID_INPUT for wrong arguments, and for what `load` gave without
   *   dispose(), of another key, or with `maxBytes` without its bytes; INVALID_OPTION; and what `load` throws
   * @example
   * const cache = new ModelCache();
   * const lease = await cache.acquire('add', () => InferenceSession.create('model.onnx'), {
   *   timeoutMs: 500,
   * });
   * lease.value.inputNames; // ['x']
   * lease.release();
   * await cache.dispose();
   */
  async acquire<T extends AnyModel>(
    key: string,
    load: LoadModel<T>,
    options?: AcquireOptions,
  ): Promise<ModelLease<T>> {
    this.#expectAlive();
    expectArguments('acquire', key, load, options);
    return Abort.during(`waiting for the model ${quoted(key)}`, options ?? {}, async (abort) => {
      const known = this.#current.get(key);
      this.#count[known?.state === 'loaded' ? 'hits' : 'misses'] += 1;
      const model = known ?? this.#begin(key, load);
      return this.#lease(model, (await this.#waitFor(model, abort)) as T);
    });
  }

  /** Is the model of `key` loaded, so that acquire() gives it without waiting? */
  has(key: string): boolean {
    return this.#current.get(key)?.state === 'loaded';
  }

  /**
   * Loads the model of `key` anew. The one that is there is served until the new one is ready, which acquire gives from
   * then on; the old one is disposed when its leases have ended. Where the load fails, the old one stays.
   *
   * For that time both are in memory: the limits do not count the new one before it is ready. A later replace() of the
   * same key aborts an earlier one, and so do delete(), clear() and dispose().
   *
   * @throws InferError as acquire does
   * @example
   * const cache = new ModelCache();
   * const old = await cache.acquire('encoder', () => InferenceSession.create('model.onnx'));
   * await cache.replace('encoder', () => InferenceSession.create('model.onnx'));
   * cache.metrics().models; // 2
   * old.release(); // now it is disposed
   * await cache.dispose();
   */
  async replace<T extends AnyModel>(
    key: string,
    load: LoadModel<T>,
    options?: AcquireOptions,
  ): Promise<void> {
    this.#expectAlive();
    expectArguments('replace', key, load, options);
    return Abort.during(`replacing the model ${quoted(key)}`, options ?? {}, async (abort) => {
      const old = this.#current.get(key);
      const served = old?.state === 'loaded' ? old : undefined;
      // Neither limits nor ttlMs shall end it meanwhile.
      if (served) this.#use(served);
      const next = this.#begin(key, load, old !== undefined);
      try {
        await this.#waitFor(next, abort);
      } finally {
        if (served) this.#leave(served);
      }
      this.#leave(next);
      void this.#makeRoom();
    });
  }

  /**
   * Takes the model out: the next acquire loads it anew. Who waits for it still gets it. Settled when it is disposed, so
   * after its leases (release yours before you wait); false when there was none.
   *
   * @throws InferError INVALID_INPUT
   */
  async delete(key: string): Promise<boolean> {
    expectKey(key);
    const replacement = this.#cancelReplacement(key, 'it was deleted');
    const model = this.#current.get(key);
    if (model) await this.#retire(model);
    return model !== undefined || replacement;
  }

  /** As delete() of all keys. */
  async clear(): Promise<void> {
    for (const key of [...this.#replacing.keys()]) this.#cancelReplacement(key, 'it was deleted');
    await Promise.all([...this.#current.values()].map((model) => this.#retire(model)));
  }

  /**
   * Ends the cache: later calls of acquire and replace fail with DISPOSED; who called acquire before gets its lease.
   * Settled when all leases have ended and all models are disposed.
   */
  dispose(): Promise<void> {
    this.#disposal ??= this.#end();
    return this.#disposal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  /** @internal */
  get disposed(): boolean {
    return this.#disposal !== undefined;
  }

  /** What became of the calls so far, and what is there now. */
  metrics(): ModelCacheMetrics {
    const models = [...this.#alive].filter(({ state }) => state === 'loaded');
    const { sum, max } = this.#loadMs;
    const { loads } = this.#count;
    return {
      ...this.#count,
      loadMs: { mean: loads === 0 ? 0 : sum / loads, max },
      models: models.length,
      bytes: this.#bytes,
      leased: models.filter(({ uses }) => uses > 0).length,
    };
  }

  #expectAlive(): void {
    if (!this.#disposal) return;
    throw new InferError({
      code: 'DISPOSED',
      message: 'the cache was disposed: it gives no model any more',
      hint: 'dispose it after the last acquire, or make another one',
    });
  }

  #begin(key: string, load: LoadModel<AnyModel>, replaces = false): CachedModel {
    const model = new CachedModel(key);
    if (replaces) {
      this.#cancelReplacement(key, 'a later replace() of it began');
      this.#replacing.set(key, model);
    } else {
      this.#current.set(key, model);
      this.#alive.add(model);
    }
    this.#load(model, load).catch((error: unknown) => {
      if (model.state === 'loading') this.#count.failures += 1;
      this.#fail(model, error);
    });
    return model;
  }

  async #load(model: CachedModel, load: LoadModel<AnyModel>): Promise<void> {
    // Memory is given back before more is taken.
    await this.#makeRoom();
    const { signal } = model.controller;
    if (signal.aborted) return;
    const start = performance.now();
    const loaded = await load({ signal });
    if (signal.aborted) {
      this.#discard(model.key, loaded);
      return;
    }
    try {
      model.take(loaded, this.#alive, this.#limits.maxBytes < Infinity);
    } catch (error) {
      this.#discard(model.key, loaded);
      throw error;
    }
    this.#note(performance.now() - start);
    this.#arrive(model);
  }

  #note(ms: number): void {
    this.#count.loads += 1;
    this.#loadMs.sum += ms;
    this.#loadMs.max = Math.max(this.#loadMs.max, ms);
  }

  #arrive(model: CachedModel): void {
    const { key } = model;
    const replaces = this.#replacing.get(key) === model;
    if (replaces) {
      const old = this.#current.get(key);
      if (old) void this.#retire(old);
      this.#replacing.delete(key);
      this.#current.set(key, model);
      this.#alive.add(model);
    }
    this.#bytes += model.bytes;
    // The model that it replaced is about to go, so that for this one replace() does it.
    if (!replaces) void this.#makeRoom();
    model.tellReady(model.value);
  }

  async #waitFor(model: CachedModel, abort: Abort): Promise<unknown> {
    this.#use(model);
    try {
      return await abort.race(model.ready);
    } catch (error) {
      this.#leave(model);
      throw error;
    }
  }

  #lease<T extends AnyModel>(model: CachedModel, value: T): ModelLease<T> {
    const onRelease = (): void => {
      this.#leave(model);
    };
    return new ModelLease(model.key, value, onRelease, () => {
      this.#warn({
        code: 'LEASE_FORGOTTEN',
        message: `a lease of the model ${quoted(model.key)} was never released`,
        hint: 'hold the lease for as long as its value is used, then release() it, best with `await using`',
      });
      onRelease();
    });
  }

  #use(model: CachedModel): void {
    model.uses += 1;
    this.#idle.delete(model);
  }

  #leave(model: CachedModel): void {
    model.uses -= 1;
    if (model.uses > 0 || model.state === 'ended') return;
    if (model.state === 'loading') this.#fail(model, this.#aborted(model.key, 'nobody waits'));
    else if (model.retired) void this.#giveBack(model);
    else {
      model.idleSince = performance.now();
      this.#idle.add(model);
      void this.#makeRoom();
      this.#setTimer();
    }
  }

  /** Ends what nobody uses until the limits are kept; settled when it is disposed. */
  async #makeRoom(): Promise<void> {
    const { maxModels, maxBytes } = this.#limits;
    const ended = [];
    for (const model of this.#idle) {
      if (this.#alive.size <= maxModels && this.#bytes <= maxBytes) break;
      this.#count.evictions += 1;
      ended.push(this.#giveBack(model));
    }
    await Promise.all(ended);
  }

  /** One for all: it looks at the model that has been idle longest. */
  #setTimer(): void {
    const [oldest] = this.#idle;
    if (this.#timer !== undefined || this.#ttlMs === undefined || !oldest) return;
    const left = oldest.idleSince + this.#ttlMs - performance.now();
    const timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#expire();
        this.#setTimer();
      },
      Math.max(0, left),
    );
    this.#timer = timer;
    // In Node it must not keep the process alive; in a page it is a number.
    (timer as { unref?: () => void }).unref?.();
  }

  #expire(): void {
    const since = performance.now() - (this.#ttlMs ?? Infinity);
    for (const model of this.#idle) {
      if (model.idleSince > since) break;
      this.#count.evictions += 1;
      void this.#giveBack(model);
    }
  }

  #retire(model: CachedModel): Promise<void> {
    if (this.#current.get(model.key) === model) this.#current.delete(model.key);
    model.retired = true;
    if (this.#idle.has(model)) void this.#giveBack(model);
    return model.gone;
  }

  #cancelReplacement(key: string, why: string): boolean {
    const model = this.#replacing.get(key);
    if (model) this.#fail(model, this.#aborted(key, why));
    return model !== undefined;
  }

  #aborted(key: string, why: string): InferError {
    return new InferError({
      code: 'ABORTED',
      message: `loading the model ${quoted(key)} was aborted: ${why}`,
    });
  }

  /** Ends what is not loaded yet. */
  #fail(model: CachedModel, error: unknown): void {
    if (model.state !== 'loading') return;
    this.#forget(model);
    if (this.#replacing.get(model.key) === model) this.#replacing.delete(model.key);
    model.controller.abort(error);
    model.tellFailed(error);
    model.tellGone();
  }

  async #giveBack(model: CachedModel): Promise<void> {
    this.#forget(model);
    this.#bytes -= model.bytes;
    if (model.value) await this.#dispose(model.key, model.value);
    model.tellGone();
  }

  #forget(model: CachedModel): void {
    model.state = 'ended';
    this.#alive.delete(model);
    this.#idle.delete(model);
    if (this.#current.get(model.key) === model) this.#current.delete(model.key);
  }

  /** What nobody waits for any more, or nobody can take. */
  #discard(key: string, loaded: unknown): void {
    const { value } = valueOf(loaded);
    const isHeld = [...this.#alive].some((model) => model.value === value);
    if (isModel(value) && !isHeld) void this.#dispose(key, value);
  }

  #dispose(key: string, value: AnyModel): Promise<void> {
    const work = this.#tryDispose(key, value).finally(() => this.#ending.delete(work));
    this.#ending.add(work);
    return work;
  }

  async #tryDispose(key: string, value: AnyModel): Promise<void> {
    try {
      await value.dispose();
    } catch (error) {
      const reason = error instanceof Error ? error.message : describe(error);
      this.#warn({
        code: 'DISPOSE_FAILED',
        message: `disposing the model ${quoted(key)} failed: ${reason}`,
      });
    }
  }

  /** Apart from what goes on: a callback that throws must leave nothing half done. */
  #warn(warning: Warning): void {
    queueMicrotask(() => {
      this.#onWarning(warning);
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    for (const key of [...this.#replacing.keys()]) {
      this.#cancelReplacement(key, 'the cache was disposed');
    }
    for (const model of [...this.#current.values()]) void this.#retire(model);
    await Promise.all([...this.#alive].map(({ gone }) => gone));
    await Promise.all(this.#ending);
  }
}
