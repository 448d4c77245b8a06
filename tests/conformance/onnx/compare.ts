import { numberOfHalf } from '../../../js/src/half';
import { Tensor } from 'infercore';
import type { OutputValue } from 'infercore';
import type { Value } from './values';

/** Those of ONNX's own runner. */
const RELATIVE = 1e-3;
const ABSOLUTE = 1e-7;

/** What differs first; undefined when nothing does. */
export function difference(
  actual: OutputValue | undefined,
  expected: Value,
  place: string,
): string | undefined {
  if (expected === undefined)
    return actual === undefined ? undefined : `${place}: there is a value`;
  if (!isTensor(expected)) return ofSequences(actual, expected, place);
  if (!(actual instanceof Tensor)) return `${place}: expected a Tensor`;
  const shape = ({ type, dims }: Tensor): string => `${type} [${dims.join(', ')}]`;
  if (shape(actual) !== shape(expected)) {
    return `${place}: expected ${shape(expected)}, received ${shape(actual)}`;
  }
  const numbers = [numbersOf(actual), numbersOf(expected)] as const;
  for (let i = 0; i < numbers[1].length; i += 1) {
    const [a, b] = [numbers[0][i], numbers[1][i]];
    if (!near(a, b)) return `${place}[${i}]: expected ${String(b)}, received ${String(a)}`;
  }
  return undefined;
}

const isTensor = (value: Exclude<Value, undefined>): value is Tensor => value instanceof Tensor;

function ofSequences(
  actual: OutputValue | undefined,
  expected: readonly Value[],
  place: string,
): string | undefined {
  if (!Array.isArray(actual)) return `${place}: expected a sequence`;
  const list = actual as readonly OutputValue[];
  if (list.length !== expected.length) {
    return `${place}: expected ${expected.length} elements, received ${list.length}`;
  }
  return expected
    .map((each, i) => difference(list[i], each, `${place}[${i}]`))
    .find((found) => found !== undefined);
}

type Element = number | bigint | string | undefined;

function near(a: Element, b: Element): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return a === b || Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b);
}

/** Bits of float16, where the engine has no array for them, as numbers. */
function numbersOf({ type, data }: Tensor): ArrayLike<Element> {
  if (type !== 'float16' || !(data instanceof Uint16Array)) return data;
  return Array.from(data, numberOfHalf);
}
