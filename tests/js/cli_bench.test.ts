import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BenchResult } from 'infercore/bench';
import { schemaFaults } from './bench_schema';
import { infercore, interrupted } from './command';

const MODEL = 'build/test-models/tiny-bert';
const SHORT = ['--runs', '5', '--warmups', '1', '--min-time', '0', '--warmup-time', '0'];
const SMALL = ['--batch', '1,2', '--sequence', '8', ...SHORT];

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-bench-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('bench', () => {
  test('shows latency, throughput and phases of each configuration, and the best', async () => {
    const { code, stdout } = await infercore(['bench', MODEL, ...SMALL]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/model +test-models\/tiny-bert/);
    expect(stdout).toMatch(/sequence 8, provider cpu, dtype fp32, level all/);
    expect(stdout).toMatch(/\nbatch +median +95 % CI +p95 +n +items\/s +tokens\/s/);
    expect(stdout).toMatch(/\nbatch +read +create +open, all +first run +warm-up +memory/);
    expect(stdout).not.toContain('\x1b');
  });

  test('--json, --out, --csv and --markdown', async () => {
    const outputs = ['--out', file('a.json'), '--csv', file('a.csv'), '--markdown', file('a.md')];
    const { code, stdout } = await infercore(['bench', MODEL, '--json', ...outputs, ...SMALL]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as BenchResult;
    expect(result.configurations.map(({ latency }) => latency?.n)).toEqual([5, 5]);
    expect(JSON.parse(readFileSync(file('a.json'), 'utf8'))).toEqual(result);
    expect(readFileSync(file('a.csv'), 'utf8')).toMatch(/^id,batch,.*\r\n/);
    expect(readFileSync(file('a.md'), 'utf8')).toMatch(/^# Benchmark of/);
  });

  test('takes texts of a file, tensors of a file, threads and levels', async () => {
    writeFileSync(file('texts.txt'), 'a cat\na dog\n');
    const texts = ['--texts', file('texts.txt'), '--batch', '2', '--threads', '1,2'];
    const args = ['build/test-models/tiny-sentence', '--json', ...texts, ...SHORT];
    const { stdout } = await infercore(['bench', ...args]);
    const { configurations } = JSON.parse(stdout) as BenchResult;
    expect(configurations.map(({ used }) => used?.threads)).toEqual([1, 2]);
    expect(Object.keys(configurations[0]?.parts ?? {})).toContain('tokenize');
    writeFileSync(
      file('in.json'),
      '{ "x": { "type": "float32", "dims": [2, 3], "data": [1, 2, 3, 4, 5, 6] } }',
    );
    const inputs = ['--inputs', file('in.json'), '--level', 'basic', '--json', ...SHORT];
    const given = await infercore(['bench', 'build/test-models/fixed.onnx', ...inputs]);
    const [only] = (JSON.parse(given.stdout) as BenchResult).configurations;
    expect(only?.id).toBe('provider=cpu level=basic');
  });

  test('Ctrl-C keeps what was measured, marked, and ends with 130', async () => {
    const out = file('stopped.json');
    const long = ['--batch', '1,2', '--runs', '1000000', '--warmup-time', '200ms', '--out', out];
    // How long it takes until there are samples, nobody tells from outside: what came too early is tried again.
    let result: BenchResult | undefined;
    for (let wait = 2000; !result?.configurations[0]?.samples.length && wait < 20_000; wait *= 2) {
      const { code } = await interrupted(
        ['bench', MODEL, ...long],
        () => new Promise((resolve) => setTimeout(resolve, wait)),
      );
      expect(code).toBe(130);
      if (existsSync(out)) result = JSON.parse(readFileSync(out, 'utf8')) as BenchResult;
    }
    expect(result).toMatchObject({ complete: false, stopped: 'aborted' });
    const [first, second] = result?.configurations ?? [];
    expect(first).toMatchObject({ status: 'partial', digest: { matches: true } });
    expect(first?.samples.length).toBeGreaterThan(0);
    expect(second).toMatchObject({ status: 'skipped', samples: [] });
  });

  test('--cold, --arrivals and --event-loop', async () => {
    const load = ['--cold', '2', '--arrivals', '20', '--arrivals-time', '500ms', '--event-loop'];
    const args = ['bench', MODEL, '--json', ...load, ...SMALL, '--batch', '2', '--threads', '1'];
    const { code, stdout } = await infercore(args);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as BenchResult;
    const [only] = result.configurations;
    expect(only?.coldStart?.samples).toHaveLength(2);
    const { process = 0, load: loading = 0, firstRun = 0 } = only?.coldStart?.phases ?? {};
    expect(process).toBeGreaterThan(0);
    expect(only?.coldStart?.total?.median).toBeGreaterThan(loading + firstRun);
    expect(only?.coldStart?.memoryBytes).toBeGreaterThan(1e6);
    expect(only?.arrivals?.rate).toBe(20);
    expect(only?.eventLoop?.delay?.n).toBeGreaterThan(0);
    expect(schemaFaults(result)).toEqual([]);
  });

  test('a spent budget is told, and is no failure', async () => {
    const args = ['--batch', '1', '--budget', '1s', '--runs', '1000000'];
    const { code, stderr } = await infercore(['bench', 'build/test-models/add.onnx', ...args]);
    expect(code).toBe(0);
    expect(stderr).toContain('the time budget was spent');
  });

  const WRONG: readonly (readonly [string[], RegExp])[] = [
    [['--batch', '1,x'], /whole number above 0/],
    [['--budget', 'soon'], /Expected a time, as 60s/],
    [['--dimension', 'height'], /Expected a name and a size, as height=224/],
    [['--dtype', 'fp64'], /expected one of "fp32", "fp16", "q8", "q4"/],
    [['--sequence', '1000', '--batch', '1'], /sequence 1000: /],
    [['--out', 'nowhere/at/all.json'], /is its folder there\?/],
    [['--arrivals', '0'], /expected an object of rate/],
    [['--cold', '2', '--texts', '-'], /standard input can be read once/],
    [['--csv', '.'], /expected a file for --csv, "\." is a folder/],
    [['--texts', 'build'], /expected a file for --texts, "build" is a folder/],
  ];
  test.each(WRONG)('wrong use: %s', async (args, message) => {
    const { code, stderr, stdout } = await infercore(['bench', MODEL, ...SHORT, ...args]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect([1, 2]).toContain(code);
  });

  test('names inputs that can not be guessed', async () => {
    const { code, stderr } = await infercore(['bench', 'build/test-models/mixed.onnx', ...SHORT]);
    expect(code).toBe(1);
    expect(stderr).toContain('input "labels" (string [batch])');
    expect(stderr).toContain('--inputs FILE.json');
  });
});

describe('compare', () => {
  const out = (name: string, samples: (i: number) => number) => {
    const result = JSON.parse(readFileSync(file('base.json'), 'utf8')) as BenchResult;
    const times = Array.from({ length: 50 }, (_, i) => samples(i));
    const configurations = result.configurations.map((each) => ({ ...each, samples: times }));
    writeFileSync(file(name), JSON.stringify({ ...result, configurations }));
  };
  beforeAll(async () => {
    const args = ['bench', MODEL, '--out', file('base.json'), ...SMALL];
    expect((await infercore(args)).code).toBe(0);
    out('a.json', (i) => 10 + (i % 7) / 10);
    out('b.json', (i) => 10 + (i % 5) / 7);
    out('slow.json', (i) => 12.5 + (i % 7) / 10);
  });

  test('shows ratios with their intervals, and says when there is no difference', async () => {
    const { code, stdout } = await infercore(['compare', file('a.json'), file('b.json')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/batch=1 .* 0\.\d{3} – 1\.\d{3} .*no difference/);
    const slow = await infercore(['compare', file('a.json'), file('slow.json')]);
    expect(slow.stdout).toMatch(/1\.24\d .*< 0\.001 +slower by 24\.\d %/);
    expect(slow.stdout).toMatch(/geometric mean of the ratios: 1\.24/);
    expect(slow.code).toBe(0);
  });

  test('--fail-above ends with 1 for what is slower by more, and for nothing else', async () => {
    const compared = (limit: string, ...files: string[]) =>
      infercore(['compare', ...files.map(file), '--fail-above', limit]);
    const slow = await compared('10%', 'a.json', 'slow.json');
    expect(slow.code).toBe(1);
    expect(slow.stderr).toMatch(/regression: .*slow\.json: batch=1 .*: slower by 24/);
    expect((await compared('30%', 'a.json', 'slow.json')).code).toBe(0);
    expect((await compared('0%', 'a.json', 'b.json')).code).toBe(0);
    expect((await compared('0%', 'slow.json', 'a.json')).code).toBe(0);
  });

  test('--baseline names another, --json gives it to programs', async () => {
    const files = [file('a.json'), file('slow.json'), '--baseline', file('slow.json'), '--json'];
    const { stdout } = await infercore(['compare', ...files]);
    const { others } = JSON.parse(stdout) as { others: { name: string; geometricMean: number }[] };
    expect(others.map(({ name }) => name)).toEqual([file('a.json')]);
    expect(others[0]?.geometricMean).toBeCloseTo(0.806, 2);
  });

  const WRONG: readonly (readonly [string, () => string[], RegExp, number])[] = [
    ['one file', () => [file('a.json')], /expected a result beside the baseline/, 2],
    ['no file', () => [], /missing required argument/, 2],
    ['no share', () => ['a', 'b', '--fail-above', 'x'], /Expected a share in percent, as 10%/, 2],
    ['no JSON', () => [file('a.json'), 'README.md'], /expected JSON in "README.md"/, 2],
    ['no result', () => [file('a.json'), 'package.json'], /expected the result of a benchmark/, 1],
    ['nothing there', () => [file('a.json'), 'nowhere.json'], /there is none at nowhere.json/, 1],
  ];
  test.each(WRONG)('wrong use: %s', async (_, args, message, expected) => {
    const { code, stderr } = await infercore(['compare', ...args()]);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });
});
