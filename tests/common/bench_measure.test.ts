import { describe, expect, test } from '@jest/globals';
import { measure, summarize } from 'infercore/bench';
import type { Measured, MeasureOptions, Subject } from 'infercore/bench';
import { failure } from './failure';
import { scripted, SyntheticClock } from './synthetic';

/** No warm-up, and no more time than the runs take. */
const SHORT = { warmups: 0, warmupMs: 0, minMs: 0 };

async function one(subject: Subject, options: MeasureOptions): Promise<Measured> {
  const [measured] = await measure([subject], options);
  if (!measured) throw new Error('nothing was measured');
  return measured;
}

describe('measure', () => {
  test('a synthetic clock: every sample is the known one, every statistic that of the reference', async () => {
    const clock = new SyntheticClock();
    // The first run, then 1 … 200 ms in an order that is none.
    const times = Array.from({ length: 200 }, (_, i) => ((i * 77) % 200) + 1);
    const subject = scripted({ clock, open: 40, runs: [9, ...times] });
    const measured = await one(subject, { ...SHORT, clock, runs: 200 });
    expect(measured.samples).toEqual(times);
    expect(measured.status).toBe('complete');
    expect(measured.phases).toEqual({ open: 40, firstRun: 9, runs: 20100, dispose: 0 });
    const summary = await summarize(Float64Array.from(measured.samples));
    // numpy.percentile(range(1, 201), q) is 1 + 199 q; the variance of 1 … n with n − 1 is n (n + 1) / 12.
    expect(summary).toMatchObject({
      n: 200,
      mean: 100.5,
      median: 100.5,
      mad: 50,
      min: 1,
      max: 200,
    });
    expect(summary.sd).toBeCloseTo(Math.sqrt((200 * 201) / 12), 12);
    expect(summary.cv).toBeCloseTo(Math.sqrt((200 * 201) / 12) / 100.5, 12);
    expect(summary.p75).toBeCloseTo(150.25, 12);
    expect(summary.p90).toBeCloseTo(180.1, 12);
    expect(summary.p95).toBeCloseTo(190.05, 12);
    expect(summary.p99).toBeCloseTo(198.01, 12);
    expect(summary).not.toHaveProperty('p999');
    // Ranks 100 ∓ 1.96 · √200 / 2, outwards.
    expect(summary.medianCi95).toEqual([86, 115]);
    expect(summary.outliers).toBe(0);
  });

  test('warms up by count and by time', async () => {
    const clock = new SyntheticClock();
    const slow = scripted({ clock, runs: [100] });
    const byCount = await one(slow, { clock, warmups: 10, warmupMs: 500, minMs: 0, runs: 1 });
    expect(byCount.phases['warmup']).toBe(1000);
    const quick = scripted({ clock, runs: [10] });
    const byTime = await one(quick, { clock, warmups: 10, warmupMs: 500, minMs: 0, runs: 1 });
    expect(byTime.phases['warmup']).toBe(500);
  });

  test('samples until there are enough runs and enough time, and no more than maxRuns', async () => {
    const clock = new SyntheticClock();
    const of = (options: MeasureOptions) =>
      one(scripted({ clock, runs: [10] }), { ...SHORT, clock, ...options });
    expect((await of({ runs: 100, minMs: 3000 })).samples).toHaveLength(300);
    expect((await of({ runs: 400, minMs: 3000 })).samples).toHaveLength(400);
    const few = await of({ runs: 100, minMs: 3000, maxRuns: 150 });
    expect(few.samples).toHaveLength(150);
    expect(few.status).toBe('complete');
  });

  test('ends when the budget is spent, and keeps and marks what it measured', async () => {
    const clock = new SyntheticClock();
    const options = { ...SHORT, clock, runs: 100, budgetMs: 55 };
    const some = await one(scripted({ clock, runs: [10] }), options);
    expect(some).toMatchObject({ status: 'partial', stopped: 'budget' });
    expect(some.samples).toEqual([10, 10, 10, 10, 10]);
    const none = await one(scripted({ clock, open: 60, runs: [10] }), options);
    expect(none).toMatchObject({ status: 'skipped', stopped: 'budget', samples: [] });
  });

  test('ends when it is told to, and keeps and marks what it measured', async () => {
    const clock = new SyntheticClock();
    const controller = new AbortController();
    const before = (run: number) => {
      if (run === 6) controller.abort();
    };
    const subject = scripted({ clock, runs: [10], before });
    const measured = await one(subject, { ...SHORT, clock, runs: 100, signal: controller.signal });
    expect(measured).toMatchObject({ status: 'partial', stopped: 'aborted' });
    expect(measured.samples).toHaveLength(6);
  });

  test('lets subjects take turns, the order reversed each time', async () => {
    const clock = new SyntheticClock();
    const order: string[] = [];
    const named = (name: string) =>
      scripted({ clock, runs: [1], before: () => void order.push(name) });
    await measure([named('a'), named('b')], { ...SHORT, clock, runs: 3 });
    expect(order.join('')).toBe('ab' + 'abbaab');
  });

  test('a subject that fails is marked, and the others go on', async () => {
    const clock = new SyntheticClock();
    const before = (run: number) => {
      if (run === 3) throw new Error('it broke');
    };
    let closed = 0;
    const broken = scripted({ clock, runs: [1], before, onClose: () => (closed += 1) });
    const sound = scripted({ clock, runs: [1] });
    const [first, second] = await measure([broken, sound], { ...SHORT, clock, runs: 5 });
    expect(first).toMatchObject({ status: 'failed', samples: [1, 1] });
    expect(first?.error).toEqual(new Error('it broke'));
    expect(closed).toBe(1);
    expect(second).toMatchObject({ status: 'complete', samples: [1, 1, 1, 1, 1] });
  });

  test('keeps the parts of runs, and sums up what they did', async () => {
    const clock = new SyntheticClock();
    const facts = { parts: { tokenize: 1, run: 2 }, items: 4, tokens: 30, paddedTokens: 40 };
    const measured = await one(scripted({ clock, runs: [3], facts }), { ...SHORT, clock, runs: 5 });
    expect(measured.parts).toEqual({ tokenize: [1, 1, 1, 1, 1], run: [2, 2, 2, 2, 2] });
    expect(measured).toMatchObject({ items: 20, tokens: 150, paddedTokens: 200 });
  });

  test('refuses what is no option, and what is no subject', async () => {
    const options = { runs: 0, minMs: -1, warmup: 3 } as MeasureOptions;
    const error = await failure(measure([], options));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path).sort()).toEqual(['minMs', 'runs', 'warmup']);
    expect(error.message).toContain('did you mean "warmups"');
    const none = await failure(measure([{} as Subject]));
    expect(none.code).toBe('INVALID_INPUT');
  });
});
