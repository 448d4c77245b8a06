/** What makes numbers doubtful, in plain words: functions of facts, so that each can be tried. */
import type { BenchSummary } from '../summary.js';
import type { Warning } from '../warning.js';

export type BenchWarningCode =
  | 'COARSE_TIMER'
  | 'HIGH_VARIATION'
  | 'DRIFT'
  | 'FEW_SAMPLES'
  | 'HIDDEN_TAB'
  | 'ONE_THREAD'
  | 'PROVIDER_FALLBACK'
  | 'BUSY_MACHINE'
  | 'WRONG_OUTPUT'
  | 'OVERLOADED'
  | 'STOPPED';

export interface BenchWarning extends Warning {
  readonly code: BenchWarningCode;
}

/** Of the whole benchmark: where it ran. */
export interface PlaceFacts {
  /** Was the page hidden at any time meanwhile? */
  readonly wasHidden?: boolean;
  /** May threads share memory here? Undefined where that is no question. */
  readonly isolated?: boolean;
  /** Processes that wanted a core before it began, on average of a minute. */
  readonly load?: number;
  readonly cores?: number;
  readonly stopped?: 'aborted' | 'budget';
}

/** Of one configuration. */
export interface RunFactsOfWarnings {
  readonly latency?: Pick<BenchSummary, 'n' | 'median' | 'cv'>;
  /** The smallest step of the clock, in milliseconds. */
  readonly resolutionMs?: number;
  /** How the second half of the samples compares with the first. */
  readonly halves?: { readonly ratio: number; readonly p: number };
  readonly asked?: string;
  readonly used?: readonly string[];
  /** Why another provider came in, in the runtime's words. */
  readonly fallbackReason?: string;
  readonly wrong?: string;
  /** Requests that came at random, and those of them that were not answered in time. */
  readonly arrivals?: {
    readonly rate: number;
    readonly requests: number;
    readonly unanswered: number;
  };
  /** What the time budget left no time for. */
  readonly leftOut?: readonly string[];
  readonly runs?: number;
}

/** A step of the clock that is so much of a run spoils its digits. */
const COARSE = 0.1;
const MOST_CV = 0.1;
const LEAST_DRIFT = 0.05;
const DRIFT_P = 0.001;
const FEW = 20;
/** Of all cores. */
const BUSY = 0.5;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/**
 * What is to be said of where a benchmark ran.
 *
 * @example
 * const [warning] = placeWarnings({ wasHidden: true });
 * warning.code; // 'HIDDEN_TAB'
 */
export function placeWarnings(facts: PlaceFacts): BenchWarning[] {
  const { wasHidden, isolated, load, cores = 1, stopped } = facts;
  const list: BenchWarning[] = [];
  if (wasHidden) {
    list.push({
      code: 'HIDDEN_TAB',
      message: 'the page was hidden meanwhile: browsers slow down what nobody sees',
      hint: 'keep the tab in front, and measure again',
    });
  }
  if (isolated === false) {
    list.push({
      code: 'ONE_THREAD',
      message: 'the page is not isolated: WebAssembly runs on one thread, and timers are coarse',
      hint: 'serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    });
  }
  if (load !== undefined && load > cores * BUSY) {
    list.push({
      code: 'BUSY_MACHINE',
      message: `the machine was busy before it began: a load of ${load.toFixed(1)} on ${cores} cores`,
      hint: 'end what else runs, and measure again',
    });
  }
  if (stopped) {
    const why = stopped === 'budget' ? 'the time budget was spent' : 'it was interrupted';
    list.push({
      code: 'STOPPED',
      message: `the benchmark is not whole: ${why}`,
      hint: 'what was measured is there and marked; fewer configurations or more time make it whole',
    });
  }
  return list;
}

/**
 * What is to be said of one configuration's numbers.
 *
 * @example
 * const [warning] = runWarnings({ asked: 'webgpu', used: ['wasm'] });
 * warning.code; // 'PROVIDER_FALLBACK'
 */
export function runWarnings(facts: RunFactsOfWarnings): BenchWarning[] {
  const { asked, used, fallbackReason, wrong, arrivals, leftOut = [] } = facts;
  const list: BenchWarning[] = [];
  if (wrong !== undefined) {
    list.push({
      code: 'WRONG_OUTPUT',
      message: `it computes something else than the reference: ${wrong}`,
      hint: 'its speed is of no use; tolerance and minCosine say what is near enough',
    });
  }
  if (asked !== undefined && used && !used.includes(asked)) {
    list.push({
      code: 'PROVIDER_FALLBACK',
      message: `${asked} was asked for, ${used.join(', ') || 'another provider'} ran${fallbackReason ? `: ${fallbackReason}` : ''}`,
      hint: 'these are not the numbers of the provider that was asked for',
    });
  }
  if (arrivals && arrivals.unanswered > 0) {
    const { rate, requests, unanswered } = arrivals;
    list.push({
      code: 'OVERLOADED',
      message: `${unanswered} of ${requests} requests were not answered in time: ${rate} a second are too many`,
      hint: 'the times are those of the others; ask for fewer',
    });
  }
  if (leftOut.length > 0) {
    list.push({
      code: 'STOPPED',
      message: `the time budget left none for ${leftOut.join(' and ')}`,
      hint: 'give it more time, or measure fewer configurations',
    });
  }
  return [...list, ...sampleWarnings(facts)];
}

function sampleWarnings({
  latency,
  resolutionMs,
  halves,
  runs,
}: RunFactsOfWarnings): BenchWarning[] {
  if (!latency) return [];
  const { n, median, cv } = latency;
  const list: BenchWarning[] = [];
  if (resolutionMs !== undefined && resolutionMs > median * COARSE) {
    list.push({
      code: 'COARSE_TIMER',
      message: `the clock goes in steps of ${Number(resolutionMs.toPrecision(2))} ms, a run takes ${Number(median.toPrecision(3))} ms`,
      hint: 'an isolated page has finer timers; larger batches take longer',
    });
  }
  if (n < Math.min(FEW, runs ?? FEW)) {
    list.push({
      code: 'FEW_SAMPLES',
      message: `there are ${n} samples: too few for percentiles`,
      hint: 'give it more time',
    });
  }
  if (n > 1 && cv > MOST_CV) {
    list.push({
      code: 'HIGH_VARIATION',
      message: `the times vary by ${percent(cv)} (standard deviation / mean)`,
      hint: 'compare medians and their intervals; a quiet machine varies less',
    });
  }
  if (halves && halves.p < DRIFT_P && Math.abs(halves.ratio - 1) > LEAST_DRIFT) {
    const how = halves.ratio > 1 ? 'slower' : 'faster';
    list.push({
      code: 'DRIFT',
      message: `it became ${how}: the second half of the runs took ${halves.ratio.toFixed(2)} times the first`,
      hint:
        how === 'slower'
          ? 'is the processor too hot, does other work begin?'
          : 'warm it up for longer',
    });
  }
  return list;
}
