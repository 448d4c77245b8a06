import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BenchResult } from 'infercore/bench';
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
    for (let wait = 2000; !existsSync(out) && wait < 20_000; wait *= 2) {
      const { code } = await interrupted(
        ['bench', 'build/test-models/add.onnx', ...long],
        () => new Promise((resolve) => setTimeout(resolve, wait)),
      );
      expect(code).toBe(130);
    }
    const result = JSON.parse(readFileSync(out, 'utf8')) as BenchResult;
    expect(result).toMatchObject({ complete: false, stopped: 'aborted' });
    const [first, second] = result.configurations;
    expect(first).toMatchObject({ status: 'partial', digest: { matches: true } });
    expect(first?.samples.length).toBeGreaterThan(0);
    expect(second).toMatchObject({ status: 'skipped', samples: [] });
  });

  test('a spent budget is told, and is no failure', async () => {
    const args = ['--batch', '1', '--budget', '1s', '--min-time', '1m'];
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
