import { InferError } from './error.js';
import { Metrics } from './metrics.js';

/** Over all versions. That a request failed, the service counts itself, once: not all of them reach a model. */
export class RequestCounts extends Metrics {
  override failed(): void {
    // The service's refused() does it.
  }

  refused(error: unknown): void {
    super.failed(error instanceof InferError ? error.code : 'OTHER');
  }
}

/**
 * The requests of a service that are under way: who drains it waits for them, and ends what takes too long.
 *
 * @internal
 */
export class ServiceRequests {
  readonly #open = new Set<AbortController>();
  #whenNone: (() => void)[] = [];

  get size(): number {
    return this.#open.size;
  }

  begin(): AbortController {
    const request = new AbortController();
    this.#open.add(request);
    return request;
  }

  end(request: AbortController): void {
    this.#open.delete(request);
    if (this.#open.size === 0) for (const tell of this.#whenNone.splice(0)) tell();
  }

  abortAll(reason: unknown): void {
    for (const request of [...this.#open]) request.abort(reason);
  }

  none(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenNone.push(resolve));
  }

  /** True when none is left within that time. */
  async noneWithin(ms: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.none(), late]);
    clearTimeout(timer);
    return this.#open.size === 0;
  }
}
