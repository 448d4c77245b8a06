import { coreBinding } from './core.js';
import { describe } from './describe.js';
import { InferError, unwrap } from './error.js';

/** Statistics of benchmark samples, in the samples' unit (except `n`, `cv`, `outliers`). */
export interface BenchSummary {
  n: number;
  mean: number;
  /** Standard deviation of the sample (n − 1). */
  sd: number;
  /** sd / mean. */
  cv: number;
  median: number;
  /** Median of the absolute deviations from the median, not scaled. */
  mad: number;
  min: number;
  max: number;
  p50: number;
  p75: number;
  p90: number;
  p95: number;
  /** Only from 100 samples on. */
  p99?: number;
  /** Only from 1,000 samples on. */
  p999?: number;
  /** 95 % confidence interval of the median, from order statistics. */
  medianCi95: readonly [number, number];
  /** Samples whose modified Z-score exceeds 3.5. Counted, never dropped. */
  outliers: number;
}

/** How two lists of samples compare. `ratio` is median(a) / median(b): below 1, `a` is faster. */
export interface SampleComparison {
  ratio: number;
  ratioCi95: readonly [number, number];
  /** Two-sided p-value of the Mann-Whitney U test. */
  p: number;
  verdict: 'faster' | 'slower' | 'no difference';
}

function expectSamples(samples: unknown, name: string): asserts samples is Float64Array {
  if (Object.prototype.toString.call(samples) === '[object Float64Array]') return;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected a Float64Array for ${name}, received ${describe(samples)}`,
    hint: 'Float64Array.from(list) makes one',
  });
}

/**
 * Statistics of benchmark samples, computed by the core: the same to the last digit on both targets.
 *
 * @param samplesMs durations in milliseconds; not changed
 * @throws InferError INVALID_INPUT when there are no samples, or some are negative or not finite (all are named)
 * @example
 * const summary = await summarize(new Float64Array([1, 2, 4]));
 * summary.median; // 2
 */
export async function summarize(samplesMs: Float64Array): Promise<BenchSummary> {
  expectSamples(samplesMs, 'samplesMs');
  return unwrap((await coreBinding()).summarize(samplesMs));
}

/**
 * Compares two lists of samples: by how much `a` is faster or slower than `b`, and whether that is more than noise.
 *
 * @throws InferError INVALID_INPUT as summarize does
 * @example
 * const { ratio, verdict } = await compareSamples(mine, theirs);
 * // ratio 0.5, verdict 'faster': mine takes half the time
 */
export async function compareSamples(a: Float64Array, b: Float64Array): Promise<SampleComparison> {
  expectSamples(a, 'a');
  expectSamples(b, 'b');
  return unwrap((await coreBinding()).compareSamples(a, b));
}
