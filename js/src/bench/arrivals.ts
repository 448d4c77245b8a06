/** Requests that come when they come, whether or not earlier ones were answered: a closed loop hides queueing. */
import { Random } from './random.js';

/**
 * A Poisson process: the gaps between arrivals are exponential.
 *
 * @returns milliseconds from the beginning, ascending
 */
export function poissonArrivals(rate: number, seconds: number, seed: number): number[] {
  const random = new Random(seed, 'arrivals');
  const arrivals: number[] = [];
  for (let at = 0; ;) {
    at -= (Math.log(1 - random.next()) / rate) * 1000;
    if (at > seconds * 1000) return arrivals;
    arrivals.push(at);
  }
}

export interface Answered {
  /** Milliseconds from when a request was to come until it was answered, in the order of the requests. */
  readonly samples: readonly number[];
  /** Requests without an answer when nobody waited any longer. */
  readonly unanswered: number;
}

/**
 * Sends each request at its time. After the last one it waits for `patienceMs`, then ends what is still under way.
 *
 * A program that is too busy to send in time makes nothing look faster: times count from when a request was to come.
 */
export async function answersTo(
  arrivals: readonly number[],
  answer: (signal: AbortSignal) => Promise<unknown>,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  const end = new AbortController();
  const stop = (): void => {
    end.abort();
  };
  signal?.addEventListener('abort', stop);
  const latencies: (number | undefined)[] = [];
  const failures: unknown[] = [];
  const underWay: Promise<void>[] = [];
  const start = performance.now();
  const deadline = start + (arrivals.at(-1) ?? 0) + patienceMs;
  // Looked at by hand, too: in a page runs may follow each other without a turn for timers.
  const isOver = (): boolean => signal?.aborted === true || performance.now() >= deadline;
  const send = async (at: number, index: number): Promise<void> => {
    try {
      await answer(end.signal);
      latencies[index] = performance.now() - start - at;
    } catch (error) {
      if (!end.signal.aborted) failures.push(error);
    }
    if (isOver()) stop();
  };
  try {
    for (const [index, at] of arrivals.entries()) {
      await until(start + at);
      if (isOver() || failures.length > 0) break;
      underWay.push(send(at, index));
    }
    const timer = setTimeout(stop, Math.max(0, deadline - performance.now()));
    if (isOver()) stop();
    await Promise.all(underWay);
    clearTimeout(timer);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (failures.length > 0) throw failures[0];
  const samples = latencies.filter((ms) => ms !== undefined);
  // What was not even sent, nobody answered either, unless it was told to stop.
  const requests = signal?.aborted ? underWay.length : arrivals.length;
  return { samples, unanswered: requests - samples.length };
}

/** What is due comes at once, but others get a turn. Timers may fire a little too early. */
async function until(time: number): Promise<void> {
  do {
    const left = Math.max(0, time - performance.now());
    await new Promise((resolve) => setTimeout(resolve, left));
  } while (performance.now() < time);
}
