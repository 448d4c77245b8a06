/** The memory of a process over time, and whether it grows. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { platformPackage } from '../../scripts/lib/needs.mjs';

/** The same addon that the library has: Node loads a file once. */
const addon = createRequire(import.meta.url)(join(platformPackage, 'infercore.node'));

/** @returns {{sessions: number, operations: number, queued: number}} what is alive natively */
export const liveCounts = () => addon.liveCounts();

/** After garbage was collected: what is kept. Needs --expose-gc. */
export function memorySample() {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed, external };
}

/**
 * How much more it is at the end than at the beginning, by the line that fits best (Theil and Sen's: the median of the
 * slopes between all pairs), which a few samples that stand out do not move.
 *
 * @param {number[]} samples taken at even times
 * @returns {number} in the samples' unit
 */
export function growthOf(samples) {
  const slopes = [];
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) slopes.push((samples[j] - samples[i]) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  return (slopes[slopes.length >> 1] ?? NaN) * (samples.length - 1);
}
