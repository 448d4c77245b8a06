import { InferError } from '../error.js';
import type { SessionReport } from '../report.js';
import { compareSamples, summarize, type BenchSummary } from '../summary.js';
import { thinned } from './best.js';
import { idOf } from './configuration.js';
import type { Look } from './look.js';
import type { Measured } from './measure.js';
import type { ConfigurationResult, Throughput, UsedFacts } from './result.js';
import { runWarnings, type BenchWarning } from './warnings.js';

/** What was measured of one configuration and seen around it, with its statistics and warnings. */
export async function resultOf(
  measured: Measured,
  look: Look,
  resolutionMs: number,
  runs: number,
): Promise<ConfigurationResult> {
  const { status, stopped, error, phases, samples } = measured;
  const { configuration, report, digest, memory, arrivals, eventLoop } = look;
  const latency = await summaryOf(samples);
  const parts: Record<string, BenchSummary> = {};
  for (const [name, times] of Object.entries(measured.parts)) {
    const summary = await summaryOf(times);
    if (summary) parts[name] = summary;
  }
  return {
    ...{ id: idOf(configuration), configuration, status },
    ...(stopped && { stopped }),
    ...(status === 'failed' && { error: failureOf(error) }),
    ...(report && { used: usedOf(report) }),
    ...{ phases, samples },
    ...(latency && { latency }),
    parts,
    ...(latency && { throughput: throughputOf(measured) }),
    ...(memory && { memory }),
    ...(digest && { digest }),
    ...(arrivals && { arrivals }),
    ...(eventLoop && { eventLoop }),
    warnings: await warningsOf(samples, latency, look, resolutionMs, runs),
  };
}

async function warningsOf(
  samples: readonly number[],
  latency: BenchSummary | undefined,
  { configuration: { provider }, report, digest, arrivals, leftOut }: Look,
  resolutionMs: number,
  runs: number,
): Promise<BenchWarning[]> {
  const wrong = digest?.outputs.find(({ matches }) => !matches)?.message;
  const halves = await halvesOf(samples);
  const fallback = report?.providers.skipped.find(({ name }) => name === provider);
  return runWarnings({
    ...(latency && { latency }),
    ...(halves && { halves }),
    ...(report && { asked: provider, used: report.providers.used }),
    ...(fallback && { fallbackReason: fallback.reason }),
    ...(digest && !digest.matches && { wrong: wrong ?? 'its outputs differ' }),
    ...(arrivals && { arrivals }),
    leftOut,
    resolutionMs,
    runs,
  });
}

export async function summaryOf(times: readonly number[]): Promise<BenchSummary | undefined> {
  return times.length > 0 ? summarize(Float64Array.from(times)) : undefined;
}

/** Fewer samples show no drift. */
const LEAST_FOR_HALVES = 20;

async function halvesOf(
  samples: readonly number[],
): Promise<{ ratio: number; p: number } | undefined> {
  const middle = samples.length >> 1;
  const first = thinned(samples.slice(0, middle), 500);
  const second = thinned(samples.slice(middle), 500);
  // A clock that is too coarse may have given nothing but zeros.
  if (samples.length < LEAST_FOR_HALVES || !first.some((ms) => ms > 0)) return undefined;
  try {
    const { ratio, p } = await compareSamples(second, first);
    return { ratio, p };
  } catch (error) {
    if (error instanceof InferError) return undefined; // the median of a half is 0
    throw error;
  }
}

function throughputOf({ items, tokens, paddedTokens, samples }: Measured): Throughput {
  const seconds = samples.reduce((sum, ms) => sum + ms, 0) / 1000;
  const rate = (count: number): number => (seconds > 0 ? count / seconds : 0);
  return {
    itemsPerSecond: rate(items),
    ...(tokens > 0 && {
      tokensPerSecond: rate(tokens),
      paddingWaste: paddedTokens > 0 ? (paddedTokens - tokens) / paddedTokens : 0,
    }),
  };
}

function usedOf({ providers, threads, worker }: SessionReport): UsedFacts {
  return { providers: providers.used, threads: threads.intraOp, worker };
}

function failureOf(error: unknown): NonNullable<ConfigurationResult['error']> {
  if (error instanceof InferError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}
