import { beforeAll, describe, expect, test } from '@jest/globals';
import { benchmark, toCsv, toMarkdown } from 'infercore/bench';
import type { BenchResult } from 'infercore/bench';
import { testModel } from './model_paths';

let result: BenchResult;
beforeAll(async () => {
  const session = PLACE.options.worker ? { worker: true } : {};
  const short = { runs: 20, minMs: 0, warmups: 1, warmupMs: 0, session };
  result = await benchmark(testModel('tiny-bert'), { ...short, batch: [1, 2], sequence: 8 });
});

describe('toCsv', () => {
  test('has a line a configuration, and all digits', () => {
    const [titles = '', first = '', second, rest] = toCsv(result).split('\r\n');
    const row = new Map(titles.split(',').map((title, i) => [title, first.split(',')[i]]));
    expect(row.get('id')).toBe(result.configurations[0]?.id);
    expect(row.get('batch')).toBe('1');
    expect(row.get('threads')).toBe('');
    expect(Number(row.get('median_ms'))).toBe(result.configurations[0]?.latency?.median);
    expect(row.get('n')).toBe('20');
    expect(row.get('matches')).toBe('true');
    expect(second).toMatch(/^batch=2/);
    expect(rest).toBe('');
  });

  test('quotes what would end a cell, and makes no formulas', () => {
    const [first] = result.configurations;
    if (!first) throw new Error('no configuration');
    const error = { code: 'INTERNAL', message: 'a "b", c' } as const;
    const csv = toCsv({ ...result, configurations: [{ ...first, id: '=1+1', error }] });
    expect(csv).toContain('"INTERNAL: a ""b"", c"');
    expect(csv).toContain("\r\n'=1+1,");
  });
});

describe('toMarkdown', () => {
  test('has tables of what changes, what is best, warnings and the context', () => {
    const text = toMarkdown(result);
    expect(text).toMatch(/^# Benchmark of test-models\/tiny-bert\n/);
    expect(text).toMatch(/\| batch \| median \| 95 % CI \|/);
    expect(text).toMatch(/\n\| 1 \| .* \| 20 \| /);
    expect(text).toMatch(/Lowest latency: batch=/);
    expect(text).toContain('sequence 8');
    expect(text).toMatch(/## Phases\n\n\| batch \|/);
    expect(text).toMatch(/sha256 [0-9a-f]{12}/);
  });

  test('lets no name end a cell', () => {
    const name = 'a|b <img src=x>';
    const { context } = result;
    const text = toMarkdown({ ...result, context: { ...context, model: { name, files: [] } } });
    expect(text).toContain('a\\|b \\<img src=x\\>');
  });
});
