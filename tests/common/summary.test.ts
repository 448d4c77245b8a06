import { describe, expect, test } from '@jest/globals';
import { compareSamples, summarize } from 'infercore';
import { failure } from './failure';
import { seeded } from './random';

function samples(n: number, seed: number): Float64Array {
  const next = seeded(seed);
  return Float64Array.from({ length: n }, () => 1 + next());
}

describe('summarize', () => {
  test('describes known samples', async () => {
    const summary = await summarize(Float64Array.of(4, 1, 2, 3));
    expect(summary).toEqual({
      n: 4,
      mean: 2.5,
      sd: Math.sqrt(5 / 3),
      cv: Math.sqrt(5 / 3) / 2.5,
      median: 2.5,
      mad: 1,
      min: 1,
      max: 4,
      p50: 2.5,
      p75: 3.25,
      p90: 3.7,
      p95: 3.8499999999999996,
      medianCi95: [1, 4],
      outliers: 0,
    });
  });

  test('has p99 from 100 samples on, p999 from 1,000', async () => {
    expect(await summarize(samples(99, 1))).not.toHaveProperty('p99');
    expect(await summarize(samples(100, 1))).toHaveProperty('p99');
    expect(await summarize(samples(100, 1))).not.toHaveProperty('p999');
    expect(await summarize(samples(1000, 1))).toHaveProperty('p999');
  });

  // The snapshots are shared: a target that prints another last digit fails.
  test('gives the same digits on every target', async () => {
    expect(await summarize(samples(5000, 42))).toMatchSnapshot('5,000 samples');
  });

  test('names every sample that is no duration', async () => {
    const error = await failure(summarize(Float64Array.of(1, NaN, -1, Infinity)));
    expect(error.code).toBe('INVALID_INPUT');
    const paths = error.faults?.map(({ path }) => path);
    expect(paths).toEqual(['samples[1]', 'samples[2]', 'samples[3]']);
    expect(error.message).toContain('received NaN');
  });

  test('refuses no samples, and what is no Float64Array', async () => {
    expect((await failure(summarize(new Float64Array()))).code).toBe('INVALID_INPUT');
    const error = await failure(summarize([1, 2] as unknown as Float64Array));
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.message).toContain('expected a Float64Array');
  });
});

describe('compareSamples', () => {
  test('sees a difference where there is one', async () => {
    const fast = samples(200, 1);
    const slow = samples(200, 2).map((x) => 2 * x);
    const result = await compareSamples(fast, slow);
    expect(result.verdict).toBe('faster');
    expect(result.ratio).toBeCloseTo(0.5, 1);
    expect(result.ratioCi95[0]).toBeLessThanOrEqual(result.ratio);
    expect(result.ratioCi95[1]).toBeGreaterThanOrEqual(result.ratio);
    expect((await compareSamples(slow, fast)).verdict).toBe('slower');
  });

  test('says so where there is none', async () => {
    const { verdict } = await compareSamples(samples(200, 1), samples(200, 2));
    expect(verdict).toBe('no difference');
  });

  test('gives the same digits on every target', async () => {
    const other = samples(280, 6).map((x) => 1.02 * x);
    expect(await compareSamples(samples(300, 5), other)).toMatchSnapshot('300 against 280');
  });

  test('refuses no samples on either side', async () => {
    const none = new Float64Array();
    expect((await failure(compareSamples(none, samples(3, 1)))).code).toBe('INVALID_INPUT');
    expect((await failure(compareSamples(samples(3, 1), none))).code).toBe('INVALID_INPUT');
  });
});
