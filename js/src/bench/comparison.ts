import { describe } from '../describe.js';
import { InferError } from '../error.js';
import { Faults, failureOf } from '../fault.js';
import { isObject } from '../option.js';
import { compareSamples, type SampleComparison } from '../summary.js';
import { thinned } from './best.js';
import { SCHEMA_VERSION, type BenchResult, type ConfigurationResult } from './result.js';

/** One configuration in two results. `ratio` is time / time of the baseline: below 1 is faster. */
export interface ConfigurationComparison extends SampleComparison {
  readonly id: string;
  /** Milliseconds. */
  readonly baselineMedian: number;
  readonly median: number;
  /** It computes something else than its reference: then no speed counts. */
  readonly wrong: boolean;
  /** Why it failed all the same: while its outputs were looked at, or under load. */
  readonly failure?: string;
}

/** A result beside the baseline. */
export interface ResultComparison {
  readonly name: string;
  readonly configurations: readonly ConfigurationComparison[];
  /** Geometric mean of the ratios; absent where nothing could be compared. */
  readonly geometricMean?: number;
  /** In the baseline alone, and in the other alone; without samples count as not there. */
  readonly missing: readonly string[];
  readonly added: readonly string[];
  /** What makes the comparison doubtful: another machine, another model, a clock that is too coarse. */
  readonly differences: readonly string[];
}

/** What is slower than allowed, beyond what is noise. */
export interface Regression {
  readonly name: string;
  readonly id: string;
  readonly reason: string;
}

export interface Comparison {
  readonly baseline: string;
  readonly others: readonly ResultComparison[];
  /** Empty without `failAbove`. */
  readonly regressions: readonly Regression[];
}

export interface CompareOptions {
  /**
   * Slower by more than this share is a regression: 0.1 for 10 %. Only what the whole confidence interval of the ratio lies
   * above counts, so noise alone is none. What became wrong, and what is missing, is one, too.
   */
  readonly failAbove?: number;
}

export interface NamedResult {
  readonly name: string;
  readonly result: BenchResult;
}

/**
 * Compares results with a baseline, configuration by configuration.
 *
 * @throws InferError INVALID_INPUT for what is no result, or one of another version of the schema; INVALID_OPTION
 * @example
 * const short = { batch: 1, runs: 30, minMs: 0, warmupMs: 0 };
 * const before = { name: 'before', result: await benchmark('model.onnx', short) };
 * const after = { name: 'after', result: await benchmark('model.onnx', short) };
 * const { others, regressions } = await compareResults(before, [after], { failAbove: 1000 });
 * others[0].name; // 'after'
 * regressions; // []
 */
export async function compareResults(
  baseline: NamedResult,
  others: readonly NamedResult[],
  { failAbove }: CompareOptions = {},
): Promise<Comparison> {
  expectResults([baseline, ...others]);
  if (failAbove !== undefined && !(Number.isFinite(failAbove) && failAbove >= 0)) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message: `expected a number ≥ 0 for failAbove, received ${describe(failAbove)}`,
      hint: '0.1 is 10 %',
    });
  }
  const compared: ResultComparison[] = [];
  for (const other of others) compared.push(await compareOne(baseline.result, other));
  const regressions =
    failAbove === undefined ? [] : compared.flatMap((each) => regressionsOf(each, failAbove));
  return { baseline: baseline.name, others: compared, regressions };
}

function expectResults(list: readonly NamedResult[]): void {
  const faults = new Faults('INVALID_INPUT');
  for (const { name, result } of list) {
    const value: unknown = result;
    if (
      !isObject(value) ||
      !Array.isArray(value['configurations']) ||
      !isObject(value['context'])
    ) {
      faults.add(
        name,
        `expected the result of a benchmark in ${describe(name)}, received ${describe(value)}`,
      );
    } else if (value['schemaVersion'] !== SCHEMA_VERSION) {
      const version = describe(value['schemaVersion']);
      faults.add(
        name,
        `expected a result of schema version ${SCHEMA_VERSION} in ${describe(name)}, received ${version}`,
      );
    } else if (!value['configurations'].every(isConfigurationResult)) {
      faults.add(
        name,
        `expected configurations with ids and samples in milliseconds in ${describe(name)}`,
      );
    }
  }
  if (faults.list.length > 0)
    throw new InferError(failureOf('results can not be compared', faults.list));
}

