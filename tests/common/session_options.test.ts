/** Options: wrong ones are errors, all at once; what can't be had is one warning, as `fallback` says. */
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { SessionOptions, Warning } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { failure } from './failure';
import { besideAmbient, testInNode } from './surroundings';

const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);
const feeds = { a: one, b: one };

/** Creates a session with options of any form and gives its warnings. */
async function warningsOf(options: object): Promise<Warning[]> {
  const heard: Warning[] = [];
  const session = await InferenceSession.create(model('add'), {
    onWarning: (warning: Warning) => heard.push(warning),
    ...options,
  });
  expect(session.report.warnings).toEqual(heard);
  await session.dispose();
  return besideAmbient(heard);
}

test('all faults of the options at once', async () => {
  const options = {
    intraOpNumThreads: -1,
    interOpNumThreads: 1.5,
    graphOptimizationLevel: 'max',
    enableCpuMemArena: 'yes',
    executionMode: 'fast',
    logSeverityLevel: 9,
    freeDimensionOverrides: { batch: '1' },
    executionProviders: ['cpu', 7, {}],
    extra: { session: { a: null } },
    fallback: 'ignore',
    timeoutMs: 0,
    signal: {},
    onWarning: 'log',
  };
  const error = await errorOf(
    InferenceSession.create(model('add'), options as unknown as SessionOptions),
    'INVALID_OPTION',
  );
  expect(error.faults?.map(({ path }) => path)).toEqual([
    'intraOpNumThreads',
    'interOpNumThreads',
    'graphOptimizationLevel',
    'enableCpuMemArena',
    'executionMode',
    'logSeverityLevel',
    'freeDimensionOverrides',
    'fallback',
    'timeoutMs',
    'signal',
    'onWarning',
    'executionProviders[1]',
    'executionProviders[2]',
    'extra.session.a',
  ]);
  expect(error.message).toContain('and 6 more');
});

test('options that are no object', async () => {
  const create = InferenceSession.create(model('add'), 'cpu' as unknown as SessionOptions);
  expect(await faultsOf(create, 'INVALID_OPTION')).toEqual(['expected an object, received "cpu"']);
});

test('options that onnxruntime-common has are taken', async () => {
  const options: SessionOptions = {
    executionProviders: [TARGET === 'native' ? 'cpu' : 'wasm'],
    graphOptimizationLevel: 'basic',
    enableCpuMemArena: false,
    enableMemPattern: false,
    executionMode: 'sequential',
    logId: 'test',
    logSeverityLevel: 3,
    logVerbosityLevel: 1,
    freeDimensionOverrides: { batch: 1 },
    extra: { session: { disable_prepacking: '1' } },
  };
  expect(await warningsOf(options)).toEqual([]);
});

test.each([0, 1, 2, 3, 99] as const)('graph level %i, as a number', async (level) => {
  expect(await warningsOf({ graphOptimizationLevel: level })).toEqual([]);
});

test.each([4, -1, '1', 'none'])('graph level %p is none', async (level) => {
  const create = InferenceSession.create(model('add'), {
    graphOptimizationLevel: level as unknown as 1,
  });
  expect(await faultsOf(create, 'INVALID_OPTION')).toEqual([
    expect.stringContaining(
      'expected one of "disabled", "basic", "extended", "layout", "all", 0, 1, 2, 3, 99',
    ),
  ]);
});

