import { Abort } from './abort.js';
import type { LoadModel } from './cached_model.js';
import type { Metrics } from './metrics.js';
import { loadServed } from './served_model.js';
import type { ServedModel } from './served_model.js';
import { VersionHealth } from './service_health.js';
import type { GivenOptions, RequestEnds } from './service_options.js';

/** No two services share a model: each counts and drains its own. */
let services = 0;
export function nextServiceKey(name: string): string {
  services += 1;
  return `${name} #${services}`;
}

/** One version of a service's model: what it is made of, where the cache has it, and how it is. */
export class ServiceVersion {
  readonly key: string;
  readonly name: string;
  readonly health: VersionHealth;
  #check: Promise<void> | undefined;

  /** @param number counted over all versions of the service whose `key` it is */
  constructor(
    readonly given: GivenOptions,
    private readonly counts: Metrics,
    key: string,
    number: number,
  ) {
    this.name = given.version ?? String(number);
    this.key = `${key}, version ${this.name} (${number})`;
    this.health = new VersionHealth(given.fallback === 'allow');
  }

  /** For the cache, whenever it has the model no more: what is not verified never serves. */
  readonly load: LoadModel<ServedModel> = async ({ signal }) => {
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
  };

  /** Runs the known inputs, once for all who ask meanwhile. What comes of it stands in `health`. */
  check(served: ServedModel, ends: RequestEnds): Promise<void> {
    this.#check ??= this.#verify(served, ends)
      .catch(() => undefined)
      .finally(() => (this.#check = undefined));
    return this.#check;
  }

  async #open(signal: AbortSignal): Promise<ServedModel> {
    const served = await loadServed(this.given, this.counts, signal);
    try {
      await this.#verify(served, { signal });
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
