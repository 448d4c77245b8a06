import { describe, expect, test } from '@jest/globals';
import { tensorsFromJson } from 'infercore/bench';
import { failure } from './failure';

describe('tensorsFromJson', () => {
  test('reads numbers, texts and truth values', () => {
    const tensors = tensorsFromJson({
      ids: { type: 'int64', dims: [1, 2], data: [7, '-9007199254740993'] },
      half: { type: 'float16', dims: [2], data: [1, -2] },
      keep: { type: 'bool', dims: [2], data: [true, 0] },
      words: { type: 'string', dims: [1], data: ['a'] },
    });
    expect([...(tensors['ids']?.data ?? [])]).toEqual([7n, -9007199254740993n]);
    const { buffer, byteOffset } = tensors['half']?.data as Uint16Array;
    expect([...new Uint16Array(buffer, byteOffset, 2)]).toEqual([0x3c00, 0xc000]);
    expect([...(tensors['keep']?.data ?? [])]).toEqual([1, 0]);
    expect(tensors['words']?.data).toEqual(['a']);
  });

  test('names all that is wrong', async () => {
    const wrong = {
      a: 3,
      b: { type: 'int8', dims: [1], data: [128] },
      c: { type: 'float32', dims: [2, 2], data: [1, 2, 3] },
      d: { type: 'float32', dims: [-1], data: [] },
      e: { type: 'complex64', dims: [1], data: [1] },
      f: { type: 'string', dims: [1], data: [1] },
      g: { type: 'uint64', dims: [1], data: [-1] },
    };
    const error = await failure(() => tensorsFromJson(wrong));
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.faults?.map(({ message }) => message)).toEqual([
      'input "a": expected an object of type, dims and data, received 3',
      'input "b": expected int8 for data[0], received 128',
      'input "c": expected 4 elements for dims [2, 2], received 3',
      'input "d": expected whole numbers ≥ 0 for dims, received an array of 1',
      'input "e": expected a type whose elements are numbers, received "complex64"',
      'input "f": expected texts, received 1',
      'input "g": expected uint64 for data[0], received -1',
    ]);
    expect((await failure(() => tensorsFromJson([]))).code).toBe('INVALID_INPUT');
  });
});
