import type { Tensor } from 'onnxruntime-common';
import type { TensorData } from './binding.js';
import { describe, quoted } from './describe.js';
import { numberOfHalf } from './half.js';
import { isReal as holdsReals } from './tensor.js';

/** How one output differs from what was expected. Part of the public API. */
export interface OutputComparison {
  readonly name: string;
  /** Which of several known inputs; 0 for one. */
  readonly known: number;
  readonly matches: boolean;
  /** What does not match, in words. */
  readonly message?: string;
  readonly elements: number;
  /** Elements that differ by more than the tolerance. */
  readonly mismatches: number;
  /** The greatest difference; Infinity where one side is NaN or infinite and the other is not. Of numbers alone. */
  readonly maxAbs?: number;
  /** The greatest difference relative to what was expected, elements aside of which 0 was expected. */
  readonly maxRel?: number;
  /** Of the finite elements, as one vector. */
  readonly cosine?: number;
  /** The element that is furthest off: its place on each axis and both values. Absent when all are equal. */
  readonly worst?: {
    readonly index: readonly number[];
    readonly expected: number | bigint | string;
    readonly actual: number | bigint | string;
  };
}

type Element = number | bigint | string;
type Read = (index: number) => Element;

/** Elements as numbers, 64-bit integers and texts. */
function reader({ type, data }: TensorData): Read {
  if (type === 'float16' && data instanceof Uint16Array) return (i) => numberOfHalf(data[i] ?? NaN);
  return (i) => data[i] ?? NaN;
}

/** What the differences of all elements come to. */
class Differences {
  mismatches = 0;
  maxAbs = 0;
  maxRel = 0;
  private worstError = 0;
  worst = -1;
  private dot = 0;
  private actualSquares = 0;
  private expectedSquares = 0;

  /** @param tolerance undefined: each difference counts */
  constructor(private readonly tolerance: number | undefined) {}

  add(index: number, expected: Element, actual: Element): void {
    if (typeof expected === 'string' || typeof actual === 'string') {
      if (expected !== actual) this.note(index, 1, 0);
      return;
    }
    const [e, a] = [Number(expected), Number(actual)];
    if (Number.isFinite(e) && Number.isFinite(a)) {
      this.dot += e * a;
      this.expectedSquares += e * e;
      this.actualSquares += a * a;
    }
    // Object.is would tell 0 from −0.
    if (expected === actual || (Number.isNaN(e) && Number.isNaN(a))) return;
    const both = typeof expected === 'bigint' && typeof actual === 'bigint';
    const distance = Math.abs(both ? Number(expected - actual) : e - a);
    const difference = Number.isNaN(distance) ? Infinity : distance;
    if (e !== 0) this.maxRel = Math.max(this.maxRel, relative(difference, Math.abs(e)));
    this.note(index, relative(difference, Math.max(1, Math.abs(e))), difference);
  }

  get cosine(): number {
    const [e, a] = [this.expectedSquares, this.actualSquares];
    if (e === 0 || a === 0) return e === a ? 1 : 0;
    // The root of the product is exact for equal vectors, that of each does not overflow.
    const lengths = Number.isFinite(e * a) ? Math.sqrt(e * a) : Math.sqrt(e) * Math.sqrt(a);
    return Math.min(1, Math.max(-1, this.dot / lengths));
  }

  private note(index: number, error: number, difference: number): void {
    if (this.tolerance === undefined || error > this.tolerance) this.mismatches += 1;
    this.maxAbs = Math.max(this.maxAbs, difference);
    if (error <= this.worstError && this.worst >= 0) return;
    this.worstError = error;
    this.worst = index;
  }
}

/** Infinity by Infinity is further off than any number. */
const relative = (difference: number, size: number): number =>
  difference === Infinity ? Infinity : difference / size;

const shapeOf = ({ type, dims }: TensorData): string => `${type} [${dims.join(', ')}]`;

/** Place on each axis of the element at `index`, row by row. */
function place(index: number, dims: readonly number[]): number[] {
  let rest = index;
  return [...dims]
    .reverse()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .reverse();
}

const shown = (value: Element): string =>
  typeof value === 'number' ? String(value) : describe(value);

/** Four digits say it: this is read by people. */
const short = (value: number): string => String(Number(value.toPrecision(4)));

/**
 * Compares an output with what was expected. Floats match when |actual − expected| ≤ tolerance · max(1, |expected|); NaN
 * matches NaN, an infinity itself. Whole numbers, texts and truth values have to be equal.
 */
export function compareOutput(
  name: string,
  expected: TensorData,
  actual: TensorData,
  tolerance: number,
  known = 0,
): OutputComparison {
  const elements = expected.data.length;
  if (shapeOf(expected) !== shapeOf(actual) || elements !== actual.data.length) {
    const message = `output ${quoted(name)}: expected ${shapeOf(expected)}, received ${shapeOf(actual)}`;
    return { name, known, matches: false, message, elements, mismatches: elements };
  }
  const isReal = holdsReals(expected.type);
  const differences = new Differences(isReal ? tolerance : undefined);
  const [e, a] = [reader(expected), reader(actual)];
  for (let i = 0; i < elements; i += 1) differences.add(i, e(i), a(i));
  const { mismatches, maxAbs, maxRel, cosine } = differences;
  const numbers = expected.type === 'string' ? {} : { maxAbs, maxRel, cosine };
  const worst =
    differences.worst < 0
      ? undefined
      : {
          index: place(differences.worst, expected.dims),
          expected: e(differences.worst),
          actual: a(differences.worst),
        };
  const summary = { name, known, elements, mismatches, ...numbers, ...(worst && { worst }) };
  if (mismatches === 0 || !worst) return { ...summary, matches: true };
  const message =
    `output ${quoted(name)}: ${mismatches} of ${elements} elements differ` +
    (isReal ? ` by more than the tolerance ${tolerance}` : '') +
    `, most at [${worst.index.join(', ')}]: expected ${shown(worst.expected)}, received ${shown(worst.actual)}` +
    (expected.type === 'string'
      ? ''
      : `; max abs ${short(maxAbs)}, max rel ${short(maxRel)}, cosine ${short(cosine)}`);
  return { ...summary, matches: false, message };
}

/** The data of an output, wherever it is. What was on a device is given back. */
export async function dataOf(tensor: Tensor): Promise<TensorData> {
  const { type, dims } = tensor;
  const data =
    tensor.location === 'gpu-buffer' || tensor.location === 'ml-tensor'
      ? await tensor.getData(true)
      : tensor.data;
  return { type, dims, data };
}
