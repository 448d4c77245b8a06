/** Percentiles of the histogram against those of the sorted values. */
import { describe, expect, test } from '@jest/globals';
import type { Histogram } from '../../js/src/histogram.js';
import { seeded } from '../common/random';
import { sourceModule } from './source_module';

const source = sourceModule<{ readonly Histogram: new () => Histogram }>('histogram');

/** What the documentation says: 1.6 %, or a microsecond. */
const RELATIVE = 0.016;
const ABSOLUTE = 0.001;

async function histogramOf(values: readonly number[]): Promise<Histogram> {
  const { Histogram } = await source;
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

function exact(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? 0;
}

const random = seeded(7);
const many = (make: () => number) => Array.from({ length: 20_000 }, make);
const distributions: [string, number[]][] = [
  ['even', many(() => random() * 100)],
  ['over nine decades', many(() => 10 ** (random() * 9 - 3))],
  ['exponential', many(() => -3 * Math.log(1 - random()))],
  ['two peaks far apart', many(() => (random() < 0.96 ? 0.02 : 5000) * (1 + random() / 10))],
  ['mostly none at all', many(() => (random() < 0.9 ? 0 : random()))],
  ['all the same', new Array<number>(100).fill(1 / 3)],
  ['powers of two', Array.from({ length: 30 }, (_, i) => 2 ** (i - 9))],
  ['few', [3, 1, 2]],
  ['one', [42]],
];

describe.each(distributions)('values that are %s', (_, values) => {
  test.each([0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1])('quantile %d', async (q) => {
    const expected = exact(values, q);
    const actual = (await histogramOf(values)).quantile(q);
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
      Math.max(ABSOLUTE, expected * RELATIVE),
    );
  });

  test('count, sum, mean, max and buckets are exact', async () => {
    const { count, sum, mean, max, buckets } = (await histogramOf(values)).summary();
    const total = values.reduce((a, b) => a + b, 0);
    expect({ count, sum, max }).toEqual({
      count: values.length,
      sum: total,
      max: exact(values, 1),
    });
    expect(mean).toBe(total / values.length);
    expect(buckets.length).toBeGreaterThan(10);
    for (const bucket of buckets) {
      expect(bucket.count).toBe(values.filter((value) => value < bucket.below).length);
    }
  });
});

describe('at the ends', () => {
  test('without values all is 0', async () => {
    const { buckets, ...numbers } = (await histogramOf([])).summary();
    expect(numbers).toEqual({ count: 0, sum: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 });
    expect(buckets.every(({ count }) => count === 0)).toBe(true);
  });

  test('what is below 0 or no number counts as 0', async () => {
    const { count, sum, p99, max } = (await histogramOf([-5, NaN, 0])).summary();
    expect({ count, sum, p99, max }).toEqual({ count: 3, sum: 0, p99: 0, max: 0 });
  });

  test('what is longer than an hour is the greatest', async () => {
    const { p50, max } = (await histogramOf([1e9, 2e9, 1e12])).summary();
    expect([p50, max]).toEqual([1e12, 1e12]);
    expect((await histogramOf([Infinity])).quantile(0.5)).toBe(Infinity);
  });
});
