import type { InferenceSession as Ort } from 'onnxruntime-common';
import { describe, quoted } from '../describe.js';
import { InferError } from '../error.js';
import { Faults, failureOf } from '../fault.js';
import { bitsOfHalf } from '../half.js';
import { isObject } from '../option.js';
import { arrayOf, isReal, toTensor, type Tensor } from '../tensor.js';

/** As a file writes a tensor: `{ "type": "int64", "dims": [1, 3], "data": [7, 8, 9] }`. */
const FORM = '{ "type": "int64", "dims": [1, 3], "data": [7, 8, 9] }';

/**
 * Tensors of a JSON document, by the names of inputs: each is its type, its dims and its data row by row. Whole numbers
 * of 64 bits may be text.
 *
 * @throws InferError INVALID_INPUT with all faults
 * @example
 * const text = '{ "x": { "type": "float32", "dims": [2], "data": [1, 2] } }';
 * tensorsFromJson(JSON.parse(text)).x.dims; // [2]
 */
export function tensorsFromJson(document: unknown): Ort.FeedsType {
  const faults = new Faults('INVALID_INPUT');
  const tensors: Record<string, Tensor> = {};
  if (!isObject(document)) {
    faults.add('inputs', `expected an object of tensors by input, received ${describe(document)}`);
  } else {
    for (const [name, value] of Object.entries(document)) {
      const tensor = tensorOf(value);
      if (typeof tensor === 'string') faults.add(name, `input ${quoted(name)}: ${tensor}`);
      else tensors[name] = tensor;
    }
  }
  if (faults.list.length === 0) return tensors;
  throw new InferError(
    failureOf('tensors that can not be read', faults.list, `a tensor is ${FORM}`),
  );
}

/** A tensor, or what is wrong. */
function tensorOf(value: unknown): Tensor | string {
  if (!isObject(value))
    return `expected an object of type, dims and data, received ${describe(value)}`;
  const { type, dims, data } = value;
  if (typeof type !== 'string') return `expected the name of a type, received ${describe(type)}`;
  if (!Array.isArray(dims) || !dims.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    return `expected whole numbers ≥ 0 for dims, received ${describe(dims)}`;
  }
  if (!Array.isArray(data)) return `expected an array for data, received ${describe(data)}`;
  const sizes = dims as number[];
  const length = sizes.reduce((product, size) => product * size, 1);
  if (data.length !== length) {
    return `expected ${length} elements for dims [${sizes.join(', ')}], received ${data.length}`;
  }
  const elements: readonly unknown[] = data;
  if (type === 'string') {
    const wrong = elements.find((each) => typeof each !== 'string');
    if (wrong !== undefined) return `expected texts, received ${describe(wrong)}`;
    return toTensor({ type, dims: sizes, data: elements as string[] });
  }
  const array = arrayOf(type, length);
  if (!array) return `expected a type whose elements are numbers, received ${describe(type)}`;
  const wrong = elements.findIndex((each) => numberOf(each, type) === undefined);
  if (wrong >= 0)
    return `expected ${type} for data[${wrong}], received ${describe(elements[wrong])}`;
  elements.forEach((each, i) => {
    const number = numberOf(each, type) ?? 0;
    if (array instanceof BigInt64Array || array instanceof BigUint64Array)
      array[i] = BigInt(number);
    else array[i] = type === 'float16' ? bitsOfHalf(Number(number)) : Number(number);
  });
  return toTensor({ type: type as Tensor.Type, dims: sizes, data: array });
}

/** Undefined for what is no element of the type. */
function numberOf(value: unknown, type: string): number | bigint | undefined {
  if (type === 'bool')
    return value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined;
  const wide = type === 'int64' || type === 'uint64';
  if (wide && typeof value === 'string' && /^-?\d{1,20}$/.test(value))
    return inRange(BigInt(value), type);
  if (typeof value !== 'number') return undefined;
  if (isReal(type)) return value;
  return Number.isSafeInteger(value) ? inRange(BigInt(value), type) : undefined;
}

function inRange(value: bigint, type: string): bigint | undefined {
  const bits = BigInt(/\d+$/.exec(type)?.[0] ?? 8);
  const [min, max] = type.startsWith('u')
    ? [0n, 2n ** bits - 1n]
    : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return value >= min && value <= max ? value : undefined;
}
