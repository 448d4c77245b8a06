/** Requests that come when they come, whether or not earlier ones were answered. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../lib/random.mjs';

/**
 * A Poisson process: the gaps between arrivals are exponential.
 *
 * @param {{rate: number, seconds: number, seed: number, kinds: number}} wish arrivals a second on average; kinds of requests
 * @returns {{at: number, kind: number}[]} milliseconds from the beginning
 */
export function poissonArrivals({ rate, seconds, seed, kinds }) {
  const random = new Random(seed);
  const steps = 2 ** 24;
  const arrivals = [];
  for (let at = 0; ;) {
    at -= (Math.log((1 + random.below(steps)) / steps) / rate) * 1000;
    if (at > seconds * 1000) return arrivals;
    arrivals.push({ at, kind: random.below(kinds) });
  }
}

/**
 * @param {{at: number, kind: number}[]} arrivals
 * @param {(kind: number) => Promise<unknown>} answer
 * @returns {Promise<number[]>} from when each was to come until it was answered: a program that is too busy to send in
 *   time makes nothing look faster
 */
export async function latenciesOf(arrivals, answer) {
  const start = performance.now() + 10;
  const latencies = arrivals.map(async ({ at, kind }) => {
    const due = start + at;
    await sleep(due - performance.now());
    // Timers know whole milliseconds: some fire before they are due.
    while (performance.now() < due) await turn();
    await answer(kind);
    return performance.now() - due;
  });
  return Promise.all(latencies);
}
