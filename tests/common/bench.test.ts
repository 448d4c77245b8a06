import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Tensor } from 'infercore';
import { benchmark } from 'infercore/bench';
import type { BenchOptions, BenchResult, ConfigurationResult } from 'infercore/bench';
import { errorOf, faultsOf, model, modelBytes } from './models';
import { testModel } from './model_paths';
import { testIf } from './surroundings';

/** As short as it can be, where the setting wants it in a worker. */
const session = PLACE.options.worker ? { worker: true } : {};
const QUICK = { runs: 5, minMs: 0, warmups: 1, warmupMs: 0, session };
const PROVIDER = TARGET === 'native' ? 'cpu' : 'wasm';

const bench = (source: string | Uint8Array, options: BenchOptions = {}): Promise<BenchResult> =>
  benchmark(source, { ...QUICK, ...options });

const testNative = testIf(TARGET === 'native', 'elsewhere runs do not come beside each other');
const testInPlace = testIf(!PLACE.options.worker, 'a worker a configuration takes its time');

function only({ configurations }: BenchResult): ConfigurationResult {
  const [first, ...others] = configurations;
  if (!first || others.length > 0) throw new Error(`${configurations.length} configurations`);
  return first;
}

describe('benchmark', () => {
  test('measures each configuration of a sweep, phases apart', async () => {
    const sweep = { batch: [1, 2], sequence: 8, level: ['basic', 'all'] as const };
    const result = await bench(testModel('tiny-bert'), { ...sweep, seed: 7 });
    expect(result.configurations.map(({ id }) => id)).toEqual(
      ['basic', 'all'].flatMap((level) =>
        [1, 2].map(
          (batch) => `batch=${batch} sequence=8 provider=${PROVIDER} dtype=fp32 level=${level}`,
        ),
      ),
    );
    expect(result).toMatchObject({ schemaVersion: 1, complete: true, context: { seed: 7 } });
    for (const {
      configuration,
      latency,
      throughput,
      phases,
      digest,
      used,
    } of result.configurations) {
      expect(latency?.n).toBe(5);
      expect(digest?.matches).toBe(true);
      expect(used?.providers).toEqual([PROVIDER]);
      for (const phase of ['open', 'create', 'firstRun', 'warmup', 'runs', 'dispose']) {
        expect(phases[phase]).toBeGreaterThanOrEqual(0);
      }
      const { itemsPerSecond = 0, tokensPerSecond = 0 } = throughput ?? {};
      expect(tokensPerSecond / itemsPerSecond).toBeCloseTo(configuration.sequence ?? 0, 6);
      expect(itemsPerSecond).toBeCloseTo(
        ((configuration.batch ?? 0) * 1000) / (latency?.mean ?? NaN),
        6,
      );
    }
  });

  testInPlace(
    'has defaults: batch 1, 4, 16, 10 warm-ups and 100 runs; 128 tokens, where the model takes so many',
    async () => {
      const { configurations, context } = await benchmark(testModel('tiny-bert'), {
        ...{ warmupMs: 0, minMs: 0, session },
      });
      expect(
        configurations.map(({ configuration: { batch, sequence } }) => [batch, sequence]),
      ).toEqual([
        [1, 64],
        [4, 64],
        [16, 64],
      ]);
      expect(configurations.map(({ latency }) => latency?.n)).toEqual([100, 100, 100]);
      expect(context.options).toMatchObject({ warmups: 10, runs: 100 });
      const { configurations: long } = await bench(testModel('tasks/answers.onnx'), {
        ...{ batch: 1, vocabularySize: 10 },
      });
      expect(long[0]?.configuration.sequence).toBe(128);
    },
  );

  test('keeps what the numbers depend on', async () => {
    const { context } = await bench(testModel('tiny-bert'), { batch: 1, sequence: 8 });
    const { length } = readFileSync(testModel('tiny-bert/onnx/model.onnx'));
    expect(context.model.name).toBe('test-models/tiny-bert');
    expect(context.model.files).toEqual([
      { dtype: 'fp32', bytes: length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    ]);
    expect(context.target).toBe(TARGET);
    expect(context.versions.infercore).toMatch(/^\d+\.\d+\.\d+/);
    expect(context.versions.runtime).toMatch(/^onnxruntime/);
    expect(context.machine.cpu.cores).toBeGreaterThan(0);
    expect(context.timerResolutionMs).toBeGreaterThan(0);
    expect(Number.isNaN(Date.parse(context.date))).toBe(false);
  });

  test('takes a single file and bytes, and sizes that the model has fixed', async () => {
    const fixed = only(await bench(model('fixed')));
    expect(fixed.id).toBe(`batch=2 provider=${PROVIDER} level=all`);
    const bytes = await bench(modelBytes('scalar'));
    expect(only(bytes).configuration).toMatchObject({ batch: null, sequence: null, dtype: null });
    expect(bytes.context.model.name).toBe('bytes');
  });

  test('makes the same inputs of the same seed: outputs agree with what the reference makes', async () => {
    const { digest } = only(await bench(model('embedding-table'), idsOf(2, 6)));
    expect(digest).toMatchObject({ matches: true, outputs: [{ name: 'rows', maxAbs: 0 }] });
  });

  test('takes tensors as they are, and makes the others', async () => {
    const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    const result = await bench(model('add'), { inputs: { a }, batch: 1 });
    expect(only(result).digest?.matches).toBe(true);
    expect(result.context.inputs.kind).toBe('given');
    const all = await bench(model('add'), { inputs: { a, b: a } });
    expect(only(all).configuration.batch).toBe(null);
  });

  test('runs texts through tokenizer, model and pooling, each timed', async () => {
    const texts = ['a cat', 'a dog that sleeps in the sun', 'taxes'];
    const result = await benchmark(testModel('tiny-sentence'), { ...QUICK, texts, batch: 2 });
    const { parts, throughput, digest } = only(result);
    expect(Object.keys(parts)).toEqual(['tokenize', 'run', 'postProcess']);
    expect(parts['run']?.n).toBe(5);
    expect(digest?.matches).toBe(true);
    expect(throughput?.itemsPerSecond).toBeGreaterThan(0);
    if (!PLACE.options.worker) expect(throughput?.tokensPerSecond).toBeGreaterThan(0);
    expect(result.context.inputs).toMatchObject({ kind: 'texts', texts: 3 });
  });

  test('marks what computes something else, and it is never best', async () => {
    const result = await benchmark(twoFiles('identity-float32', 'default-input'), {
      ...{ ...QUICK, runs: 20, batch: 4, dtype: ['fp32', 'q8'] },
    });
    const [right, wrong] = result.configurations;
    expect(right?.digest?.matches).toBe(true);
    expect(wrong?.digest?.matches).toBe(false);
    expect(wrong?.warnings.map(({ code }) => code)).toContain('WRONG_OUTPUT');
    expect(result.best.latency).toEqual({ id: right?.id, tied: [] });
    expect(result.best.throughput?.id).toBe(right?.id);
  });

  test('judges as it is told: a greater tolerance lets the same pass', async () => {
    const files = twoFiles('identity-float32', 'default-input');
    const result = await benchmark(files, { ...QUICK, batch: 4, dtype: 'q8', tolerance: 11 });
    expect(only(result).digest).toMatchObject({ matches: true, tolerance: 11 });
  });

  testNative('what fails under load is never best', async () => {
    const limits = { maxConcurrency: 1, maxQueue: 0 };
    const arrivals = { rate: 20_000, seconds: 0.2 };
    const result = await bench(testModel('tiny-bert'), {
      ...{ batch: 8, sequence: 64, arrivals, session: { ...session, ...limits } },
    });
    expect(only(result)).toMatchObject({ status: 'failed', error: { code: 'QUEUE_FULL' } });
    expect(result.best).toEqual({});
  });

  test('what the budget has no time for is left out, and told', async () => {
    const arrivals = { rate: 10, seconds: 60 };
    const result = await bench(testModel('identity-float32.onnx'), {
      ...{ batch: 1, arrivals, budgetMs: 30_000 },
    });
    const { arrivals: measured, warnings } = only(result);
    expect(measured).toBeUndefined();
    expect(warnings.find(({ code }) => code === 'STOPPED')?.message).toBe(
      'the time budget left none for requests at random times',
    );
  });

  test('a provider that is not there is marked with what ran instead, and never best', async () => {
    const provider = TARGET === 'native' ? 'qnn' : 'cuda';
    const result = await bench(model('add'), { batch: 1, provider });
    const { used, warnings } = only(result);
    expect(used?.providers).toEqual([PROVIDER]);
    expect(warnings.map(({ code }) => code)).toContain('PROVIDER_FALLBACK');
    expect(result.best).toEqual({});
  });

  test('a configuration that can not run is marked, and the others go on', async () => {
    const files = twoFiles('identity-float32', 'unknown-operator');
    const result = await benchmark(files, { ...QUICK, batch: 4, dtype: ['q8', 'fp32'] });
    const [broken, sound] = result.configurations;
    expect(broken).toMatchObject({ status: 'failed', samples: [] });
    expect(broken?.error?.message).toMatch(/\w/);
    expect(sound?.status).toBe('complete');
    expect(result.complete).toBe(false);
  });
});

/** Ids of embedding-table: only natively the graph tells how many there are. */
const idsOf = (batch: number, sequence: number): BenchOptions => ({
  ...{ batch, sequence, dimensions: { length: sequence } },
  ...(TARGET === 'wasm' && { vocabularySize: 4 }),
});

function twoFiles(fp32: string, q8: string) {
  return {
    'config.json': new TextEncoder().encode('{}'),
    'onnx/model.onnx': modelBytes(fp32),
    'onnx/model_quantized.onnx': modelBytes(q8),
  };
}

describe('a benchmark that is ended', () => {
  const LONG = { batch: [1, 2], minMs: 600_000, maxRuns: 1e6, warmups: 0, warmupMs: 0, session };

  test('by its signal keeps what it measured, marked', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const result = await benchmark(model('add'), {
      ...LONG,
      signal: controller.signal,
      onProgress: ({ phase, samples }) => {
        seen.push(phase);
        if (samples > 20) controller.abort();
      },
    });
    const [first, second] = result.configurations;
    expect(first).toMatchObject({
      status: 'partial',
      stopped: 'aborted',
      digest: { matches: true },
    });
    expect(first?.latency?.n).toBeGreaterThan(20);
    expect(second).toMatchObject({ status: 'skipped', stopped: 'aborted', samples: [] });
    expect(result).toMatchObject({ complete: false, stopped: 'aborted' });
    expect(result.warnings.map(({ code }) => code)).toContain('STOPPED');
    expect(new Set(seen)).toEqual(new Set(['prepare', 'open', 'runs']));
  });

  test('by its budget gives each configuration its share', async () => {
    const result = await benchmark(model('add'), { ...LONG, budgetMs: 4000 });
    for (const { status, stopped, samples } of result.configurations) {
      // Where a worker needs longer than its share to start, there is none.
      const some = PLACE.kind === 'node' || samples.length > 0;
      expect({ status, stopped }).toEqual({
        status: some ? 'partial' : 'skipped',
        stopped: 'budget',
      });
    }
    expect(result).toMatchObject({ complete: false, stopped: 'budget' });
  });

  test('before anything was measured is an error', async () => {
    await errorOf(benchmark(model('add'), { ...LONG, signal: AbortSignal.abort() }), 'ABORTED');
  });
});

