import { describe, expect, test } from '@jest/globals';
import { benchmark, compareResults, compareSamples, summarize } from 'infercore/bench';
import type { BenchResult, CompareOptions, NamedResult } from 'infercore/bench';
import { errorOf, faultsOf, model } from './models';
import { seeded } from './random';
import { testQuick } from './surroundings';

/** Times as machines give them: log-normal around 10 ms, and now and then one that something came between. */
function times(n: number, next: () => number, factor = 1): Float64Array {
  return Float64Array.from({ length: n }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const disturbed = next() < 0.03 ? 1 + next() : 1;
    return 10 * factor * disturbed * Math.exp(0.08 * normal);
  });
}

/** Any result, whose samples are replaced. */
async function resultWith(samples: Readonly<Record<string, Float64Array>>): Promise<BenchResult> {
  const session = PLACE.options.worker ? { worker: true } : {};
  const short = { batch: 1, runs: 3, minMs: 0, warmups: 0, warmupMs: 0, session };
  const result = await benchmark(model('add'), short);
  const [first] = result.configurations;
  if (!first) throw new Error('nothing was measured');
  const configurations = Object.entries(samples).map(async ([id, list]) => ({
    ...{ ...first, id, samples: [...list], latency: await summarize(list) },
  }));
  return { ...result, configurations: await Promise.all(configurations) };
}

describe('over 300 simulated comparisons of 100 runs each', () => {
  const RUNS = 300;
  const verdicts = async (factor: number, seed: number) => {
    const next = seeded(seed);
    const found = { faster: 0, slower: 0, 'no difference': 0 };
    for (let i = 0; i < RUNS; i += 1) {
      const { verdict } = await compareSamples(times(100, next, factor), times(100, next));
      found[verdict] += 1;
    }
    return found;
  };

  // The stated rate is 5 %; 8 % is what chance allows at most once in a hundred seeds.
  testQuick(
    'no difference is said to be one in 8 % of them at most, where 5 % is the rate',
    async () => {
      const found = await verdicts(1, 11);
      expect(found.faster + found.slower).toBeLessThanOrEqual(0.08 * RUNS);
    },
  );

  testQuick('a slow-down by 20 % is found in 99 % of them at least', async () => {
    const found = await verdicts(1.2, 12);
    expect(found.slower).toBeGreaterThanOrEqual(0.99 * RUNS);
  });

  testQuick('failAbove 10 % finds 20 %, and neither noise nor 5 %', async () => {
    const next = seeded(13);
    const cases = Array.from({ length: 100 }, (_, i) => `case ${i}`);
    const samples = (factor: number) =>
      resultWith(Object.fromEntries(cases.map((id) => [id, times(100, next, factor)])));
    const baseline = { name: 'baseline', result: await samples(1) };
    const regressionsAt = async (factor: number) => {
      const other = { name: 'other', result: await samples(factor) };
      return (await compareResults(baseline, [other], { failAbove: 0.1 })).regressions.length;
    };
    expect(await regressionsAt(1)).toBe(0);
    expect(await regressionsAt(1.05)).toBe(0);
    expect(await regressionsAt(1.2)).toBeGreaterThanOrEqual(95);
  });
});

