/** Requests of concurrent callers as one run: each gets what it would get alone. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { BatchOptions, BatchedSession, SessionOptions } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { testModel } from './model_paths';
import { seeded } from './random';
import { testInNode } from './surroundings';

const open: { dispose(): Promise<void> }[] = [];
async function create(path: string, batching?: BatchOptions, options?: SessionOptions) {
  const session = await InferenceSession.create(path, options);
  const batched = session.batched(batching);
  open.push(batched, session);
  return batched;
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.dispose();
});

const LISTS = testModel('token-lists/onnx/model.onnx');
/** Enough for all requests of a test to arrive in one batch, on a slow machine as well. */
const LONG = 500;

const int32 = (values: number[], dims: number[]) =>
  new Tensor('int32', Int32Array.from(values), dims);
/** Feeds of the model that gives its lists back, of rows × length tokens that begin with `first`. */
function lists(first: number, rows: number, length: number) {
  const dims = [rows, length];
  const count = rows * length;
  const ids = Array.from({ length: count }, (_, i) => first + i);
  return {
    input_ids: int32(ids, dims),
    attention_mask: int32(new Array<number>(count).fill(1), dims),
    token_type_ids: int32(new Array<number>(count).fill(0), dims),
    position_ids: new Tensor(
      'int64',
      BigInt64Array.from(ids, (_, i) => BigInt(i % length)),
      dims,
    ),
  };
}
const expected = (first: number, rows: number, length: number) => ({
  dims: [rows, length, 4],
  data: Float32Array.from(
    Array.from({ length: rows * length }, (_, i) => [first + i, 1, 0, i % length]).flat(),
  ),
});
async function runLists(batched: BatchedSession, ...shape: [number, number, number]) {
  const { last_hidden_state } = await batched.run(lists(...shape));
  const { dims, data } = last_hidden_state as Tensor;
  expect({ dims, data }).toEqual(expected(...shape));
}

