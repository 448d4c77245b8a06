import { describe, expect, test } from '@jest/globals';
import type { TensorData, TensorRow } from '../../js/src/binding.js';
import {
  failureOf,
  iterations,
  rows,
  run,
  runOptions,
  runSync,
  session,
  tensor,
  valueOf,
} from './native_addon';

type Row = [type: TensorData['type'], make: (length: number) => TensorData['data']];
const big = (length: number): bigint[] => Array.from({ length }, (_, i) => BigInt(i % 100));
const small = (length: number): number[] => Array.from({ length }, (_, i) => i % 100);
const TYPES: Row[] = [
  ['float32', (n) => Float32Array.from(small(n))],
  ['uint8', (n) => Uint8Array.from(small(n))],
  ['int8', (n) => Int8Array.from(small(n))],
  ['uint16', (n) => Uint16Array.from(small(n))],
  ['int16', (n) => Int16Array.from(small(n))],
  ['int32', (n) => Int32Array.from(small(n))],
  ['int64', (n) => BigInt64Array.from(big(n))],
  ['string', (n) => small(n).map((i) => `grüß ${i} 😀`)],
  ['bool', (n) => Uint8Array.from(small(n), (i) => i % 2)],
  ['float16', (n) => Uint16Array.from(small(n))],
  ['float64', (n) => Float64Array.from(small(n))],
  ['uint32', (n) => Uint32Array.from(small(n))],
  ['uint64', (n) => BigUint64Array.from(big(n))],
  ['uint4', (n) => Uint8Array.from(small((n + 1) >> 1))],
  ['int4', (n) => Uint8Array.from(small((n + 1) >> 1))],
  ['bfloat16' as Row[0], (n) => Uint16Array.from(small(n))],
];

describe.each(TYPES)('a tensor of %s', (type, make) => {
  // The last is above 64 KB for every type: that output is handed over without a copy.
  test.each([0, 1, 3, 70_000])('of %i elements goes through unchanged', async (length) => {
    const identity = await session(`identity-${type}`);
    const x = tensor(type, make(length), [length]);
    expect(valueOf(await run(identity, { x }))['y']).toEqual(x);
    expect(valueOf(runSync(identity, { x }))['y']).toEqual(x);
    await identity.dispose();
  });
});

test('a scalar has no dims', async () => {
  const x = tensor('float32', Float32Array.of(2), []);
  expect(valueOf(await run(await session('scalar'), { x }))['y']).toEqual(
    tensor('float32', Float32Array.of(3), []),
  );
});

test('several types at once; fetches choose the outputs', async () => {
  const mixed = await session('mixed');
  const feeds = {
    numbers: tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]),
    factor: tensor('float32', Float32Array.of(2), []),
    keep: tensor('bool', Uint8Array.of(1, 1), [2]),
    labels: tensor('string', ['a', 'ü'], [2]),
  };
  const all = valueOf(await run(mixed, feeds));
  expect(all).toEqual({
    scaled: tensor('float32', Float32Array.of(2, 4, 6, 8), [2, 2]),
    kept: tensor('int64', BigInt64Array.of(2n), []),
    same_labels: tensor('string', ['a', 'ü'], [2]),
  });
  expect(Object.keys(valueOf(await run(mixed, feeds, ['kept'])))).toEqual(['kept']);
});

test('an input with a default may be left out', async () => {
  const handle = await session('default-input');
  const x = tensor('float32', Float32Array.of(1), [1]);
  expect(valueOf(await run(handle, { x }))['y']?.data).toEqual(Float32Array.of(11));
  const offset = tensor('float32', Float32Array.of(5), [1]);
  expect(valueOf(await run(handle, { x, offset }))['y']?.data).toEqual(Float32Array.of(6));
});

test('all faults of the feeds come at once', async () => {
  const add = await session('add');
  const failure = failureOf(
    await run(add, {
      a: tensor('float32', new Float32Array(8), [1, 4]),
      c: tensor('float32', new Float32Array(4), [1, 4]),
    }),
  );
  expect(failure.code).toBe('INVALID_INPUT');
  expect(failure.faults?.map(({ path }) => path).sort()).toEqual(['a', 'b', 'c']);
});

test('constraints of the session are enforced', async () => {
  const add = await session('add', { constraints: { a: { batch: { max: 2 } } } });
  const three = tensor('float32', new Float32Array(12), [3, 4]);
  expect(failureOf(await run(add, { a: three, b: three })).code).toBe('INVALID_INPUT');
});

test('an unknown output is named, with the one that was meant', async () => {
  const x = tensor('float32', Float32Array.of(1), []);
  const failure = failureOf(await run(await session('scalar'), { x }, ['Y']));
  expect(failure.message).toContain('did you mean "y"');
});