describe('what has no effect is a warning', () => {
  test('a log that goes elsewhere', async () => {
    const warnings = await warningsOf({ onLog: () => undefined });
    const why = 'onnxruntime-web writes its log to the console, from logSeverityLevel on';
    expect(warnings.map(({ message }) => message)).toEqual(
      TARGET === 'native' ? [] : [`option onLog has no effect: ${why}`],
    );
  });

  test('profiling that nothing has begun', async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      enableProfiling: false,
      onWarning: (warning) => heard.push(warning),
    });
    expect(besideAmbient(heard)).toEqual([]);
    session.startProfiling();
    expect(session.endProfiling()).toBeUndefined();
    expect(besideAmbient(heard).map(({ message }) => message)).toEqual(
      ['startProfiling', 'endProfiling'].map(
        (name) => `${name} has no effect: a session is recorded from its loading on, or not at all`,
      ),
    );
    await session.dispose();
    expect(() => session.endProfiling()).toThrow('disposed');
  });

  test('an unknown entry in extra, with «did you mean»', async () => {
    const extra = {
      session: { intra_op: { allow_spining: '0' }, disable_prepacking: '1' },
      'ep.some_plugin.some_option': '1',
      memory: { pattern_optimization: { enabled: '1' } },
    };
    const warnings = await warningsOf({ extra });
    expect(warnings.map(({ code }) => code)).toEqual(['OPTION_UNKNOWN', 'OPTION_UNKNOWN']);
    expect(warnings[0]?.message).toBe(
      'unknown session entry "session.intra_op.allow_spining" in extra (did you mean ' +
        '"session.intra_op.allow_spinning"?): ONNX Runtime ignores names that it does not know',
    );
    expect(warnings[1]?.message).toContain('"memory.pattern_optimization.enabled"');
  });

  test('a free dimension that the model has not, with «did you mean»', async () => {
    const [warning, ...more] = await warningsOf({ freeDimensionOverrides: { bach: 7 } });
    expect(more).toEqual([]);
    expect(warning).toEqual({
      code: 'OPTION_UNKNOWN',
      message:
        'freeDimensionOverrides has no effect for "bach" (did you mean "batch"?): ' +
        'no input has a dimension of that name; free are "batch"',
    });
    expect(await warningsOf({ freeDimensionOverrides: { batch: 7 } })).toEqual([]);
    const unchanged = { graphOptimizationLevel: 0, freeDimensionOverrides: { batch: 7 } };
    expect(await warningsOf(unchanged)).toEqual([]);
  });

  test('an unknown option, with «did you mean»', async () => {
    expect(await warningsOf({ graphOptimisationLevel: 'all' })).toEqual([
      {
        code: 'OPTION_UNKNOWN',
        message:
          'unknown session option "graphOptimisationLevel" (did you mean "graphOptimizationLevel"?): it has no effect',
      },
    ]);
  });

  testInNode('a worker, where there is none to be had', async () => {
    const why =
      TARGET === 'native'
        ? 'models load and run on threads of their own, the event loop is never blocked'
        : 'there are no Web Workers here';
    expect(await warningsOf({ worker: true })).toEqual([
      { code: 'OPTION_NOT_SUPPORTED', message: `option worker has no effect: ${why}` },
    ]);
    expect(await warningsOf({ worker: false })).toEqual([]);
  });

  test('onSlowRun where nothing says what is slow', async () => {
    const onSlowRun = () => undefined;
    expect(await warningsOf({ onSlowRun })).toEqual([
      {
        code: 'OPTION_NOT_SUPPORTED',
        message: 'option onSlowRun has no effect: slowRunMs says what is slow, and is not given',
      },
    ]);
    expect(await warningsOf({ onSlowRun, slowRunMs: 3 })).toEqual([]);
  });

  test('an unknown provider, with «did you mean»', async () => {
    const [warning, ...more] = await warningsOf({ executionProviders: ['CUDAA', 'cpu'] });
    expect(more).toEqual([]);
    expect(warning?.code).toBe('PROVIDER_UNKNOWN');
    expect(warning?.message).toContain('"CUDAA" (did you mean "cuda"?)');
  });

  test('a provider that is not there', async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      executionProviders: ['coreml', 'cpu'],
      onWarning: (warning) => heard.push(warning),
    });
    const { asked, used, skipped } = session.report.providers;
    expect(asked).toEqual(['coreml', 'cpu']);
    expect(used).toEqual([TARGET === 'native' ? 'cpu' : 'wasm']);
    expect(skipped.map(({ name }) => name)).toEqual(['coreml']);
    expect(skipped[0]?.reason).not.toBe('');
    expect(besideAmbient(heard).map(({ code }) => code)).toEqual(['PROVIDER_SKIPPED']);
    expect((await session.run(feeds))['sum']?.data).toEqual(Float32Array.of(2, 2, 2, 2));
    await session.dispose();
  });

  test('once a session, however many runs', async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      onWarning: (warning) => heard.push(warning),
    });
    for (let i = 0; i < 3; i += 1) await session.run(feeds, { priority: 1 });
    expect(besideAmbient(heard)).toHaveLength(1);
    expect(besideAmbient(session.report.warnings)).toHaveLength(1);
    await session.dispose();
  });
});

