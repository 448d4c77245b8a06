import { InferError } from '../error.js';
import { compareSamples } from '../summary.js';
import type { Best, BenchResult, ConfigurationResult } from './result.js';

/** More samples decide nothing, and resampling them takes seconds. */
const MOST = 2000;

/** Evenly chosen, where there are too many. */
export function thinned(samples: readonly number[], most = MOST): Float64Array {
  if (samples.length <= most) return Float64Array.from(samples);
  const step = samples.length / most;
  return Float64Array.from({ length: most }, (_, i) => samples[Math.floor(i * step)] ?? 0);
}

/** Only what computes the right thing, where it was asked to, can be best. */
function isEligible(result: ConfigurationResult): boolean {
  const { status, latency, throughput, digest, warnings } = result;
  if (status === 'failed' || !latency || !throughput || digest?.matches !== true) return false;
  return warnings.every(({ code }) => code !== 'PROVIDER_FALLBACK' && code !== 'FEW_SAMPLES');
}

interface Candidate {
  readonly id: string;
  /** By which it is ranked: the less, the better. */
  readonly rank: number;
  readonly times: Float64Array;
}

/** The best for latency and for throughput, each with those that are not really worse. */
export async function bestOf(
  results: readonly ConfigurationResult[],
): Promise<BenchResult['best']> {
  const eligible = results.filter(isEligible);
  const latency = await leastOf(
    eligible.map(({ id, latency: times, samples }) => ({
      ...{ id, rank: times?.median ?? Infinity, times: thinned(samples) },
    })),
  );
  const throughput = await leastOf(
    eligible.map(({ id, throughput: rate, latency: times, samples }) => {
      const perSecond = rate?.itemsPerSecond ?? 0;
      const items = (perSecond * (times?.mean ?? 0)) / 1000;
      // Milliseconds of one item, run by run.
      return { id, rank: 1 / perSecond, times: thinned(samples.map((ms) => ms / items)) };
    }),
  );
  return { ...(latency && { latency }), ...(throughput && { throughput }) };
}

async function leastOf(candidates: Candidate[]): Promise<Best | undefined> {
  const [first, ...rest] = candidates.sort((a, b) => a.rank - b.rank);
  if (!first) return undefined;
  const tied: string[] = [];
  for (const { id, times } of rest) {
    // Times of nothing but zeros, of a clock that is too coarse, can't be told from others.
    const comparable = times.some((ms) => ms > 0) && times.every(Number.isFinite);
    const verdict = comparable ? await verdictOn(first.times, times) : undefined;
    if (verdict !== 'faster') tied.push(id);
  }
  return { id: first.id, tied };
}

async function verdictOn(a: Float64Array, b: Float64Array): Promise<string | undefined> {
  try {
    return (await compareSamples(a, b)).verdict;
  } catch (error) {
    if (error instanceof InferError) return undefined; // a median of 0
    throw error;
  }
}