describe('requests that arrive together', () => {
  test('run as one, and each gets its own rows without the padding', async () => {
    const batched = await create(LISTS, { maxWaitMs: LONG });
    await Promise.all([
      runLists(batched, 100, 1, 3),
      runLists(batched, 200, 2, 5),
      runLists(batched, 300, 1, 1),
    ]);
    expect(batched.stats).toEqual({
      requests: 3,
      batches: 1,
      rows: 4,
      paddingWaste: 1 - (3 + 10 + 1) / (4 * 5),
    });
  });

  test('of any shapes, at any time, all get their own (random)', async () => {
    const random = seeded(7);
    const batched = await create(LISTS, {
      maxBatch: 8,
      maxTokens: 40,
      maxWaitMs: 1,
      maxConcurrency: 2,
    });
    const below = (limit: number) => Math.floor(random() * limit);
    const requests = Array.from({ length: 120 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, below(60)));
      await runLists(batched, i * 1000, 1 + below(3), 1 + below(12));
    });
    await Promise.all(requests);
    const { requests: count, batches } = batched.stats;
    expect(count).toBe(120);
    expect(batches).toBeLessThan(120);
  });

  test('that are full begin at once', async () => {
    const batched = await create(LISTS, { maxBatch: 2, maxWaitMs: 2147483647 });
    await Promise.all([runLists(batched, 0, 1, 2), runLists(batched, 9, 1, 2)]);
    await runLists(batched, 5, 2, 2);
    expect(batched.stats.batches).toBe(2);
  });

  test('are put together with those nearest in length, under maxTokens', async () => {
    const batched = await create(LISTS, { maxTokens: 8, maxWaitMs: LONG });
    const lengths = [2, 8, 3, 2, 1];
    await Promise.all(lengths.map((length, i) => runLists(batched, i * 100, 1, length)));
    // 2 2 and nothing more (3 × 3 > 8), then 8 alone, then 3 and 1.
    expect(batched.stats).toMatchObject({ batches: 3, rows: 5 });
  });

  test('begin by their priority, and then as they came', async () => {
    const warnings: string[] = [];
    const batched = await create(
      LISTS,
      { maxBatch: 1, maxWaitMs: LONG },
      {
        onWarning: ({ code }) => warnings.push(code),
      },
    );
    const ended: string[] = [];
    const run = async (name: string, priority?: number) => {
      await batched.run(lists(1, 1, 2), priority === undefined ? {} : { priority });
      ended.push(name);
    };
    // The first one runs at once, the others wait for it.
    await Promise.all([run('first'), run('low', -1), run('usual'), run('high', 1), run('next', 1)]);
    expect(ended).toEqual(['first', 'high', 'next', 'usual', 'low']);
    // Unlike a session without a queue, it has an effect here.
    expect(warnings).not.toContain('OPTION_NOT_SUPPORTED');
  });

  test('wait no longer because others of higher priority come', async () => {
    const batched = await create(LISTS, { maxBatch: 1000, maxWaitMs: 200 });
    let done = false;
    const runs = [batched.run(lists(1, 1, 2)).then(() => (done = true))];
    for (let priority = 1; priority < 100 && !done; priority += 1) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      runs.push(batched.run(lists(1, 1, 2), { priority }).then(() => true));
    }
    expect(done).toBe(true);
    await Promise.all(runs);
  });

  test('keep texts, values that all share, and rows without tokens', async () => {
    const batched = await create(model('mixed'), { maxWaitMs: LONG });
    const run = async (factor: number, labels: string[]) => {
      const rows = labels.length;
      const feeds = {
        numbers: new Tensor(
          'float32',
          Float32Array.from({ length: rows * 2 }, (_, i) => i),
          [rows, 2],
        ),
        factor: new Tensor('float32', Float32Array.of(factor), []),
        keep: new Tensor('bool', new Uint8Array(rows).fill(1), [rows]),
        labels: new Tensor('string', labels, [rows]),
      };
      // The third output, a sum over all rows, can't be split.
      const { scaled, same_labels } = await batched.run(feeds, ['scaled', 'same_labels']);
      expect(scaled?.data).toEqual(Float32Array.from({ length: rows * 2 }, (_, i) => i * factor));
      expect(same_labels?.data).toEqual(labels);
    };
    await Promise.all([run(2, ['a', 'b']), run(3, ['c']), run(2, ['d']), run(2, [])]);
    // Those of another factor run apart, and one without rows.
    expect(batched.stats.batches).toBe(3);
  });

  test('run alone where an output is of all rows together', async () => {
    const batched = await create(model('mixed'), { maxWaitMs: 2147483647 });
    const run = async (keep: number[]) => {
      const rows = keep.length;
      const { kept } = await batched.run({
        numbers: new Tensor('float32', new Float32Array(rows), [rows, 1]),
        factor: new Tensor('float32', Float32Array.of(1), []),
        keep: new Tensor('bool', Uint8Array.from(keep), [rows]),
        labels: new Tensor('string', new Array<string>(rows).fill(''), [rows]),
      });
      return kept?.data[0];
    };
    expect(await Promise.all([run([1, 1]), run([0, 1, 1, 1]), run([0])])).toEqual([2n, 3n, 0n]);
    expect(batched.stats.batches).toBe(3);
  });

  test('fill the tensors that their callers brought, and make only what was asked for', async () => {
    const batched = await create(model('shared-batch'), { maxWaitMs: LONG });
    const feeds = (x: number) => ({
      a: new Tensor('float32', new Float32Array(3).fill(x), [1, 3]),
      b: new Tensor('float32', new Float32Array(2).fill(x), [1, 2]),
    });
    const target = new Tensor('float32', new Float32Array(5), [1, 5]);
    const name = 'joined';
    const [first, second] = await Promise.all([
      batched.run(feeds(1), { [name]: target }),
      batched.run(feeds(2), [name]),
    ]);
    expect(first[name]).toBe(target);
    expect(target.data).toEqual(new Float32Array(5).fill(1));
    expect(second[name]?.data).toEqual(new Float32Array(5).fill(2));
    expect(batched.stats.batches).toBe(1);
  });

  test('are not mixed along other axes: each gets what is between its own lists', async () => {
    const batched = await create(model('cross'), { maxWaitMs: 20 });
    const run = async (left: number, right: number[]) => {
      const feeds = {
        left: new Tensor('float32', Float32Array.of(left), [1, 1]),
        right: new Tensor('float32', Float32Array.from(right), [right.length, 1]),
      };
      const { scores } = await batched.run(feeds);
      expect(scores).toMatchObject({
        dims: [1, right.length],
        data: Float32Array.from(right, (each) => left * each),
      });
    };
    // The first two share what is on the right, and run together.
    await Promise.all([run(2, [3, 5]), run(7, [3, 5]), run(2, [11])]);
    expect(batched.stats.batches).toBe(2);
  });

  test('are padded where the mask says it, and nowhere else', async () => {
    const batched = await create(model('beside-mask'), { maxWaitMs: 20 });
    const run = async (length: number, pixels: number[]) => {
      const ones = new Float32Array(length).fill(1);
      const { mean, mask } = await batched.run({
        attention_mask: new Tensor('float32', ones, [1, length]),
        pixels: new Tensor('float32', Float32Array.from(pixels), [1, pixels.length]),
      });
      expect(mean?.data[0]).toBe(1);
      expect(mask).toMatchObject({ dims: [1, length], data: ones });
    };
    await Promise.all([run(1, [1, 1]), run(3, [1, 1]), run(3, [1])]);
    expect(batched.stats.batches).toBe(2);
  });

  test('that fit alone do not fail because there are others', async () => {
    const constraints = { input_ids: { 0: { max: 1 } } };
    const batched = await create(LISTS, { maxWaitMs: LONG }, { constraints });
    await Promise.all([runLists(batched, 10, 1, 2), runLists(batched, 20, 1, 2)]);
  });

  test('of 16-bit floats are padded with the number that was asked for', async () => {
    const batched = await create(model('wide-half'), { maxWaitMs: 20, padding: { x: 2 } });
    const ones = (length: number) =>
      new Tensor('float16', new Uint16Array(length).fill(0x3c00), [1, length]);
    // The greatest of each row: 2 where it was padded. By its bits, because the data is a
    // Float16Array where the engine has one.
    const greatest = async (length: number) => {
      const data = (await batched.run({ x: ones(length) }))['greatest']?.data as Uint16Array;
      return new Uint16Array(data.buffer, data.byteOffset, 1)[0];
    };
    expect(await Promise.all([greatest(1), greatest(3)])).toEqual([0x4000, 0x3c00]);
  });

  test('may change their feeds at once', async () => {
    const batched = await create(LISTS, { maxWaitMs: 20 });
    const feeds = lists(7, 1, 2);
    const work = batched.run(feeds);
    feeds.input_ids.data.fill(0);
    expect((await work)['last_hidden_state']?.data).toEqual(expected(7, 1, 2).data);
  });
});

