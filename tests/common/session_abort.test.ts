/** Abort, time limits, dispose: before, during and after a run. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import { errorOf, model } from './models';
import { ON_GPU } from './surroundings';

let session: InferenceSession;
beforeEach(async () => {
  session = await InferenceSession.create(model('slow'));
});
afterEach(async () => {
  await session.dispose();
});

/** Natively a run that would last for minutes; where nothing can end it, some tenths of a second. */
const LONG = TARGET === 'native' ? 100_000_000 : ON_GPU ? 20 : 1000;
const loops = (iterations: number) => ({
  iterations: new Tensor('int64', BigInt64Array.of(BigInt(iterations)), []),
});

/** A signal whose listeners are counted. */
function countedSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { controller, listeners: () => count };
}

describe('abort', () => {
  test('before the run: nothing is begun', async () => {
    const reason = new Error('changed my mind');
    const error = await errorOf(
      session.run(loops(LONG), { signal: AbortSignal.abort(reason) }),
      'ABORTED',
    );
    expect(error.message).toBe('the run was aborted');
    expect(error.cause).toBe(reason);
  });

  test('right after the call', async () => {
    const controller = new AbortController();
    const run = session.run(loops(LONG), { signal: controller.signal });
    controller.abort();
    await errorOf(run, 'ABORTED');
  });

  test('during the run, which ends soon', async () => {
    const controller = new AbortController();
    const run = session.run(loops(LONG), { signal: controller.signal });
    setTimeout(() => {
      controller.abort('enough');
    }, 50);
    if (TARGET === 'wasm' && !ON_GPU && !PLACE.options.worker) {
      // The run blocks the event loop: the signal comes too late to be heard. The next one does not begin.
      await run;
      await new Promise((resolve) => setTimeout(resolve, 60));
      await errorOf(session.run(loops(1), { signal: controller.signal }), 'ABORTED');
      return;
    }
    const error = await errorOf(run, 'ABORTED');
    expect(error.cause).toBe('enough');
    expect((await session.run(loops(1)))['y']?.dims).toEqual([]);
  });

  test('while the run waits for others', async () => {
    const controller = new AbortController();
    const others = Array.from({ length: 4 }, () => session.run(loops(20)));
    const run = session.run(loops(LONG), { signal: controller.signal });
    // Not by the clock: onnxruntime-web keeps timers waiting while it runs.
    void others[0]?.then(() => {
      controller.abort();
    });
    await errorOf(run, 'ABORTED');
    await Promise.all(others);
  });

  test('after the run changes nothing', async () => {
    const controller = new AbortController();
    const { y } = await session.run(loops(1), { signal: controller.signal });
    controller.abort();
    expect(y?.data).toHaveLength(1);
  });

  test('no listener stays behind', async () => {
    const { controller, listeners } = countedSignal();
    const { signal } = controller;
    await session.run(loops(1), { signal });
    await errorOf(session.run({}, { signal }), 'INVALID_INPUT');
    const other = await InferenceSession.create(model('add'), { signal });
    await other.dispose();
    await errorOf(InferenceSession.create('/nowhere.onnx', { signal }), 'NOT_FOUND');
    expect(listeners()).toBe(0);
  });

  test('one signal for many runs: one listener, which ends them all', async () => {
    const { controller, listeners } = countedSignal();
    const { signal } = controller;
    const runs = Array.from({ length: 30 }, (_, i) =>
      session.run(loops(i === 0 ? 20 : LONG), { signal }),
    );
    const ended = Promise.allSettled(runs);
    expect(listeners()).toBe(1);
    controller.abort();
    for (const end of await ended) expect(end).toMatchObject({ reason: { code: 'ABORTED' } });
    expect(listeners()).toBe(0);
  });

  test('onnxruntime-common’s terminate', async () => {
    await errorOf(session.run(loops(1), { terminate: true }), 'ABORTED');
  });

  test('of the loading', async () => {
    const error = await errorOf(
      InferenceSession.create(model('add'), { signal: AbortSignal.abort() }),
      'ABORTED',
    );
    expect(error.message).toBe('loading the model was aborted');
  });
});

describe('timeoutMs', () => {
  test('ends a run', async () => {
    const error = await errorOf(session.run(loops(LONG), { timeoutMs: 30 }), 'TIMEOUT');
    expect(error.message).toBe('the run took longer than 30 ms');
    // And the session lives on.
    expect((await session.run(loops(1)))['y']?.dims).toEqual([]);
  });

  test('of the session holds for runs that have none of their own', async () => {
    const limited = await InferenceSession.create(model('slow'), { timeoutMs: 2000 });
    if (TARGET === 'native') await errorOf(limited.run(loops(LONG)), 'TIMEOUT');
    await errorOf(limited.run(loops(LONG), { timeoutMs: 20 }), 'TIMEOUT');
    await limited.dispose();
  });

  test('that is not reached changes nothing', async () => {
    expect((await session.run(loops(1), { timeoutMs: 60_000 }))['y']?.dims).toEqual([]);
  });
});

describe('dispose', () => {
  test('during a run waits for it, and its result is whole', async () => {
    let done = false;
    const run = session.run(loops(30)).then((results) => {
      done = true;
      return results;
    });
    await session.dispose();
    // The run's own promise may be told one turn later.
    await new Promise((resolve) => setTimeout(resolve));
    expect(done).toBe(true);
    expect((await run)['y']?.data).toHaveLength(1);
  });

  test('during an aborted run', async () => {
    const run = session.run(loops(LONG), { timeoutMs: 20 });
    const disposed = session.dispose();
    await errorOf(run, 'TIMEOUT');
    await disposed;
  });

  test('runs that come later fail', async () => {
    const disposed = session.dispose();
    const error = await errorOf(session.run(loops(1)), 'DISPOSED');
    expect(error.hint).toBeTruthy();
    await disposed;
    await errorOf(session.run(loops(1)), 'DISPOSED');
    await errorOf(session.validate(loops(1)), 'DISPOSED');
    expect(() => session.runSync(loops(1))).toThrow('disposed');
  });

  test('twice, and by its other names', async () => {
    await session.dispose();
    await session.dispose();
    await session.release();
    await session[Symbol.asyncDispose]();
  });

  test('metadata and report stay readable', async () => {
    await session.dispose();
    expect(session.inputNames).toEqual(['iterations']);
    expect(session.report.target).toBe(TARGET);
  });
});
