import { InferError } from './error.js';

export type AbortReason = 'ABORTED' | 'TIMEOUT';

/** `setTimeout` takes no more; a longer one would fire at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** What may end a piece of work from outside. */
interface Ends {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

interface Listening {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** One listener a signal: a service may have one signal for all its runs, and Node warns of more than ten listeners. */
const listening = new WeakMap<AbortSignal, Listening>();

function listen(signal: AbortSignal, callback: () => void): void {
  const known = listening.get(signal);
  if (known) {
    known.callbacks.add(callback);
    return;
  }
  const callbacks = new Set([callback]);
  const listener = (): void => {
    for (const each of callbacks) each();
  };
  listening.set(signal, { callbacks, listener });
  signal.addEventListener('abort', listener, { once: true });
}

function unlisten(signal: AbortSignal, callback: () => void): void {
  const known = listening.get(signal);
  if (!known?.callbacks.delete(callback) || known.callbacks.size > 0) return;
  listening.delete(signal);
  signal.removeEventListener('abort', known.listener);
}

/**
 * One piece of work that an AbortSignal or a time limit may end. The signal's listener and the timer live exactly as
 * long as the work.
 *
 * @example
 * return Abort.during('the run', { signal, timeoutMs: 1000 }, async (abort) => {
 *   abort.onAbort((reason) => cancellation.cancel(reason));
 *   return await work();
 * });
 */
export class Abort {
  private reason: AbortReason | undefined;
  private callbacks: ((reason: AbortReason) => void)[] = [];
  private readonly deadline: number | undefined;
  private readonly timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listener = (): void => {
    this.end('ABORTED');
  };

  constructor(
    private readonly what: string,
    private readonly signal?: AbortSignal,
    private readonly timeoutMs?: number,
  ) {
    if (signal?.aborted) this.reason = 'ABORTED';
    else if (signal) listen(signal, this.listener);
    if (timeoutMs === undefined) return;
    this.deadline = performance.now() + timeoutMs;
    this.timer = setTimeout(
      () => {
        this.end('TIMEOUT');
      },
      Math.min(timeoutMs, LONGEST_TIMEOUT),
    );
  }

  /**
   * Does `work`, unless it shall end before it begins.
   *
   * @throws InferError ABORTED, TIMEOUT in the words of `what` where the work says that it was ended; else what it throws
   */
  static async during<T>(
    what: string,
    { signal, timeoutMs }: Ends,
    work: (abort: Abort) => Promise<T>,
  ): Promise<T> {
    const abort = new Abort(what, signal, timeoutMs);
    try {
      abort.check();
      return await work(abort);
    } catch (error) {
      throw abort.explain(error);
    } finally {
      abort.dispose();
    }
  }

  /** Neither a signal nor a time limit: nothing can end it. */
  get endless(): boolean {
    return this.signal === undefined && this.timeoutMs === undefined;
  }

  /** Calls `callback` once when the work shall end; at once when it shall already. */
  onAbort(callback: (reason: AbortReason) => void): void {
    if (this.reason) callback(this.reason);
    else this.callbacks.push(callback);
  }

  /** For work that takes a signal itself: ended by the time limit, too. */
  asSignal(): AbortSignal {
    const controller = new AbortController();
    this.onAbort(() => {
      controller.abort(this.error());
    });
    return controller.signal;
  }

  /** Throws when the work shall end. Looks at the clock too: a busy event loop fires no timers. */
  check(): void {
    if (!this.reason && this.deadline !== undefined && performance.now() >= this.deadline) {
      this.end('TIMEOUT');
    }
    if (this.reason) throw this.error();
  }

  /**
   * `work`, or as soon as it shall end the error that says so; the work itself goes on unheard, and what it then gives
   * goes to `discard`.
   */
  race<T>(work: Promise<T>, discard?: (late: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then((value) => {
        if (this.reason) discard?.(value);
        resolve(value);
      }, reject);
      this.onAbort(() => {
        reject(this.error());
      });
    });
  }

  /** Why the work ended. The signal's own reason is the error's cause. */
  error(): InferError {
    const aborted = this.reason !== 'TIMEOUT';
    return new InferError(
      aborted
        ? { code: 'ABORTED', message: `${this.what} was aborted` }
        : { code: 'TIMEOUT', message: `${this.what} took longer than ${this.timeoutMs ?? 0} ms` },
      aborted && this.signal?.aborted ? { cause: this.signal.reason } : undefined,
    );
  }

  /** What to throw for an error of the work: this one's own words when the work says it was ended from outside. */
  private explain(error: unknown): unknown {
    if (!this.reason || !(error instanceof InferError)) return error;
    return error.code === 'ABORTED' || error.code === 'TIMEOUT' ? this.error() : error;
  }

  private dispose(): void {
    if (this.signal) unlisten(this.signal, this.listener);
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.callbacks = [];
  }

  private end(reason: AbortReason): void {
    if (this.reason) return;
    this.reason = reason;
    const { callbacks } = this;
    this.callbacks = [];
    for (const callback of callbacks) callback(reason);
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The error for an aborted call; what the caller gave as reason is its cause. */
export function aborted(signal: AbortSignal): InferError {
  return new InferError(
    { code: 'ABORTED', message: 'the call was aborted by its signal' },
    { cause: signal.reason },
  );
}