testInNode('bytes of a Buffer may be changed while a run waits', async () => {
  const bytes = Buffer.from(Float32Array.of(1, 1).buffer);
  const queued = await InferenceSession.create(model('identity-uint8'), { maxConcurrency: 1 });
  open.push(queued);
  const first = queued.run({ x: new Tensor('uint8', Buffer.from([1]), [1]) });
  const waiting = new Tensor('uint8', bytes, [bytes.length]);
  const second = queued.run({ x: waiting });
  const before = Uint8Array.from(bytes);
  bytes.fill(0);
  await first;
  expect((await second)['y']?.data).toEqual(before);
});

describe('one bad request fails alone', () => {
  const index = (value: number) => ({
    index: new Tensor('int64', BigInt64Array.of(BigInt(value)), [1]),
  });

  test('when it does not fit the model', async () => {
    const batched = await create(LISTS, { maxWaitMs: LONG });
    const bad = { ...lists(0, 1, 2), input_ids: int32([1, 2, 3], [1, 3]) };
    const [faults] = await Promise.all([
      faultsOf(batched.run(bad), 'INVALID_INPUT'),
      runLists(batched, 5, 1, 2),
      runLists(batched, 8, 1, 3),
    ]);
    expect(faults.join()).toContain('sequence');
    expect(batched.stats).toMatchObject({ requests: 2, batches: 1 });
  });

  test('when it makes the run fail', async () => {
    const batched = await create(model('fail-gather'), { maxWaitMs: LONG });
    const [good, error, other] = await Promise.all([
      batched.run(index(1)),
      errorOf(batched.run(index(9)), 'RUNTIME_ERROR'),
      batched.run(index(3)),
    ]);
    expect(good['rows']?.data).toEqual(Float32Array.of(2, 3));
    expect(other['rows']?.data).toEqual(Float32Array.of(6, 7));
    expect(error.message).not.toBe('');
  });

  test('when it is aborted or late, and its place is free', async () => {
    const batched = await create(LISTS, { maxWaitMs: LONG, maxQueue: 2 });
    const controller = new AbortController();
    const aborted = errorOf(batched.run(lists(0, 1, 9), { signal: controller.signal }), 'ABORTED');
    const late = errorOf(batched.run(lists(0, 1, 9), { timeoutMs: 5 }), 'TIMEOUT');
    const full = await errorOf(batched.run(lists(0, 1, 1)), 'QUEUE_FULL');
    expect(full.message).toContain('maxQueue 2');
    controller.abort();
    await Promise.all([aborted, late]);
    await runLists(batched, 5, 1, 2);
    expect(batched.stats).toMatchObject({ batches: 1, paddingWaste: 0 });
  });
});

