import { describe, expect, test } from '@jest/globals';
import type { TensorData } from '../../js/src/binding.js';
import { failureOf, run, runOptions, session, tensor, valueOf } from './native_addon';

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
    expect(valueOf(identity.runSync({ x }, [], runOptions))['y']).toEqual(x);
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

test('shared memory can be fed', async () => {
  const data = new Float32Array(new SharedArrayBuffer(8));
  data.set([1, 2]);
  const { y } = valueOf(
    await run(await session('identity-float32'), { x: tensor('float32', data, [2]) }),
  );
  expect(y?.data).toEqual(Float32Array.of(1, 2));
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
  const wrong = [undefined, null, 0, 'x', [], {}, Symbol('s'), new Float32Array(2), add];
  for (const value of wrong) {
    const a = value as never;
    expect(failureOf(await add.run(a, [], runOptions, a)).code).toBe('INVALID_INPUT');
    expect(failureOf(await run(add, { a, b: a })).code).toBe('INVALID_INPUT');
    for (const feed of [
      { type: value, data: new Float32Array(4), dims: [1, 4] },
      { type: 'float32', data: value, dims: [1, 4] },
      { type: 'float32', data: new Float32Array(4), dims: value },
      { type: 'float32', data: new Float32Array(4), dims: [value, 4] },
    ]) {
      expect(failureOf(await run(add, { a: feed as never })).code).toBe('INVALID_INPUT');
    }
  }
});
