import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { profileModel, readProfile, type ModelProfile } from 'infercore/bench';
import { failure } from '../common/failure';
import { infercore } from './command';

const MODEL = 'build/test-models/tiny-bert';
const SHORT = ['--sequence', '8', '--runs', '3'];

let folder: string;
const file = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('infercore-profile-'));

describe('profileModel', () => {
  test('tells of the runs that count, and keeps the trace where it is wanted', async () => {
    const before = left();
    const traceFile = file('kept.json');
    const profile = await profileModel(MODEL, { sequence: 8, runs: 3, warmups: 2, traceFile });
    expect(profile).toMatchObject({
      runs: 3,
      configuration: { batch: 1, sequence: 8, provider: 'cpu', dtype: 'fp32', level: 'all' },
      providers: ['cpu'],
      traceFile,
    });
    const products = profile.operators.find(({ operator }) => operator === 'MatMul');
    expect(products?.calls).toBe(3 * (products?.nodes ?? 0));
    const shares = profile.operators.reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1, 9);
    expect(profile.nodeMs).toBeLessThanOrEqual(profile.runMs);
    expect(readProfile(readFileSync(traceFile, 'utf8')).runs).toBe(5);
    expect(left()).toEqual(before);
  });

  test('with a file of its own and given tensors', async () => {
    const { Tensor } = await import('infercore');
    const x = new Tensor('float32', new Float32Array(6), [2, 3]);
    const profile = await profileModel('build/test-models/fixed.onnx', {
      inputs: { x },
      level: 'disabled',
      threads: 1,
      runs: 2,
    });
    expect(profile.operators).toMatchObject([{ operator: 'Add', provider: 'cpu', calls: 2 }]);
    expect([profile.threads, profile.traceFile]).toEqual([1, undefined]);
  });

  test('wrong use is told, and leaves no file', async () => {
    const before = left();
    const wrong = { runs: 0, batch: -1, flame: true } as object;
    const options = await failure(profileModel(MODEL, wrong));
    expect(options.code).toBe('INVALID_OPTION');
    expect(options.faults?.map(({ path }) => path)).toEqual(['runs', 'batch', 'flame']);
    const guess = await failure(profileModel('build/test-models/slow.onnx'));
    expect([guess.code, guess.message]).toEqual([
      'INVALID_INPUT',
      expect.stringContaining('"iterations"'),
    ]);
    const nowhere = { sequence: 8, runs: 1, traceFile: file('no/such/folder.json') };
    expect((await failure(profileModel(MODEL, nowhere))).code).toBe('RUNTIME_ERROR');
    expect((await failure(profileModel('no-such-model.onnx'))).code).toBe('NOT_FOUND');
    const aborted = profileModel(MODEL, { signal: AbortSignal.abort() });
    expect((await failure(aborted)).code).toBe('ABORTED');
    expect(left()).toEqual(before);
  });
});

describe('infercore profile', () => {
  test('shows operators and the slowest nodes', async () => {
    const { code, stdout } = await infercore(['profile', MODEL, '--nodes', '2', ...SHORT]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^runs +3 of [\d.]+ (µs|ms), [\d.]+ % of it in nodes\n/);
    expect(stdout).toMatch(/batch=1 sequence=8 provider=cpu dtype=fp32 level=all; ran on cpu, \d+/);
    expect(stdout).toMatch(/\noperator +provider +nodes +time of a run +share\n/);
    expect(stdout).toMatch(/\nMatMul +cpu +\d+ +[\d.]+ (µs|ms) +[\d.]+ %\n/);
    expect(stdout).toMatch(/\nand \d+ nodes more \(--nodes N shows N\)\n$/);
  });

  test('--json and --trace', async () => {
    const trace = ['--trace', file('trace.json')];
    const { stdout } = await infercore(['profile', MODEL, '--json', ...trace, ...SHORT]);
    const profile = JSON.parse(stdout) as ModelProfile;
    expect([profile.runs, profile.traceFile]).toEqual([3, file('trace.json')]);
    expect(existsSync(file('trace.json'))).toBe(true);
  });

  const wrong: [args: string[], message: string][] = [
    [['--trace', 'no/such/folder/t.json'], 'expected a file for --trace that can be written'],
    [['--runs', '0'], 'Expected a whole number above 0.'],
    [['--level', 'most'], 'Allowed choices are disabled, basic, extended, layout, all.'],
  ];
  test.each(wrong)('%j is wrong use', async (args, message) => {
    const { code, stderr } = await infercore(['profile', MODEL, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('inputs that can not be guessed', async () => {
    const { code, stderr } = await infercore(['profile', 'build/test-models/slow.onnx']);
    expect(code).toBe(1);
    expect(stderr).toContain('which numbers it takes is not known');
    expect(stderr).toContain('--inputs FILE.json');
  });
});