describe('where a benchmark runs', () => {
  const codes = ({ warnings }: BenchResult) => warnings.map(({ code }) => code);

  test('a page that is not isolated says so, and nothing else does', async () => {
    const result = await bench(model('add'), { batch: 1 });
    expect(codes(result).includes('ONE_THREAD')).toBe(!PLACE.isolated);
    expect(codes(result)).not.toContain('HIDDEN_TAB');
  });

  testIf(PLACE.kind === 'page', 'only a page can be hidden')(
    'a page that was hidden meanwhile says so',
    async () => {
      const state = (value: string) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, value });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      const onProgress: BenchOptions['onProgress'] = ({ phase }) => {
        if (phase === 'open') state('hidden');
      };
      const result = await bench(model('add'), { batch: 1, onProgress });
      state('visible');
      expect(codes(result)).toContain('HIDDEN_TAB');
    },
  );
});

describe('wrong use of benchmark', () => {
  test('names every axis of an impossible sweep', async () => {
    const sweep = {
      ...{ batch: [1, 3], sequence: [4], dtype: 'q8' as const, provider: ['webgpuu'] },
    };
    const error = await errorOf(bench(model('fixed'), sweep), 'INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path)).toEqual([
      'batch',
      'sequence',
      'provider',
      'dtype',
    ]);
    expect(error.message).toContain(
      'expected 2 for batch, which input "x" has fixed, received 1, 3',
    );
  });

  test('names lengths that the model has no positions for', async () => {
    const sweep = { batch: 1, sequence: [8, 100_000] };
    const [fault, ...others] = await faultsOf(
      bench(testModel('tiny-bert'), sweep),
      'INVALID_OPTION',
    );
    expect(fault).toMatch(/^sequence 100000: .*input_ids/);
    expect(others.every((message) => message.startsWith('sequence 100000'))).toBe(true);
  });

  test('names a precision that the folder has no file of', async () => {
    const files = twoFiles('identity-float32', 'default-input');
    const work = benchmark(files, { ...QUICK, dtype: 'fp16' });
    const [fault] = await faultsOf(work, 'INVALID_OPTION');
    expect(fault).toBe(
      'expected a dtype that the folder has a file of (fp32, q8), received "fp16"',
    );
  });

  testIf(TARGET === 'wasm', 'natively each session has its threads')(
    'names threads where the page decides them',
    async () => {
      const [fault] = await faultsOf(bench(model('add'), { threads: [1, 2] }), 'INVALID_OPTION');
      expect(fault).toContain('env.wasm.numThreads');
    },
  );

  test('names each input that can not be guessed, and how to give it', async () => {
    const error = await errorOf(bench(model('mixed')), 'INVALID_INPUT');
    expect(error.faults?.map(({ path }) => path)).toEqual(['numbers', 'keep', 'labels']);
    expect(error.message).toContain('input "labels" (string [batch]): no texts are known for it');
    expect(error.message).toContain('the size of "width" is not known');
    expect(error.hint).toContain('--inputs');
  });

  test('names ids whose range nobody tells', async () => {
    const error = await errorOf(bench(model('slow')), 'INVALID_INPUT');
    expect(error.message).toContain(
      'input "iterations" (int64 []): which numbers it takes is not known',
    );
  });

  test('names every option that is none', async () => {
    const wrong = {
      ...{
        batch: [1, 1],
        sequence: 0,
        texts: [],
        seed: -1,
        level: 'best',
        session: { executionProviders: [] },
      },
      ...{ batches: 3, reference: { batch: 1 } },
    } as unknown as BenchOptions;
    const error = await errorOf(bench(model('add'), wrong), 'INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path).sort()).toEqual(
      ['batch', 'batches', 'level', 'reference', 'seed', 'sequence', 'session', 'texts'].sort(),
    );
  });

  test('texts need a folder, and go with no sequence and no inputs', async () => {
    const texts = ['a'];
    const single = await errorOf(bench(model('add'), { texts }), 'INVALID_OPTION');
    expect(single.message).toContain('expected a model folder for texts');
    const folder = testModel('tiny-sentence');
    const [fault] = await faultsOf(bench(folder, { texts, sequence: 8 }), 'INVALID_OPTION');
    expect(fault).toContain('expected no sequence beside texts');
    await errorOf(bench(folder, { texts, dimensions: { n: 1 } }), 'INVALID_OPTION');
  });

  test('a model that is not there, and bytes that are none', async () => {
    await errorOf(bench(testModel('nowhere')), 'NOT_FOUND');
    await errorOf(bench(new Uint8Array(100)), 'NOT_A_MODEL');
  });
});
