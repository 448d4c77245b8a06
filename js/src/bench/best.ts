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
function isEligible({ latency, throughput, digest, warnings }: ConfigurationResult): boolean {
  if (!latency || !throughput || digest?.matches !== true) return false;
  return warnings.every(({ code }) => code !== 'PROVIDER_FALLBACK' && code !== 'FEW_SAMPLES');
}

/** The best for latency and for throughput, each with those that are not really worse. */
export async function bestOf(
  results: readonly ConfigurationResult[],
): Promise<BenchResult['best']> {
  const eligible = results.filter(isEligible);
  const latency = await leastOf(eligible, ({ samples }) => samples);
  const throughput = await leastOf(eligible, ({ samples, throughput: rate, latency: times }) => {
    // Milliseconds of one item, run by run.
    const items = ((rate?.itemsPerSecond ?? 0) * (times?.mean ?? 0)) / 1000;
    return samples.map((ms) => ms / items);
  });
  return { ...(latency && { latency }), ...(throughput && { throughput }) };
}

async function leastOf(
  results: readonly ConfigurationResult[],
  timesOf: (result: ConfigurationResult) => readonly number[],
): Promise<Best | undefined> {
  const times = results.map((result) => ({ id: result.id, times: thinned(timesOf(result)) }));
  const [first, ...rest] = times
    .map((each) => ({ ...each, median: medianOf(each.times) }))
    .sort((a, b) => a.median - b.median);
  if (!first) return undefined;
  const tied: string[] = [];
  for (const other of rest) {
    if (other.median === 0) tied.push(other.id);
    else {
      const { verdict } = await compareSamples(first.times, other.times);
      if (verdict === 'no difference') tied.push(other.id);
    }
  }
  return { id: first.id, tied };
}

/** For an order alone: what is reported, the core computes. */
function medianOf(times: Float64Array): number {
  const sorted = times.slice().sort();
  return sorted[Math.floor(sorted.length / 2)] ?? Infinity;
}
