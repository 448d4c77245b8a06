/** Feeds that do not fit the model: all faults in one error, with names. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { ON_GPU } from './surroundings';

let add: InferenceSession;
let shared: InferenceSession;
beforeAll(async () => {
  add = await InferenceSession.create(model('add'));
  shared = await InferenceSession.create(model('shared-batch'));
});
afterAll(async () => {
  await add.dispose();
  await shared.dispose();
});

const tensor = (dims: number[], type: 'float32' | 'int32' = 'float32') => {
  const size = dims.reduce((product, dim) => product * dim, 1);
  const data = type === 'float32' ? new Float32Array(size) : new Int32Array(size);
  return new Tensor(type, data, dims);
};
const four = tensor([1, 4]);

describe('names', () => {
  test('missing and unknown, with «did you mean»', async () => {
    const bert = await InferenceSession.create(model('tiny-bert/onnx/model'));
    const ids = new Tensor('int64', BigInt64Array.of(1n, 0n), [1, 2]);
    const error = await errorOf(
      bert.run({ inputs_ids: ids, attention_mask: ids, token_type_ids: ids }),
      'INVALID_INPUT',
    );
    expect(error.faults?.map(({ path, message }) => [path, message])).toEqual([
      ['input_ids', 'missing input "input_ids": expected int64 [batch, sequence]'],
      [
        'inputs_ids',
        'unknown input "inputs_ids" (did you mean "input_ids"?); the model takes "input_ids", "attention_mask", "token_type_ids"',
      ],
    ]);
    expect(error.message).toContain('the feeds do not fit the model');
    await bert.dispose();
  });

  test('an input that is undefined is missing', async () => {
    const feeds = { a: four, b: undefined } as unknown as Record<string, Tensor>;
    expect(await faultsOf(add.run(feeds), 'INVALID_INPUT')).toEqual([
      'missing input "b": expected float32 [batch, 4]',
    ]);
  });
});

describe('types and shapes', () => {
  test('wrong type', async () => {
    expect(
      await faultsOf(add.run({ a: four, b: tensor([1, 4], 'int32') }), 'INVALID_INPUT'),
    ).toEqual(['expected float32 for input "b", received int32']);
  });

  test('wrong rank', async () => {
    expect(await faultsOf(add.run({ a: four, b: tensor([4]) }), 'INVALID_INPUT')).toEqual([
      'expected 2 dimensions [batch, 4] for input "b", received 1: [4]',
    ]);
  });

  test('wrong fixed size', async () => {
    expect(await faultsOf(add.run({ a: four, b: tensor([1, 5]) }), 'INVALID_INPUT')).toEqual([
      'expected size 4 on axis 1 of input "b" [batch, 4], received [1, 5]',
    ]);
  });

  test('one name with two sizes', async () => {
    expect(
      await faultsOf(shared.run({ a: tensor([2, 3]), b: tensor([5, 2]) }), 'INVALID_INPUT'),
    ).toEqual([
      '"batch" is one size in all inputs, received 2 on axis 0 of "a" and 5 on axis 0 of "b"',
    ]);
  });

  test('data of another length than the dimensions', async () => {
    const short = { type: 'float32', dims: [1, 4], data: new Float32Array(3) };
    expect(
      await faultsOf(add.run({ a: four, b: short as unknown as Tensor }), 'INVALID_INPUT'),
    ).toEqual(['dimensions [1, 4] of input "b" need 4 elements, its data has 3']);
  });

  test.each([[-1], [1.5], [NaN], [Infinity], [2 ** 60]])('a dimension of %p', async (size) => {
    const odd = { type: 'float32', dims: [size, 4], data: new Float32Array(4) };
    const [fault] = await faultsOf(
      add.run({ a: four, b: odd as unknown as Tensor }),
      'INVALID_INPUT',
    );
    expect(fault).toMatch(/input "b"/);
  });

  test('all faults of all inputs at once', async () => {
    const faults = await faultsOf(add.run({ a: tensor([5], 'int32'), c: four }), 'INVALID_INPUT');
    expect(faults).toHaveLength(4); // type and rank of a, b missing, c unknown
  });
});

describe('what is no tensor', () => {
  const cases: [string, unknown, RegExp][] = [
    ['an array', [1, 2, 3, 4], /received an array of 4: wrap it, new Tensor/],
    ['a typed array', new Float32Array(4), /received a Float32Array: wrap it/],
    ['null', null, /received null/],
    ['text', 'abc', /received "abc"/],
    ['an object', {}, /received an object/],
  ];
  test.each(cases)('%s', async (_, value, message) => {
    const feeds = { a: value, b: four } as Record<string, Tensor>;
    const faults = await faultsOf(add.run(feeds), 'INVALID_INPUT');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^expected a Tensor for input "a"/);
    expect(faults[0]).toMatch(message);
  });

  test('feeds that are no object', async () => {
    for (const feeds of [undefined, null, [four], four, 'a']) {
      const error = await errorOf(
        add.run(feeds as unknown as Record<string, Tensor>),
        'INVALID_INPUT',
      );
      expect(error.message).toContain('expected an object of Tensors by input name for feeds');
    }
  });

  test('a tensor that was disposed', async () => {
    const gone = tensor([1, 4]);
    gone.dispose();
    expect(await faultsOf(add.run({ a: gone, b: four }), 'INVALID_INPUT')).toEqual([
      'expected a Tensor for input "a", received one that was disposed',
    ]);
  });

  test('a tensor on the GPU', async () => {
    const far = { type: 'float32', dims: [1, 4], location: 'gpu-buffer' };
    const [fault] = await faultsOf(
      add.run({ a: far as unknown as Tensor, b: four }),
      'INVALID_INPUT',
    );
    expect(fault).toContain('input "a", received one');
    if (!ON_GPU) expect(fault).toContain('at "gpu-buffer": await tensor.getData() brings it');
  });

  test('strings that are none', async () => {
    const session = await InferenceSession.create(model('identity-string'));
    const x = new Tensor('string', ['a', 7 as unknown as string], [2]);
    expect(await faultsOf(session.run({ x }), 'INVALID_INPUT')).toEqual([
      'expected strings for input "x", received 7 at index 1',
    ]);
    await session.dispose();
  });
});

test('validate() tells the faults without running', async () => {
  expect(await add.validate({ a: four, b: four })).toEqual([]);
  const faults = await add.validate({ a: four, bb: four });
  expect(faults.map(({ path, code }) => [path, code])).toEqual([
    ['b', 'INVALID_INPUT'],
    ['bb', 'INVALID_INPUT'],
  ]);
});

describe('fetches', () => {
  const feeds = { a: four, b: four };
  test('unknown outputs', async () => {
    expect(await faultsOf(add.run(feeds, ['sums', 'diff']), 'INVALID_INPUT')).toEqual([
      'unknown output "sums" (did you mean "sum"?); the model makes "sum"',
      'unknown output "diff"; the model makes "sum"',
    ]);
    expect(await faultsOf(add.run(feeds, { sums: null }), 'INVALID_INPUT')).toHaveLength(1);
  });

  test('none', async () => {
    expect(await faultsOf(add.run(feeds, []), 'INVALID_INPUT')).toEqual([
      'expected at least one output, received none',
    ]);
  });

  test('what is neither fetches nor options', async () => {
    const run = add.run(feeds, 'sum' as unknown as string[]);
    const error = await errorOf(run, 'INVALID_INPUT');
    expect(error.message).toContain('received "sum"');
  });
});

describe('constraints', () => {
  test('on an axis by index and by name, and on values', async () => {
    const session = await InferenceSession.create(model('add'), {
      constraints: {
        a: { batch: { max: 2 }, values: { min: 0, finite: true } },
        b: { 0: { multipleOf: 2 } },
      },
    });
    expect(await session.validate({ a: tensor([2, 4]), b: tensor([2, 4]) })).toEqual([]);
    const bad = new Tensor('float32', new Float32Array(12).fill(NaN, 11), [3, 4]);
    expect(await faultsOf(session.run({ a: bad, b: tensor([3, 4]) }), 'INVALID_INPUT')).toEqual([
      'expected a size that is at most 2 on axis "batch" of input "a", received 3',
      'expected values that are finite in input "a", received NaN at index 11',
      'expected a size that is a multiple of 2 on axis "0" of input "b", received 3',
    ]);
    await session.dispose();
  });

  test('that name what the model has not', async () => {
    const create = InferenceSession.create(model('add'), {
      constraints: { aa: { 0: { min: 1 } }, b: { bacth: { min: 1 }, 1: { min: 3, max: 2 } } },
    });
    expect(await faultsOf(create, 'INVALID_OPTION')).toEqual([
      'constraints: unknown input "aa"',
      expect.stringContaining('expected min ≤ max'),
      expect.stringContaining('unknown axis "bacth" of input "b" (did you mean "batch"?)'),
    ]);
  });

  test('of wrong types', async () => {
    const constraints = { a: { 0: { min: '1' }, batch: 3, 1: { mn: 1 } } };
    const create = InferenceSession.create(model('add'), { constraints } as object);
    expect(await faultsOf(create, 'INVALID_OPTION')).toEqual([
      'expected a number for constraints.a.0.min, received "1"',
      'expected min, max, multipleOf in constraints.a.1, received "mn"',
      'expected an object of limits for constraints.a.batch, received 3',
    ]);
  });
});
