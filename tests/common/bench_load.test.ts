import { describe, expect, test } from '@jest/globals';
import { Tensor } from 'infercore';
import { benchmark, toCsv, toMarkdown } from 'infercore/bench';
import type { BenchOptions, ConfigurationResult } from 'infercore/bench';
import { errorOf, model } from './models';
import { testQuick } from './surroundings';

const session = PLACE.options.worker ? { worker: true } : {};
const QUICK = { runs: 5, minMs: 0, warmups: 1, warmupMs: 0, session };

async function only(source: string, options: BenchOptions): Promise<ConfigurationResult> {
  const { configurations } = await benchmark(source, { ...QUICK, ...options });
  const [first] = configurations;
  if (!first) throw new Error('nothing was measured');
  return first;
}

describe('a benchmark under load', () => {
  test('times requests that come at random from when they were to come', async () => {
    const { arrivals, warnings } = await only(model('add'), {
      ...{ batch: 1, arrivals: { rate: 20, seconds: 1 }, seed: 3 },
    });
    const { requests = 0, unanswered = 0, samples = [] } = arrivals ?? {};
    // 20 ∓ four standard deviations.
    expect(requests).toBeGreaterThan(2);
    expect(requests).toBeLessThan(38);
    expect(samples).toHaveLength(requests - unanswered);
    expect(arrivals?.latency?.n).toBe(samples.length);
    // A machine that stands still for a second leaves some without an answer.
    const overloaded = warnings.some(({ code }) => code === 'OVERLOADED');
    expect(overloaded).toBe(unanswered > 0);
  });

  testQuick('says when requests come faster than they are answered', async () => {
    const iterations = new Tensor('int64', BigInt64Array.of(500n), []);
    const { arrivals, warnings } = await only(model('slow'), {
      ...{ inputs: { iterations }, arrivals: { rate: 2000, seconds: 0.5 } },
    });
    expect(arrivals?.unanswered).toBeGreaterThan(0);
    expect(warnings.map(({ code }) => code)).toContain('OVERLOADED');
  });

  test('measures how late timers fire, idle and while runs are under way', async () => {
    const { eventLoop } = await only(model('add'), { batch: 1, eventLoop: true });
    expect(eventLoop?.runs).toBeGreaterThanOrEqual(5);
    expect(eventLoop?.delay?.n).toBeGreaterThan(0);
    expect(eventLoop?.idle?.n).toBeGreaterThan(0);
  });

  test('is in the tables where it was asked for', async () => {
    const load = { arrivals: { rate: 50, seconds: 0.4 }, eventLoop: true };
    const result = await benchmark(model('add'), { ...QUICK, ...load, batch: 1 });
    expect(toMarkdown(result)).toMatch(/## Under load\n\n\| batch \| requests\/s \| median/);
    const [titles = '', line = ''] = toCsv(result).split('\r\n');
    expect(line.split(',')[titles.split(',').indexOf('arrivals_per_second')]).toBe('50');
    const without = await benchmark(model('add'), { ...QUICK, batch: 1 });
    expect(toMarkdown(without)).not.toContain('Under load');
  });

  test('refuses rates that are none', async () => {
    for (const arrivals of [{ rate: 0 }, { rate: 5, seconds: 0 }, { rate: 5, per: 1 }, 5]) {
      const options = { arrivals } as BenchOptions;
      const error = await errorOf(benchmark(model('add'), options), 'INVALID_OPTION');
      expect(error.message).toContain('expected an object of rate');
    }
  });
});