describe('dispose', () => {
  test('of the session lets them be done, too', async () => {
    const session = await InferenceSession.create(LISTS);
    const batched = session.batched({ maxWaitMs: 2147483647 });
    const works = [runLists(batched, 0, 1, 2), runLists(batched, 4, 1, 5)];
    await session.dispose();
    await Promise.all(works);
    await errorOf(batched.run(lists(0, 1, 1)), 'DISPOSED');
  });

  test('lets what waits be done at once, and takes nothing new', async () => {
    const batched = await create(LISTS, { maxWaitMs: 2147483647 });
    const works = [runLists(batched, 0, 1, 2), runLists(batched, 4, 1, 5)];
    await batched.dispose();
    await Promise.all(works);
    await errorOf(batched.run(lists(0, 1, 1)), 'DISPOSED');
  });
});

describe('wrong use', () => {
  test('is told: options, a model that nothing can be joined for', async () => {
    const session = await InferenceSession.create(LISTS);
    open.push(session);
    const options = { maxBatch: 0, maxQueue: 0, maxWait: 3 } as BatchOptions;
    const faults = await faultsOf(
      Promise.resolve().then(() => session.batched(options)),
      'INVALID_OPTION',
    );
    expect(faults.join('\n')).toMatch(/maxBatch[^]*maxQueue[^]*did you mean "maxWaitMs"/);
    const half = { input_ids: 0.5 };
    expect(
      await faultsOf(
        Promise.resolve().then(() => session.batched({ padding: half })),
        'INVALID_OPTION',
      ),
    ).toEqual([expect.stringContaining('a whole number')]);
    const padding = { input_idz: 1 };
    expect(
      await faultsOf(
        Promise.resolve().then(() => session.batched({ padding })),
        'INVALID_OPTION',
      ),
    ).toEqual([expect.stringContaining('"input_ids"')]);
    const fixed = await InferenceSession.create(model('fixed'));
    open.push(fixed);
    await errorOf(
      Promise.resolve().then(() => fixed.batched()),
      'NOT_SUPPORTED',
    );
  });

  test('without a mask only equal shapes run together', async () => {
    const batched = await create(model('add'), { maxWaitMs: LONG });
    const add = async (dims: number[]) => {
      const data = new Float32Array(dims.reduce((x, y) => x * y, 1)).fill(1);
      const x = new Tensor('float32', data, dims);
      const { sum } = await batched.run({ a: x, b: x });
      expect(sum).toMatchObject({ dims, data: data.map(() => 2) });
    };
    await Promise.all([add([1, 4]), add([2, 4]), add([1, 4])]);
    expect(batched.stats.batches).toBeLessThanOrEqual(2);
  });
});