describe('compareResults', () => {
  const SLOW = times(100, seeded(1), 2);
  const QUICK = times(100, seeded(2));

  test('matches configurations by their ids, and gives ratios and their geometric mean', async () => {
    const baseline = { name: 'a', result: await resultWith({ x: QUICK, y: SLOW, old: QUICK }) };
    const other = { name: 'b', result: await resultWith({ x: SLOW, y: QUICK, fresh: QUICK }) };
    const { others, regressions } = await compareResults(baseline, [other]);
    const [compared] = others;
    expect(compared?.configurations.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['x', 'slower'],
      ['y', 'faster'],
    ]);
    const [x, y] = compared?.configurations ?? [];
    expect(x?.ratio).toBeCloseTo(2, 0);
    expect(compared?.geometricMean).toBeCloseTo(Math.sqrt((x?.ratio ?? 0) * (y?.ratio ?? 0)), 10);
    expect(x?.ratioCi95[0]).toBeGreaterThan(1);
    expect(compared).toMatchObject({ missing: ['old'], added: ['fresh'], differences: [] });
    expect(regressions).toEqual([]);
  });

  test('a regression is what is slower by its whole interval, wrong, or gone', async () => {
    const baseline = { name: 'a', result: await resultWith({ x: QUICK, y: QUICK, z: QUICK }) };
    const result = await resultWith({ x: SLOW, y: QUICK });
    const wrong = result.configurations.map((each) =>
      each.id === 'y' ? { ...each, digest: { matches: false, tolerance: 0, outputs: [] } } : each,
    );
    const other = { name: 'b', result: { ...result, configurations: wrong } };
    const { regressions } = await compareResults(baseline, [other], { failAbove: 0.1 });
    expect(regressions.map(({ id, reason }) => [id, reason.replace(/[\d.]+/g, '#')])).toEqual([
      ['x', 'slower by # %, at least by # %'],
      ['y', 'its outputs are wrong'],
      ['z', 'it was not measured any more'],
    ]);
    const lax = await compareResults(baseline, [other], { failAbove: 2 });
    expect(lax.regressions.map(({ id }) => id)).toEqual(['y', 'z']);
  });

  test('what failed in the end is a regression, whatever its times were', async () => {
    const baseline = { name: 'a', result: await resultWith({ x: QUICK, y: QUICK }) };
    const result = await resultWith({ x: QUICK, y: QUICK });
    const [x, y] = result.configurations;
    if (!x || !y) throw new Error('two configurations are made');
    const { digest, ...unseen } = y;
    expect(digest?.matches).toBe(true);
    const error = { code: 'QUEUE_FULL' as const, message: 'too many' };
    const configurations = [{ ...x, status: 'failed' as const, error }, unseen];
    const other = { name: 'b', result: { ...result, configurations } };
    const { regressions } = await compareResults(baseline, [other], { failAbove: 9 });
    expect(regressions.map(({ id, reason }) => [id, reason])).toEqual([
      ['x', 'it failed: too many'],
      ['y', 'it failed: its outputs were not looked at'],
    ]);
  });

  test('says when inputs or options of sessions are others', async () => {
    const a = await resultWith({ x: QUICK });
    const inputs = { ...a.context.inputs, sum: 'another' };
    const options = { ...a.context.options, session: { enableMemPattern: false } };
    const b = { ...a, context: { ...a.context, inputs, options } };
    const { others } = await compareResults({ name: 'a', result: a }, [{ name: 'b', result: b }]);
    expect(others[0]?.differences.map((text) => text.split(' differ')[0])).toEqual([
      'the inputs',
      'the options of sessions',
    ]);
  });

  test('says when machine or model are others', async () => {
    const a = await resultWith({ x: QUICK });
    const { machine, model: file } = a.context;
    const cpu = { ...machine.cpu, model: 'another', usable: 99 };
    const model = { ...file, files: [] };
    const b = { ...a, context: { ...a.context, machine: { ...machine, cpu }, model } };
    const { others } = await compareResults({ name: 'a', result: a }, [{ name: 'b', result: b }]);
    expect(others[0]?.differences.map((text) => text.split(' differs')[0])).toEqual([
      'the processor',
      'the number of cores',
      'the model',
    ]);
  });

  test('says when a clock was too coarse', async () => {
    const none = { name: 'a', result: await resultWith({ x: new Float64Array(20) }) };
    const { others } = await compareResults(none, [none]);
    expect(others[0]).toMatchObject({
      ...{ configurations: [], missing: [], added: [] },
      differences: ['x was too short for the clock: its median is 0 ms'],
    });
  });

  test('refuses what is no result, all of them at once', async () => {
    const good = { name: 'good', result: await resultWith({ x: QUICK }) };
    const [first] = good.result.configurations;
    const wrong = [
      { name: 'a', result: 3 },
      { name: 'b', result: { ...good.result, schemaVersion: 2 } },
      { name: 'c', result: { ...good.result, configurations: [{ ...first, samples: ['1'] }] } },
    ] as unknown as NamedResult[];
    const faults = await faultsOf(compareResults(good, wrong), 'INVALID_INPUT');
    expect(faults).toEqual([
      'expected the result of a benchmark in "a", received 3',
      'expected a result of schema version 1 in "b", received 2',
      'expected configurations with ids and samples in milliseconds in "c"',
    ]);
    const options: CompareOptions = { failAbove: -1 };
    await errorOf(compareResults(good, [good], options), 'INVALID_OPTION');
  });
});
