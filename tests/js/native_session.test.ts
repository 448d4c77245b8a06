import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  addon,
  failureOf,
  iterations,
  ENDLESS,
  load,
  model,
  run,
  runSync,
  session,
  valueOf,
} from './native_addon';

describe('createSession', () => {
  test('tells inputs and outputs with names, types and dims', async () => {
    const mixed = await session('mixed');
    expect(mixed.inputs).toEqual([
      { name: 'numbers', type: 'float32', dims: ['batch', 'width'] },
      { name: 'factor', type: 'float32', dims: [] },
      { name: 'keep', type: 'bool', dims: ['batch'] },
      { name: 'labels', type: 'string', dims: ['batch'] },
    ]);
    expect((await session('unnamed-dims')).inputs[0]?.dims).toEqual(['', '']);
    expect((await session('fixed')).inputs[0]?.dims).toEqual([2, 3]);
    expect((await session('sequence-output')).outputs[0]).toMatchObject({
      type: 'sequence<float32>',
    });
  });

  test('measures its phases', async () => {
    const { phases } = await session('add');
    expect(phases['read']).toBeGreaterThan(0);
    expect(phases['create']).toBeGreaterThan(0);
  });

  test('takes bytes, which may be changed at once', async () => {
    const bytes = new Uint8Array(readFileSync(model('add')));
    const loading = load(bytes);
    bytes.fill(0);
    expect(valueOf(await loading).inputs).toHaveLength(2);
  });

  test('finds the weights in a file beside the model', async () => {
    const handle = await session('external-data/model');
    const x = { type: 'float32', data: new Float32Array(4), dims: [1, 4] } as const;
    expect(valueOf(await run(handle, { x }))['y']?.data).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  test.each([
    ['a missing file', '/no/such/model.onnx', 'NOT_FOUND', '/no/such/model.onnx'],
    ['a folder', tmpdir(), 'NOT_FOUND', 'folder'],
    ['a device', '/dev/null', 'NOT_FOUND', 'is a pipe, a socket or a device'],
  ])('refuses %s', async (_, path, code, words) => {
    const failure = failureOf(await load(path));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  test('refuses a model cut short, by path and as bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infercore-'));
    try {
      const whole = new Uint8Array(readFileSync(model('add')));
      const cut = whole.slice(0, whole.length - 20);
      writeFileSync(join(folder, 'cut.onnx'), cut);
      expect(failureOf(await load(join(folder, 'cut.onnx'))).code).toBe('NOT_A_MODEL');
      expect(failureOf(await load(cut)).code).toBe('NOT_A_MODEL');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("passes on the runtime's own words, without places in its source", async () => {
    const failure = failureOf(await load(model('unknown-operator')));
    expect(failure.code).toBe('RUNTIME_ERROR');
    expect(failure.message).toContain('No Op registered for NoSuchOperator');
    expect(failure.message).not.toMatch(/\.cc:\d+|onnxruntime::/);
  });

  test('skips a provider that is not to be had, and says why', async () => {
    const { providers } = await session('add', {
      providers: ['cuda', 'nonsense', 'cpu'].map((name) => ({
        name,
        registered: `${name.toUpperCase()}ExecutionProvider`,
        generic: name,
        library: '',
        options: {},
      })),
    });
    expect(providers.used).toEqual(['cpu']);
    expect(providers.skipped.map(({ name }) => name)).toEqual(['cuda', 'nonsense']);
    for (const { reason } of providers.skipped) expect(reason.length).toBeGreaterThan(10);
  });

  test('names the options that are of a wrong type', async () => {
    const failure = failureOf(
      await load(model('add'), { intraOpNumThreads: 1.5, logId: 7 as never }),
    );
    expect(failure.faults?.map(({ path }) => path)).toEqual([
      'options.intraOpNumThreads',
      'options.logId',
    ]);
  });
});

describe('cancellation', () => {
  const cancelled = (reason: 'ABORTED' | 'TIMEOUT') => {
    const cancellation = new addon.Cancellation();
    cancellation.cancel(reason);
    return cancellation;
  };

  test('before the work begins: nothing is begun', async () => {
    const slow = await session('slow');
    const outcome = await run(slow, iterations(ENDLESS), [], cancelled('TIMEOUT'));
    expect(failureOf(outcome).code).toBe('TIMEOUT');
    expect(failureOf(await load(model('add'), {}, cancelled('ABORTED'))).code).toBe('ABORTED');
  });

  test('inside a run: it ends', async () => {
    const slow = await session('slow');
    const cancellation = new addon.Cancellation();
    const running = run(slow, iterations(ENDLESS), [], cancellation);
    setTimeout(() => {
      cancellation.cancel('ABORTED');
    }, 20);
    expect(failureOf(await running).code).toBe('ABORTED');
  });

  test('while it waits: it ends before what runs', async () => {
    const slow = await session('slow');
    const last = new addon.Cancellation();
    const blockers = Array.from({ length: 64 }, () => new addon.Cancellation());
    const order: string[] = [];
    const running = blockers.map((blocker) =>
      run(slow, iterations(ENDLESS), [], blocker).then(() => order.push('blocker')),
    );
    const waiting = run(slow, iterations(1), [], last).then((outcome) => {
      order.push(failureOf(outcome).code);
    });
    last.cancel('ABORTED');
    await waiting;
    expect(order).toEqual(['ABORTED']);
    for (const blocker of blockers) blocker.cancel('ABORTED');
    await Promise.all(running);
  });

  test('after the end: nothing', async () => {
    const slow = await session('slow');
    const cancellation = new addon.Cancellation();
    const outcome = await run(slow, iterations(1), [], cancellation);
    cancellation.cancel('ABORTED');
    expect(outcome).toHaveProperty('value');
  });

  test('the first reason holds', async () => {
    const slow = await session('slow');
    const cancellation = cancelled('TIMEOUT');
    cancellation.cancel('ABORTED');
    expect(failureOf(await run(slow, iterations(1), [], cancellation)).code).toBe('TIMEOUT');
  });
});

describe('dispose', () => {
  test('waits for runs in flight; later runs fail', async () => {
    const slow = await session('slow');
    const order: string[] = [];
    const running = run(slow, iterations(2000)).then((outcome) => {
      order.push('value' in outcome ? 'ran' : 'failed');
    });
    const disposed = slow.dispose().then(() => order.push('disposed'));
    expect(failureOf(await run(slow, iterations(1))).code).toBe('DISPOSED');
    expect(failureOf(runSync(slow, iterations(1))).code).toBe('DISPOSED');
    await Promise.all([running, disposed]);
    expect(order).toEqual(['ran', 'disposed']);
  });

  test('twice is fine', async () => {
    const handle = await session('add');
    await expect(Promise.all([handle.dispose(), handle.dispose()])).resolves.toEqual([
      undefined,
      undefined,
    ]);
    await expect(handle.dispose()).resolves.toBeUndefined();
  });
});

test('the event loop turns while models run', async () => {
  const slow = await session('slow');
  let turns = 0;
  let running = true;
  const done = run(slow, iterations(5000)).then(() => (running = false));
  while (running) {
    turns++;
    await setImmediate();
  }
  await done;
  expect(turns).toBeGreaterThan(100); // it would be 1 or 2 for a run on the event loop
});