describe('fallback', () => {
  test("'allow' keeps warnings in the report alone", async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      executionProviders: ['coreml'],
      fallback: 'allow',
      onWarning: (warning) => heard.push(warning),
    });
    expect(heard).toEqual([]);
    expect(besideAmbient(session.report.warnings)).toHaveLength(1);
    await session.dispose();
  });

  const cases: [string, object, 'INVALID_OPTION' | 'PROVIDER_UNAVAILABLE' | 'NOT_SUPPORTED'][] = [
    ['a provider that is not there', { executionProviders: ['coreml'] }, 'PROVIDER_UNAVAILABLE'],
    ['an unknown provider', { executionProviders: ['cdua'] }, 'INVALID_OPTION'],
    ['an unknown option', { fallbck: 1 }, 'INVALID_OPTION'],
    ['an option without effect', { onSlowRun: () => undefined }, 'NOT_SUPPORTED'],
    ['an unknown entry in extra', { extra: { session: { x: 1 } } }, 'INVALID_OPTION'],
    ['an unknown free dimension', { freeDimensionOverrides: { bach: 7 } }, 'INVALID_OPTION'],
  ];
  test.each(cases)("'error' makes an error of %s", async (_, options, code) => {
    const create = InferenceSession.create(model('add'), { ...options, fallback: 'error' });
    // A page without threads lacks two things at once; the threads are told first.
    if (PLACE.isolated) await errorOf(create, code);
    else expect([code, 'NOT_SUPPORTED']).toContain((await failure(create)).code);
  });
});

describe('options of a run', () => {
  test('are checked, all at once', async () => {
    const session = await InferenceSession.create(model('add'));
    const options = { logSeverityLevel: 'high', tag: 3, timeoutMs: -1, signal: 'stop', extra: 3n };
    const error = await errorOf(session.run(feeds, options as object), 'INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path)).toEqual([
      'logSeverityLevel',
      'tag',
      'timeoutMs',
      'signal',
      'extra',
    ]);
    await session.dispose();
  });

  test('an unknown entry in extra is a warning, a known one none', async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      onWarning: (warning) => heard.push(warning),
    });
    const extra = { disable_synchronize_execution_providers: true };
    await session.run(feeds, { logVerbosityLevel: 1, tag: 'x', extra });
    expect(besideAmbient(heard)).toEqual([]);
    await session.run(feeds, { extra: { memory: { enable_memory_arena_shrinkag: '' } } });
    expect(besideAmbient(heard).map(({ message }) => message)).toEqual([
      expect.stringContaining('(did you mean "memory.enable_memory_arena_shrinkage"?)'),
    ]);
    await session.dispose();
  });

  const never = new AbortController();
  const whileBlocked: [string, object, string[]][] = [
    ['no option', {}, []],
    ['a signal', { signal: never.signal }, ['option signal has no effect in runSync']],
    ['a time limit', { timeoutMs: 5 }, ['option timeoutMs has no effect in runSync']],
    ['an unknown one', { tga: 'x' }, ['unknown run option "tga" (did you mean "tag"?)']],
  ];
  test.each(whileBlocked)('of runSync: %s', async (_, options, messages) => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      onWarning: (warning) => heard.push(warning),
    });
    const run = () => session.runSync(feeds, undefined, options);
    if (TARGET === 'native') expect(run()['sum']?.data).toEqual(Float32Array.of(2, 2, 2, 2));
    else expect(run).toThrow('runSync is not available in WebAssembly');
    const told = besideAmbient(heard).map(({ message }) => message.split(/: | because/)[0]);
    expect(told).toEqual(messages);
    await session.dispose();
  });

  test('an unknown one is a warning', async () => {
    const heard: Warning[] = [];
    const session = await InferenceSession.create(model('add'), {
      onWarning: (warning) => heard.push(warning),
    });
    await session.run(feeds, { timeoutMS: 5 } as object);
    expect(besideAmbient(heard)[0]?.message).toContain('"timeoutMS" (did you mean "timeoutMs"?)');
    await session.dispose();
  });
});