test('names from outside break no line of a message', async () => {
  const nasty = 'Y\n\u202e';
  const x = tensor('float32', Float32Array.of(1), []);
  const scalar = await session('scalar');
  const name = '"Y\\x0a\\u202e"';
  expect(failureOf(await run(scalar, { x }, [nasty])).message).toContain(`unknown output ${name}`);
  const untyped = { ...x, type: nasty as 'float32' };
  expect(failureOf(await run(scalar, { x: untyped })).message).toContain(`of type ${name}`);
});

test('a sequence is an array, a map its keys and values', async () => {
  const x = tensor('float32', Float32Array.of(1, 2), [2]);
  expect(valueOf(await run(await session('sequence-output'), { x }))['parts']).toEqual([
    tensor('float32', Float32Array.of(1), [1]),
    tensor('float32', Float32Array.of(2), [1]),
  ]);
  const row = tensor('float32', new Float32Array(3), [1, 3]);
  const third = Math.fround(1 / 3);
  expect(valueOf(await run(await session('classifier'), { x: row }))['by_name']).toEqual([
    {
      keys: tensor('string', ['bird', 'cat', 'dog'], [3]),
      values: tensor('float32', Float32Array.of(third, third, third), [3]),
    },
  ]);
});

test('an absent optional value is NOT_SUPPORTED', async () => {
  const x = tensor('float32', Float32Array.of(1, 2), [2]);
  const failure = failureOf(await run(await session('optional-output'), { x }));
  expect(failure.code).toBe('NOT_SUPPORTED');
  expect(failure.message).toContain('output "absent" is an optional value that is absent');
});

test.each([
  ['an operator that fails', 'fail-gather', 'index', tensor('int64', BigInt64Array.of(9n), [1])],
  ['a shape that does not fit', 'fail-reshape', 'x', tensor('float32', new Float32Array(4), [4])],
])('%s is a RUNTIME_ERROR; the session still works', async (_, name, input, feed) => {
  const handle = await session(name);
  expect(failureOf(await run(handle, { [input]: feed })).code).toBe('RUNTIME_ERROR');
  expect(failureOf(await run(handle, { [input]: feed })).message).toContain('node. Name:');
});

test('the caller may change and transfer what it fed while the model runs', async () => {
  const identity = await session('identity-float32');
  const data = new Float32Array(100_000).fill(1);
  const running = run(identity, { x: tensor('float32', data, [data.length]) });
  data.fill(2);
  structuredClone(data.buffer, { transfer: [data.buffer] });
  const { y } = valueOf(await running);
  expect((y?.data as Float32Array).every((value) => value === 1)).toBe(true);
});

test('shared memory can be fed, and is read where it is', async () => {
  const data = new Float32Array(new SharedArrayBuffer(8));
  data.set([1, 2]);
  const { y } = valueOf(
    await run(await session('identity-float32'), { x: tensor('float32', data, [2]) }),
  );
  expect(y?.data).toEqual(Float32Array.of(1, 2));
  // Behind a run that takes all threads for a while, so that the change comes first.
  const slow = await session('slow');
  const before = Array.from({ length: 16 }, () => run(slow, iterations(2000)));
  const behind = run(await session('scalar'), { x: tensor('float32', data.subarray(0, 1), []) });
  data[0] = 41;
  expect(valueOf(await behind)['y']?.data).toEqual(Float32Array.of(42));
  await Promise.all(before);
});

test('several runs on one session at once keep their results apart', async () => {
  const identity = await session('identity-int32');
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      run(identity, { x: tensor('int32', Int32Array.of(i), [1]) }),
    ),
  );
  expect(outcomes.map((outcome) => (valueOf(outcome)['y']?.data as Int32Array)[0])).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('values of wrong types are failures, never a crash', async () => {
  const add = await session('add');
  const wrong = [undefined, null, 0, 'x', {}, Symbol('s'), new Float32Array(2), add];
  const data = new Float32Array(4);
  for (const value of [...wrong, []]) {
    const a = value as never;
    expect(failureOf(await add.run(a, [], runOptions, a)).code).toBe('INVALID_INPUT');
    expect(failureOf(await add.run([a], [], undefined, undefined)).code).toBe('INVALID_INPUT');
    if (value !== undefined) {
      expect(failureOf(await add.run([], [], a, undefined)).code).toBe('INVALID_INPUT');
    }
    for (const row of [
      [value, 'float32', data, [1, 4]],
      ['a', value, data, [1, 4]],
      ['a', 'float32', value, [1, 4]],
      ['a', 'float32', data, value],
      ['a', 'float32', data, [value, 4]],
    ]) {
      expect(failureOf(await add.run([row as never], [], runOptions, a)).code).toBe(
        'INVALID_INPUT',
      );
    }
  }
  const feeds = rows({ a: tensor('float32', data, [1, 4]), b: tensor('float32', data, [1, 4]) });
  for (const value of wrong) {
    expect(failureOf(add.runSync(feeds, value as never, undefined)).code).toBe('INVALID_INPUT');
    if (value === 'x') continue;
    expect(failureOf(add.runSync(feeds, [value as never], undefined)).code).toBe('INVALID_INPUT');
    for (const row of [
      [value, 'float32', data, [1, 4]],
      ['sum', value, data, [1, 4]],
      ['sum', 'float32', value, [1, 4]],
      ['sum', 'float32', data, value],
    ]) {
      if (value instanceof Float32Array && row[2] === value) continue; // it is short, no more
      const failure = failureOf(add.runSync(feeds, [row as never], undefined));
      expect(failure.code).toBe('INVALID_INPUT');
    }
    // Dims and data of memory that do not go together: not used, and no failure of the run.
    const odd = ['sum', 'float32', data, [value, 4]] as never;
    expect(['value', 'failure']).toContain(Object.keys(add.runSync(feeds, [odd], undefined))[0]);
  }
});

