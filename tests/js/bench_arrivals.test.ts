import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type * as ArrivalsModule from '../../js/src/bench/arrivals';
import type * as EventLoopModule from '../../js/src/bench/event_loop';
import { sourceModule } from './source_module';

const { answersTo, poissonArrivals } = await sourceModule<typeof ArrivalsModule>('bench/arrivals');
const { loopDelays } = await sourceModule<typeof EventLoopModule>('bench/event_loop');

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('poissonArrivals', () => {
  const arrivals = poissonArrivals(1000, 20, 1);

  test('are as many as the rate says, the same for the same seed', () => {
    // 20,000 ∓ four standard deviations.
    expect(Math.abs(arrivals.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    expect(poissonArrivals(1000, 20, 1)).toEqual(arrivals);
    expect(poissonArrivals(1000, 20, 2)).not.toEqual(arrivals);
  });

  test('have gaps as an exponential distribution has them', () => {
    const gaps = arrivals.map((at, i) => at - (arrivals[i - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(1, 1);
    // Of the exponential distribution it is the mean squared.
    expect(variance).toBeGreaterThan(0.9);
    expect(variance).toBeLessThan(1.1);
    expect(gaps.filter((gap) => gap > Math.log(2)).length / gaps.length).toBeCloseTo(0.5, 1);
  });
});

describe('answersTo', () => {
  test('counts the waiting for a program that is too busy to send', async () => {
    const answer = () => {
      block(60);
      return Promise.resolve();
    };
    const { samples } = await answersTo([0, 1, 2], answer, 60_000, undefined);
    expect(samples[1]).toBeGreaterThan(100);
    expect(samples[2]).toBeGreaterThan(150);
  });

  test('ends what is under way when nobody waits any longer', async () => {
    const ended: unknown[] = [];
    const answer = (signal: AbortSignal) =>
      sleep(10_000, undefined, { signal }).catch((error: unknown) => {
        ended.push(error);
        throw error;
      });
    const { samples, unanswered } = await answersTo([0, 1], answer, 50, undefined);
    expect({ samples, unanswered, ended: ended.length }).toEqual({
      ...{ samples: [], unanswered: 2, ended: 2 },
    });
  });

  test('fails with what an answer fails with', async () => {
    const answer = () => Promise.reject(new Error('it broke'));
    await expect(answersTo([0, 1], answer, 50, undefined)).rejects.toThrow('it broke');
  });
});

describe('loopDelays', () => {
  const always = () => true;

  test('sees runs that block, and none that wait', async () => {
    const blocked = await loopDelays(async () => {
      block(60);
      await sleep(0);
    }, always);
    expect(Math.max(...blocked.delays)).toBeGreaterThan(40);
    const free = await loopDelays(() => sleep(20), always);
    const sorted = [...free.delays].sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThan(20);
  });

  test('fails with what a run fails with, and ends when it is told to', async () => {
    const broken = loopDelays(() => Promise.reject(new Error('it broke')), always);
    await expect(broken).rejects.toThrow('it broke');
    const { runs } = await loopDelays(
      () => sleep(1),
      () => false,
    );
    expect(runs).toBe(0);
  });
});
