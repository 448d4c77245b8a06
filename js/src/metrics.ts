import type { ErrorCode } from './error.js';
import { Histogram } from './histogram.js';
import type { Durations } from './histogram.js';

/**
 * What a session did since it was loaded: plain data. A run is a call: of run() or runSync(), of a pipeline, of run() of
 * `batched()`. Those of the loading (`verify`, `warmup` options) are not counted.
 */
export interface SessionMetrics {
  /** That succeeded. */
  readonly runs: number;
  /** That failed, by the code of their error. */
  readonly errors: Readonly<Partial<Record<ErrorCode | 'OTHER', number>>>;
  /** Under way now, and waiting for that: for `maxConcurrency`, or for their batch. */
  readonly inFlight: number;
  readonly queued: number;
  /** Rows of the runs that succeeded: their first axis, 1 without any. Of a pipeline: texts. */
  readonly items: number;
  /** Elements of `input_ids`, rows times length, that these runs were fed. Of a pipeline: without padding. */
  readonly tokens: number;
  /** Of the arrays that came from JavaScript and went there. Strings and what stays on a device count as 0. */
  readonly bytes: { readonly in: number; readonly out: number };
  /** Of what pipelines and `batched()` have put together: rows times longest, how much of it was padding, its share. */
  readonly padding: { readonly fed: number; readonly padded: number; readonly waste: number };
  /** Runs that took `slowRunMs` or longer, those that failed too. */
  readonly slowRuns: number;
  /** Of the runs that succeeded, from the call to the answer: `queueMs` and `runMs` together. */
  readonly latencyMs: Durations;
  readonly queueMs: Durations;
  readonly runMs: Durations;
}

/** What one run was fed and gave. */
export interface RunSize {
  items: number;
  tokens: number;
  bytesIn: number;
  bytesOut: number;
}

/** The counters of one session. */
export class Metrics {
  inFlight = 0;
  queued = 0;
  slowRuns = 0;
  #runs = 0;
  readonly #size: RunSize = { items: 0, tokens: 0, bytesIn: 0, bytesOut: 0 };
  readonly #padding = { fed: 0, padded: 0 };
  readonly #errors = new Map<ErrorCode | 'OTHER', number>();
  readonly #latency = new Histogram();
  readonly #queue = new Histogram();
  readonly #run = new Histogram();

  succeeded(size: RunSize, queueMs: number, runMs: number): void {
    this.#runs += 1;
    this.#size.items += size.items;
    this.#size.tokens += size.tokens;
    this.#size.bytesIn += size.bytesIn;
    this.#size.bytesOut += size.bytesOut;
    this.#latency.add(queueMs + runMs);
    this.#queue.add(queueMs);
    this.#run.add(runMs);
  }

  failed(code: ErrorCode | 'OTHER'): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** @param fed elements with padding, `used` of them without */
  padded(fed: number, used: number): void {
    this.#padding.fed += fed;
    this.#padding.padded += fed - used;
  }

  snapshot(): SessionMetrics {
    const { items, tokens, bytesIn, bytesOut } = this.#size;
    const { fed, padded } = this.#padding;
    return {
      runs: this.#runs,
      errors: Object.fromEntries(this.#errors),
      inFlight: this.inFlight,
      queued: this.queued,
      items,
      tokens,
      bytes: { in: bytesIn, out: bytesOut },
      padding: { fed, padded, waste: fed === 0 ? 0 : padded / fed },
      slowRuns: this.slowRuns,
      latencyMs: this.#latency.summary(),
      queueMs: this.#queue.summary(),
      runMs: this.#run.summary(),
    };
  }
}
