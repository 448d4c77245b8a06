/** maxConcurrency, maxQueue, priority: who waits, who goes first, who is turned away. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { InferenceSession, pipeline, Tensor } from 'infercore';
import type { FeatureExtraction, RunOptions, SessionOptions, Warning } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { testModel } from './model_paths';
import { besideAmbient, testIf } from './surroundings';

const loops = (iterations: number) => ({
  iterations: new Tensor('int64', BigInt64Array.of(BigInt(iterations)), []),
});

let session: InferenceSession;
async function create(options: SessionOptions): Promise<void> {
  session = await InferenceSession.create(model('slow'), options);
}
afterEach(() => session.dispose());

const run = (options: RunOptions = {}) => session.run(loops(3), options);

describe('the order', () => {
  test('is by priority, and within one as they came', async () => {
    await create({ maxConcurrency: 1 });
    const order: string[] = [];
    const named = (name: string, priority?: number) =>
      run(priority === undefined ? {} : { priority }).then(() => order.push(name));
    await Promise.all([
      named('under way', -9),
      named('default'),
      named('high', 2),
      named('low', -0.5),
      named('also default', 0),
      named('also high', 2),
      named('highest', 1e6),
    ]);
    expect(order).toEqual([
      'under way',
      'highest',
      'high',
      'also high',
      'default',
      'also default',
      'low',
    ]);
  });

  test('needs a queue: without one a warning says so, once', async () => {
    const heard: Warning[] = [];
    await create({ onWarning: (warning) => heard.push(warning) });
    await run({ priority: 1 });
    await run({ priority: 2 });
    expect(besideAmbient(heard)).toEqual([
      {
        code: 'OPTION_NOT_SUPPORTED',
        message: 'option priority has no effect: the session has no queue, its runs begin at once',
        hint: 'it has one with the option maxConcurrency',
      },
    ]);
  });
});

test('feeds that do not fit do not wait', async () => {
  await create({ maxConcurrency: 1 });
  const order: string[] = [];
  const feeds = { iteration: loops(1).iterations };
  await Promise.all([
    run().then(() => order.push('first')),
    faultsOf(session.run(feeds), 'INVALID_INPUT').then((faults) => order.push(...faults)),
    run().then(() => order.push('second')),
  ]);
  expect(order.slice(-2)).toEqual(['first', 'second']);
  expect(order.slice(0, -2)).toEqual([
    'missing input "iterations": expected int64 []',
    'unknown input "iteration" (did you mean "iterations"?); the model takes "iterations"',
  ]);
  expect((await session.metrics()).errors).toEqual({ INVALID_INPUT: 1 });
});

describe('a full queue', () => {
  test('turns runs away, with counts, and takes them again later', async () => {
    await create({ maxConcurrency: 2, maxQueue: 1 });
    const taken = [run(), run(), run()];
    const error = await errorOf(run({ priority: 9 }), 'QUEUE_FULL');
    expect(error.message).toContain(
      'the queue is full: 2 under way (maxConcurrency 2), 1 waiting (maxQueue 1)',
    );
    expect(error.hint).toContain('try again');
    await Promise.all(taken);
    expect((await run())['y']?.data).toHaveLength(1);
  });

  test('of length 0: none waits', async () => {
    await create({ maxConcurrency: 1, maxQueue: 0 });
    const first = run();
    await errorOf(run(), 'QUEUE_FULL');
    await first;
    await run();
  });

  test('with maxQueue alone', async () => {
    await create({ maxQueue: 1 });
    // As many as really run at once begin, which is less than that.
    const runs = Array.from({ length: 2000 }, () => run());
    const ends = await Promise.allSettled(runs);
    const done = ends.filter(({ status }) => status === 'fulfilled').length;
    expect(done).toBeGreaterThan(1);
    expect(done).toBeLessThan(2000);
    if (TARGET === 'wasm') expect(done).toBe(2);
  });

  test('without maxQueue it is never full', async () => {
    await create({ maxConcurrency: 1 });
    await Promise.all(Array.from({ length: 100 }, () => session.run(loops(1))));
  });
});

describe('a run that waits', () => {
  test('frees its place when it is aborted, at once', async () => {
    await create({ maxConcurrency: 1, maxQueue: 1 });
    const controller = new AbortController();
    const first = run();
    const second = run({ signal: controller.signal });
    await errorOf(run(), 'QUEUE_FULL');
    controller.abort('changed my mind');
    const third = run();
    const error = await errorOf(second, 'ABORTED');
    expect(error.message).toBe('the run was aborted');
    expect(error.cause).toBe('changed my mind');
    await Promise.all([first, third]);
  });

  test('ends by its time limit', async () => {
    await create({ maxConcurrency: 1 });
    const stop = new AbortController();
    const long = session.run(loops(TARGET === 'native' ? 1e8 : 20), { signal: stop.signal });
    const ended = long.catch(() => undefined);
    const error = await errorOf(run({ timeoutMs: 1 }), 'TIMEOUT');
    expect(error.message).toBe('the run took longer than 1 ms');
    stop.abort();
    await ended;
    await run();
  });

  test('does not see what the caller does to its feeds', async () => {
    session = await InferenceSession.create(model('identity-float32'), { maxConcurrency: 1 });
    const data = Float32Array.of(1, 2);
    const x = new Tensor('float32', data, [2]);
    const runs = [1, 2, 3].map(() => session.run({ x }));
    data.fill(9);
    for (const { y } of await Promise.all(runs)) expect(y?.data).toEqual(Float32Array.of(1, 2));
  });

  test('is not held up by one that fails', async () => {
    await create({ maxConcurrency: 1 });
    const runs = [session.run({}), session.run({ x: new Tensor('bool', [true]) }), run()];
    await errorOf(runs[0] ?? run(), 'INVALID_INPUT');
    await errorOf(runs[1] ?? run(), 'INVALID_INPUT');
    await runs[2];
    await run();
  });
});

describe('dispose', () => {
  test('waits for runs that wait, and takes no more', async () => {
    await create({ maxConcurrency: 1 });
    const runs = [run(), run(), run()];
    let done = 0;
    for (const each of runs) void each.then(() => (done += 1));
    const disposed = session.dispose();
    await errorOf(run(), 'DISPOSED');
    await disposed;
    await Promise.all(runs);
    expect(done).toBe(3);
  });

  test('of a session whose queue was emptied by aborts', async () => {
    await create({ maxConcurrency: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const first = run();
    const others = [run({ signal }), run({ signal })];
    const disposed = session.dispose();
    controller.abort();
    for (const each of others) await errorOf(each, 'ABORTED');
    await Promise.all([first, disposed]);
  });
});

test('wrong limits are told at once', async () => {
  await create({});
  const wrong = InferenceSession.create(model('slow'), { maxConcurrency: 0, maxQueue: -1 });
  expect(await faultsOf(wrong, 'INVALID_OPTION')).toEqual([
    'expected a whole number from 1 to 1024 for maxConcurrency, received 0',
    'expected a whole number from 0 to 2147483647 for maxQueue, received -1',
  ]);
  await errorOf(run({ priority: NaN }), 'INVALID_OPTION');
});

testIf(TARGET === 'native', 'there is no runSync')('runSync waits for nobody', async () => {
  const heard: Warning[] = [];
  await create({ maxConcurrency: 1, maxQueue: 0, onWarning: (warning) => heard.push(warning) });
  const first = run();
  expect(session.runSync(loops(1), undefined, { priority: 1 } as object)['y']?.dims).toEqual([]);
  expect(heard.map(({ message }) => message)).toEqual([
    'option priority has no effect in runSync: it begins at once',
  ]);
  await first;
});

describe('a pipeline', () => {
  let embed: FeatureExtraction;
  const load = async (options: SessionOptions) => {
    await create({});
    embed = await pipeline('feature-extraction', testModel('tiny-sentence'), options);
  };
  afterEach(() => embed.dispose());

  test('takes the same limits: a call counts as one run', async () => {
    await load({ maxConcurrency: 1, maxQueue: 2 });
    const order: string[] = [];
    const named = (name: string, priority: number) =>
      embed([name, 'and more'], { priority }).then(() => order.push(name));
    const calls = [named('first', 0), named('low', -1), named('high', 1)];
    await errorOf(embed('one too many'), 'QUEUE_FULL');
    await Promise.all(calls);
    expect(order).toEqual(['first', 'high', 'low']);
  });

  test('a call that waits ends by its signal or time limit, and dispose waits for the others', async () => {
    await load({ maxConcurrency: 1 });
    const texts = Array.from({ length: 40 }, (_, i) => `sentence number ${i}`);
    const controller = new AbortController();
    const first = embed(texts);
    const aborted = embed(texts, { signal: controller.signal });
    const late = embed(texts, { timeoutMs: 0.001 });
    const last = embed('a text');
    const disposed = embed.dispose();
    controller.abort();
    await errorOf(aborted, 'ABORTED');
    await errorOf(late, 'TIMEOUT');
    expect((await first).dims[0]).toBe(40);
    expect((await last).dims[0]).toBe(1);
    await disposed;
  });

  test('does not see what the caller does to a list of texts that waits', async () => {
    await load({ maxConcurrency: 1 });
    const texts = ['one text'];
    const calls = [embed(texts), embed(texts)];
    texts.push('another');
    for (const { dims } of await Promise.all(calls)) expect(dims[0]).toBe(1);
  });

  test('without limits a priority is a warning', async () => {
    const heard: Warning[] = [];
    await load({ onWarning: (warning) => heard.push(warning) });
    await embed('text', { priority: 1 });
    expect(besideAmbient(heard).map(({ message }) => message)).toEqual([
      'option priority has no effect: the session has no queue, its runs begin at once',
    ]);
    await errorOf(embed('text', { priority: NaN }), 'INVALID_OPTION');
    await errorOf(embed('text', { timeoutMs: -1 }), 'INVALID_OPTION');
  });
});
