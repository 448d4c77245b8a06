import { describe, expect, test } from '@jest/globals';
import { placeWarnings, runWarnings } from 'infercore/bench';
import type { BenchWarning, DoubtfulFacts, PlaceFacts } from 'infercore/bench';

const codes = (list: readonly BenchWarning[]) => list.map(({ code }) => code);
const GOOD = { n: 100, median: 10, cv: 0.02 };

describe('the warnings of benchmarks', () => {
  const run: readonly [string, DoubtfulFacts, DoubtfulFacts][] = [
    [
      'COARSE_TIMER',
      { latency: { ...GOOD, median: 0.5 }, resolutionMs: 0.1 },
      { latency: { ...GOOD, median: 1.5 }, resolutionMs: 0.1 },
    ],
    ['HIGH_VARIATION', { latency: { ...GOOD, cv: 0.11 } }, { latency: { ...GOOD, cv: 0.1 } }],
    [
      'DRIFT',
      { latency: GOOD, halves: { ratio: 1.1, p: 1e-6 } },
      { latency: GOOD, halves: { ratio: 1.1, p: 0.01 } },
    ],
    [
      'DRIFT',
      { latency: GOOD, halves: { ratio: 0.9, p: 1e-6 } },
      { latency: GOOD, halves: { ratio: 0.99, p: 1e-6 } },
    ],
    ['FEW_SAMPLES', { latency: { ...GOOD, n: 7 } }, { latency: { ...GOOD, n: 7 }, runs: 5 }],
    ['PROVIDER_FALLBACK', { asked: 'webgpu', used: ['wasm'] }, { asked: 'wasm', used: ['wasm'] }],
    [
      'OVERLOADED',
      { arrivals: { rate: 9, requests: 90, unanswered: 1 } },
      { arrivals: { rate: 9, requests: 90, unanswered: 0 } },
    ],
    ['WRONG_OUTPUT', { wrong: 'output "y": 3 of 4 elements differ' }, {}],
  ];
  test.each(run)('%s comes for its facts and not beside them', (code, facts, others) => {
    expect(codes(runWarnings(facts))).toEqual([code]);
    expect(runWarnings(others)).toEqual([]);
  });

  const place: readonly [string, PlaceFacts, PlaceFacts][] = [
    ['HIDDEN_TAB', { wasHidden: true }, { wasHidden: false }],
    ['ONE_THREAD', { isolated: false }, { isolated: true }],
    ['BUSY_MACHINE', { load: 1.5, cores: 2 }, { load: 1, cores: 2 }],
    ['STOPPED', { stopped: 'budget' }, {}],
    ['STOPPED', { stopped: 'aborted' }, {}],
  ];
  test.each(place)('%s comes for its facts and not beside them', (code, facts, others) => {
    expect(codes(placeWarnings(facts))).toEqual([code]);
    expect(placeWarnings(others)).toEqual([]);
  });

  test('say what is wrong in numbers, and what to do', () => {
    const [timer] = runWarnings({ latency: { ...GOOD, median: 0.5 }, resolutionMs: 0.1 });
    expect(timer?.message).toBe('the clock goes in steps of 0.1 ms, a run takes 0.5 ms');
    const [fallback] = runWarnings({
      asked: 'cuda',
      used: ['cpu'],
      fallbackReason: 'no such library',
    });
    expect(fallback?.message).toBe('cuda was asked for, cpu ran: no such library');
    const all = [...run.flatMap(([, facts]) => runWarnings(facts)), ...placeWarnings({ load: 9 })];
    for (const { hint } of all) expect(hint).toMatch(/\w{3}/);
  });
});
