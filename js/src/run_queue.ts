import type { Abort } from './abort.js';
import { InferError } from './error.js';
import { whole } from './option.js';
import type { Check } from './option.js';

/** How the session options are checked that make a queue. */
export const LIMIT_CHECKS: Readonly<Record<keyof Limits, Check>> = {
  maxConcurrency: whole(1, 1024),
  maxQueue: whole(0, 2 ** 31 - 1),
};

interface Limits {
  readonly maxConcurrency?: number | undefined;
  readonly maxQueue?: number | undefined;
}

/** How a run takes its turn. */
export interface Turn {
  readonly abort: Abort;
  /** Higher ones first, within one in the order they came. Default 0. */
  readonly priority?: number | undefined;
  /** Called when it has to wait, before run() returns: to copy what the caller may change meanwhile. */
  readonly onWait?: () => void;
}

/**
 * The limits of one session: at most `maxConcurrency` runs under way, at most `maxQueue` waiting. Where there is room, a
 * run begins before run() returns. (queue.ts is another thing: what a copy of onnxruntime-web does one by one.)
 *
 * @example
 * const queue = new RunQueue(2, 100);
 * return queue.run(() => session.run(feeds), { abort, priority: 1 });
 */
export class RunQueue {
  #running = 0;
  #queued = 0;
  /** What waits, by priority. Sets keep the order, and let go of an aborted run at no cost. */
  readonly #levels = new Map<number, Set<() => void>>();
  #whenIdle: (() => void)[] = [];

  constructor(
    readonly maxConcurrency: number,
    readonly maxQueue = Infinity,
  ) {}

  /** None without limits: runs then begin at once. `usual`: how many run at once where only maxQueue is said. */
  static of({ maxConcurrency, maxQueue }: Limits, usual: () => number): RunQueue | undefined {
    if (maxConcurrency === undefined && maxQueue === undefined) return undefined;
    return new RunQueue(maxConcurrency ?? usual(), maxQueue);
  }

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queued;
  }

  /** @throws InferError QUEUE_FULL; ABORTED, TIMEOUT of one that waits, whose place is free at once; what `work` throws */
  async run<T>(work: () => Promise<T>, { abort, priority = 0, onWait }: Turn): Promise<T> {
    // As long as one waits, none is free: who leaves hands its place on.
    if (this.#running < this.maxConcurrency) this.#running += 1;
    else {
      if (this.#queued >= this.maxQueue) throw this.#full();
      onWait?.();
      await this.#turn(priority, abort);
    }
    try {
      abort.check();
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Settled when nothing is under way and nothing waits. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #turn(priority: number, abort: Abort): Promise<void> {
    return new Promise((resolve, reject) => {
      const level = this.#levels.get(priority) ?? new Set();
      this.#levels.set(priority, level.add(resolve));
      this.#queued += 1;
      abort.onAbort(() => {
        if (this.#remove(priority, level, resolve)) reject(abort.error());
      });
    });
  }

  #leave(): void {
    let highest: number | undefined;
    for (const priority of this.#levels.keys()) {
      if (highest === undefined || priority > highest) highest = priority;
    }
    const level = highest === undefined ? undefined : this.#levels.get(highest);
    const [next] = level ?? [];
    if (highest !== undefined && level && next) {
      this.#remove(highest, level, next);
      next();
      return;
    }
    this.#running -= 1;
    if (this.#running === 0) for (const tell of this.#whenIdle.splice(0)) tell();
  }

  /** False when its turn has come already. */
  #remove(priority: number, level: Set<() => void>, waiting: () => void): boolean {
    if (!level.delete(waiting)) return false;
    this.#queued -= 1;
    if (level.size === 0) this.#levels.delete(priority);
    return true;
  }

  #full(): InferError {
    return new InferError({
      code: 'QUEUE_FULL',
      message: `the queue is full: ${this.#running} under way (maxConcurrency ${this.maxConcurrency}), ${this.#queued} waiting (maxQueue ${this.maxQueue})`,
      hint: 'try again when some have ended, or let another session or machine do it',
    });
  }
}