function isConfigurationResult(value: unknown): boolean {
  if (!isObject(value) || typeof value['id'] !== 'string' || !Array.isArray(value['samples']))
    return false;
  const isTime = (ms: unknown): boolean => typeof ms === 'number' && Number.isFinite(ms) && ms >= 0;
  return value['samples'].every(isTime);
}

async function compareOne(
  baseline: BenchResult,
  { name, result }: NamedResult,
): Promise<ResultComparison> {
  const before = measuredOf(baseline);
  const after = measuredOf(result);
  const configurations: ConfigurationComparison[] = [];
  for (const [id, own] of after) {
    const base = before.get(id);
    if (base) configurations.push(await comparePair(id, base, own));
  }
  const logs = configurations.filter(({ ratio }) => ratio > 0).map(({ ratio }) => Math.log(ratio));
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  return {
    name,
    configurations,
    ...(logs.length > 0 && { geometricMean: Math.exp(mean) }),
    missing: [...before.keys()].filter((id) => !after.has(id)),
    added: [...after.keys()].filter((id) => !before.has(id)),
    differences: [...differencesOf(baseline, result), ...timeless(baseline, result)],
  };
}

/** Those with samples whose median can be divided by. */
function measuredOf({ configurations }: BenchResult): Map<string, ConfigurationResult> {
  const measured = configurations.filter(
    ({ samples, latency }) => samples.length > 0 && (latency?.median ?? 0) > 0,
  );
  return new Map(measured.map((each) => [each.id, each]));
}

/** Medians of 0, of a clock that is too coarse: nothing can be compared with them. */
function timeless(...results: readonly BenchResult[]): string[] {
  const ids = results.flatMap(({ configurations }) =>
    configurations.filter(({ latency }) => latency?.median === 0).map(({ id }) => id),
  );
  return [...new Set(ids)].map((id) => `${id} was too short for the clock: its median is 0 ms`);
}

async function comparePair(
  id: string,
  base: ConfigurationResult,
  own: ConfigurationResult,
): Promise<ConfigurationComparison> {
  const comparison = await compareSamples(thinned(own.samples), thinned(base.samples));
  return {
    id,
    ...comparison,
    baselineMedian: base.latency?.median ?? NaN,
    median: own.latency?.median ?? NaN,
    wrong: own.digest?.matches === false,
    ...failureIn(own),
  };
}

/** Without a digest nobody knows whether it was right. */
function failureIn({ status, error, digest }: ConfigurationResult): { failure?: string } {
  if (status === 'failed') return { failure: error?.message ?? 'it failed' };
  return digest ? {} : { failure: 'its outputs were not looked at' };
}

function differencesOf({ context: a }: BenchResult, { context: b }: BenchResult): string[] {
  const sums = ({ model }: typeof a) => model.files.map(({ sha256 }) => sha256 ?? '?').join(' ');
  const facts: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['the processor', a.machine.cpu.model ?? a.machine.host, b.machine.cpu.model ?? b.machine.host],
    [
      'the number of cores',
      String(a.machine.cpu.usable ?? a.machine.cpu.cores),
      String(b.machine.cpu.usable ?? b.machine.cpu.cores),
    ],
    ['the target', a.target, b.target],
    ['the model', sums(a), sums(b)],
    ['the inputs', inputsOf(a), inputsOf(b)],
    [
      'the options of sessions',
      JSON.stringify(a.options.session),
      JSON.stringify(b.options.session),
    ],
  ];
  return facts.flatMap(([what, first, second]) =>
    first === second ? [] : [`${what} differs: ${first ?? 'none'} and ${second ?? 'none'}`],
  );
}

const inputsOf = ({ inputs: { kind, sum }, seed }: BenchResult['context']): string =>
  `${kind} ${sum ?? ''}, seed ${seed}`;

function regressionsOf(compared: ResultComparison, failAbove: number): Regression[] {
  const { name, configurations, missing } = compared;
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  const list = configurations.flatMap((each) => {
    const { id, ratio, ratioCi95, verdict, wrong, failure } = each;
    const [low] = ratioCi95;
    if (failure !== undefined) return [{ name, id, reason: `it failed: ${failure}` }];
    if (wrong) return [{ name, id, reason: 'its outputs are wrong' }];
    // By its whole interval, not by luck: the least that it can be is above the limit.
    if (verdict !== 'slower' || low <= 1 + failAbove) return [];
    return [{ name, id, reason: `slower by ${percent(ratio)}, at least by ${percent(low)}` }];
  });
  return [...list, ...missing.map((id) => ({ name, id, reason: 'it was not measured any more' }))];
}