describe('memory for outputs', () => {
  const memory = (length: number, dims = [length]): TensorRow => {
    return ['y', 'float32', new Float32Array(length).fill(7), dims];
  };
  const [x, big] = [
    tensor('float32', Float32Array.of(1, 2, 3), [3]),
    tensor('float32', new Float32Array(100_000).fill(2), [100_000]),
  ];

  test.each([x, big])('is written by the model itself', async (feed) => {
    const identity = await session('identity-float32');
    const { length } = feed.data;
    for (const given of [memory(length), memory(length)]) {
      const outcome = await identity.run(rows({ x: feed }), [given], undefined, undefined);
      expect(valueOf(outcome)).toEqual([null]);
      expect(given[2]).toEqual(feed.data);
    }
    const given = memory(length);
    expect(valueOf(identity.runSync(rows({ x: feed }), [given], undefined))).toEqual([null]);
    expect(given[2]).toEqual(feed.data);
  });

  test('that does not fit stays as it is, and the value comes', async () => {
    for (const name of ['identity-float32', 'any-rank']) {
      const model = await session(name);
      for (const given of [
        memory(2),
        memory(3, [3, 1]),
        memory(3, []),
        memory(4, [3]),
        ['y', 'int32', new Int32Array(3).fill(7), [3]] as TensorRow,
        memory(3, [-3]),
        memory(3, [NaN]),
      ]) {
        const [value] = valueOf(await model.run(rows({ x }), [given], undefined, undefined));
        expect(value).toMatchObject({ type: 'float32', dims: [3] });
        expect(new Set(given[2] as Float32Array)).toEqual(new Set([7]));
      }
    }
  });

  test('whose shape the model does not declare is written where it fits', async () => {
    const model = await session('any-rank');
    const given = memory(3);
    expect(valueOf(model.runSync(rows({ x }), [given], undefined))).toEqual([null]);
    expect(given[2]).toEqual(Float32Array.of(2, 3, 4));
  });

  test('of constants is written, too', async () => {
    const given = memory(3);
    const outcome = (await session('no-input')).runSync([], [given], undefined);
    expect(valueOf(outcome)).toEqual([null]);
    expect(given[2]).toEqual(Float32Array.of(1, 2, 3));
  });

  test('is written into each or into none', async () => {
    const mixed = await session('mixed');
    const feeds = rows({
      numbers: tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]),
      factor: tensor('float32', Float32Array.of(2), []),
      keep: tensor('bool', Uint8Array.of(1, 1), [2]),
      labels: tensor('string', ['a', 'b'], [2]),
    });
    const scaled: TensorRow = ['scaled', 'float32', new Float32Array(4), [2, 2]];
    const kept: TensorRow = ['kept', 'int64', new BigInt64Array(2), [2]];
    const values = valueOf(await mixed.run(feeds, [scaled, kept], undefined, undefined));
    expect(values).toMatchObject([{ dims: [2, 2] }, { dims: [] }]);
    expect([scaled[2], kept[2]]).toEqual([new Float32Array(4), new BigInt64Array(2)]);
    expect(valueOf(mixed.runSync(feeds, [scaled, 'kept'], undefined))[0]).toBeNull();
    expect(scaled[2]).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  test('may be that of a feed: the feed is copied first', async () => {
    const scale = await session('add');
    const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const a = tensor('float32', data.subarray(0, 4), [1, 4]);
    const b = tensor('float32', data.subarray(2, 6), [1, 4]);
    const sum: TensorRow = ['sum', 'float32', data.subarray(1, 5), [1, 4]];
    expect(valueOf(scale.runSync(rows({ a, b }), [sum], undefined))).toEqual([null]);
    expect(data).toEqual(Float32Array.of(1, 4, 6, 8, 10, 6, 7, 8));
  });

  test('can not be the same for two outputs', async () => {
    const identity = await session('identity-float32');
    const given = memory(3);
    const failure = failureOf(identity.runSync(rows({ x }), [given, given], undefined));
    expect(failure.message).toBe('outputs "y" and "y" are to be written into the same memory');
  });

  test('may be of length 0', async () => {
    const identity = await session('identity-float32');
    const empty = tensor('float32', new Float32Array(0), [0]);
    const outcome = identity.runSync(rows({ x: empty }), [memory(0)], undefined);
    expect(valueOf(outcome)).toEqual([null]);
  });
});
