import { Abort, throwIfAborted } from './abort.js';
import type { LoadModel } from './cached_model.js';
import { InferError } from './error.js';
import type { Metrics } from './metrics.js';
import type { ModelCache } from './model_cache.js';
import type { ModelLease } from './model_lease.js';
import { currentRuntime } from './runtime.js';
import { loadServed } from './served_model.js';
import type { ServedModel } from './served_model.js';
import { VersionHealth } from './service_health.js';
import { batchOptions } from './service_options.js';
import type { GivenOptions, RequestEnds } from './service_options.js';

/** No two services share a model: each counts and drains its own. */
let services = 0;
export function nextServiceKey(name: string): string {
  services += 1;
  return `${name} #${services}`;
}

/** A deep health check, one for all who ask meanwhile. */
interface SharedCheck {
  readonly done: Promise<void>;
  readonly end: AbortController;
  askers: number;
}

/** One version of a service's model: what it is made of, where the cache has it, and how it is. */
export class ServiceVersion {
  readonly key: string;
  readonly name: string;
  readonly health: VersionHealth;
  readonly #ending = new AbortController();
  #check: SharedCheck | undefined;
  #reloading: Promise<unknown> | undefined;
  /** Settled when no load is under way. */
  #loads: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param number counted over all versions of the service whose `key` it is */
  constructor(
    readonly given: GivenOptions,
    private readonly cache: ModelCache,
    private readonly counts: Metrics,
    key: string,
    number: number,
  ) {
    this.name = given.version ?? String(number);
    this.key = `${key}, version ${this.name} (${number})`;
    this.health = new VersionHealth(given.fallback === 'allow');
  }

  /** For the cache, whenever it has the model no more: what is not verified never serves. */
  readonly load: LoadModel<ServedModel> = ({ signal }) => {
    const load = this.#load(signal);
    this.#loads = Promise.allSettled([this.#loads, load]);
    return load;
  };

  /** Its model. Where the cache ended it, the load is the service's own: it goes on when who asked for it has gone. */
  async lease({ signal, timeoutMs }: RequestEnds): Promise<[ModelLease<ServedModel>, RequestEnds]> {
    if (this.cache.has(this.key)) {
      return [await this.cache.acquire(this.key, this.load), { signal, timeoutMs }];
    }
    this.#expectRoom();
    this.#waiting += 1;
    const start = performance.now();
    try {
      const lease = await Abort.during('the request', { signal, timeoutMs }, (abort) => {
        this.#reload();
        return this.cache.acquire(this.key, this.load, { signal: abort.asSignal() });
      });
      if (timeoutMs === undefined) return [lease, { signal }];
      const left = timeoutMs - Math.round(performance.now() - start);
      return [lease, { signal, timeoutMs: Math.max(1, left) }];
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Tries again what could not be loaded, now and then. */
  heal(): void {
    if (this.health.mayHeal) this.#reload();
  }

  /**
   * Loads the model where it has to and runs the known inputs, once for all who ask meanwhile; `timeoutMs` is this
   * caller's own. What comes of it stands in `health`.
   */
  async check(timeoutMs: number): Promise<void> {
    const check = (this.#check ??= this.#beginCheck());
    check.askers += 1;
    try {
      await Abort.during('the health check', { timeoutMs }, (abort) => abort.race(check.done));
    } catch (error) {
      this.health.unchecked(error);
    } finally {
      check.askers -= 1;
      if (check.askers === 0) this.#endCheck(check);
    }
  }

  /** Ends what nobody asked for or needs any more: checks and loads. Settled when the model is gone. */
  async end(): Promise<void> {
    this.#ending.abort();
    if (this.#check) this.#endCheck(this.#check);
    await Promise.all([this.cache.delete(this.key), this.loaded()]);
  }

  /** Settled when no load of it is under way, also one that nobody waits for. */
  async loaded(): Promise<void> {
    await this.#loads;
  }

  #reload(): void {
    if (this.#reloading) return;
    this.#reloading = this.cache
      .acquire(this.key, this.load, { signal: this.#ending.signal })
      .then(
        (lease) => {
          lease.release();
        },
        () => undefined, // who waits is told, and health() tells
      )
      .finally(() => (this.#reloading = undefined));
  }

  /** As many as the model itself would take. */
  #expectRoom(): void {
    const limits = batchOptions(this.given) ?? this.given;
    const { maxQueue = Infinity, maxConcurrency = currentRuntime().concurrency } = limits;
    if (this.#waiting < maxConcurrency + maxQueue) return;
    throw new InferError({
      code: 'QUEUE_FULL',
      message: `the queue is full: ${this.#waiting} wait for the model to be loaded again (maxConcurrency ${maxConcurrency}, maxQueue ${maxQueue})`,
      hint: 'try again when it is loaded, or let another instance do it',
    });
  }

  #beginCheck(): SharedCheck {
    const end = new AbortController();
    const check: SharedCheck = { end, askers: 0, done: this.#checkOnce(end.signal) };
    void check.done.then(() => {
      this.#endCheck(check);
    });
    return check;
  }

  #endCheck(check: SharedCheck): void {
    if (this.#check === check) this.#check = undefined;
    check.end.abort();
  }

  /** Never fails. */
  async #checkOnce(signal: AbortSignal): Promise<void> {
    try {
      if (!this.cache.has(this.key)) this.#reload();
      const lease = await this.cache.acquire(this.key, this.load, { signal });
      this.health.reached();
      await this.#verify(lease.value, { signal })
        .catch(() => undefined) // health() tells
        .finally(() => {
          lease.release();
        });
    } catch (error) {
      this.health.unchecked(error);
    }
  }

  async #load(signal: AbortSignal): Promise<ServedModel> {
    const { loadTimeoutMs: timeoutMs } = this.given;
    try {
      const served = await Abort.during('loading the model', { signal, timeoutMs }, (abort) =>
        this.#open(abort.asSignal()),
      );
      this.health.loaded(served.report);
      return served;
    } catch (error) {
      this.health.loadFailed(error);
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<ServedModel> {
    const served = await loadServed(this.given, this.counts, signal);
    try {
      await this.#verify(served, { signal });
      throwIfAborted(signal);
      return served;
    } catch (error) {
      await served.dispose();
      throw error;
    }
  }

  async #verify(served: ServedModel, ends: RequestEnds): Promise<void> {
    if ([this.given.knownInputs ?? []].flat().length === 0) return;
    const start = performance.now();
    try {
      this.health.checked(await served.verify(ends), performance.now() - start);
    } catch (error) {
      this.health.checkFailed(error, performance.now() - start);
      throw error;
    }
  }
}
