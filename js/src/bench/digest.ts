import type { TensorData } from '../binding.js';
import { compareOutput } from '../compare_outputs.js';
import { numberOfHalf } from '../half.js';
import type { Dtype } from '../model_folder.js';
import { isReal } from '../tensor.js';

export type Outputs = Readonly<Record<string, TensorData>>;

/** How one output differs from the reference's. A number that is not finite is absent. */
export interface OutputDigest {
  readonly name: string;
  readonly matches: boolean;
  readonly maxAbs?: number;
  readonly maxRel?: number;
  /** Of the item (along the first axis) whose direction differs most. */
  readonly cosine?: number;
  /** Share of rows (along the last axis) whose greatest element is the same one. */
  readonly argmax?: number;
  /** Share of elements that differ by more than the tolerance. */
  readonly mismatches: number;
  /** What does not match, in words. */
  readonly message?: string;
}

/** Whether a configuration computes what the reference does. */
export interface Digest {
  readonly matches: boolean;
  /** By which it was judged: elements within `tolerance`, or vectors with a cosine of `minCosine` at least. */
  readonly tolerance: number;
  readonly minCosine?: number;
  readonly outputs: readonly OutputDigest[];
}

export interface Judgement {
  readonly tolerance: number;
  readonly minCosine: number | undefined;
}

/** Where a file holds fewer bits, its elements differ: then the direction of the outputs counts. */
const COSINES: Readonly<Record<Exclude<Dtype, 'fp32'>, number>> = {
  fp16: 0.999,
  q8: 0.95,
  q4: 0.9,
};
const TOLERANCE = 1e-3;

export function judgementFor(
  dtype: Dtype | null,
  { tolerance, minCosine }: { tolerance?: number | undefined; minCosine?: number | undefined },
): Judgement {
  const reduced = dtype === null || dtype === 'fp32' ? undefined : COSINES[dtype];
  const cosine = minCosine ?? (tolerance === undefined ? reduced : undefined);
  return { tolerance: tolerance ?? TOLERANCE, minCosine: cosine };
}

/** Compares what two configurations made of the same inputs. */
export function digestOf(expected: Outputs, actual: Outputs, judgement: Judgement): Digest {
  const outputs = Object.entries(expected).map(([name, reference]) => {
    const output = actual[name];
    if (output) return outputDigest(name, reference, output, judgement);
    return { name, matches: false, mismatches: 1, message: 'the output is not there' };
  });
  const { tolerance, minCosine } = judgement;
  return {
    // Nothing that could be compared is nothing that is right.
    matches: outputs.length > 0 && outputs.every(({ matches }) => matches),
    tolerance,
    ...(minCosine !== undefined && { minCosine }),
    outputs,
  };
}

function outputDigest(
  name: string,
  expected: TensorData,
  actual: TensorData,
  { tolerance, minCosine }: Judgement,
): OutputDigest {
  const compared = compareOutput(name, expected, actual, tolerance);
  const { elements, mismatches, maxAbs, maxRel } = compared;
  const comparable = maxAbs !== undefined || expected.type === 'string';
  const real = isReal(expected.type);
  const cosine = real && comparable ? leastCosine(expected, actual) : compared.cosine;
  const finite = (key: string, value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? { [key]: value } : {};
  // Infinity: one side is NaN or infinite where the other is not, which no cosine sees.
  const near =
    minCosine !== undefined && comparable
      ? real
        ? (cosine ?? 0) >= minCosine && maxAbs !== Infinity
        : mismatches <= elements * (1 - minCosine)
      : compared.matches;
  const rows = real && comparable ? argmaxAgreement(expected, actual) : undefined;
  const reason =
    minCosine !== undefined && comparable
      ? `output ${JSON.stringify(name)}: expected a cosine of at least ${minCosine}, received ${String(cosine)}`
      : compared.message;
  return {
    name,
    matches: near,
    ...finite('maxAbs', maxAbs),
    ...finite('maxRel', maxRel),
    ...finite('cosine', cosine),
    ...(rows !== undefined && { argmax: rows }),
    mismatches: elements === 0 ? 0 : mismatches / elements,
    ...(!near && reason !== undefined && { message: reason }),
  };
}

/** One item among many is seen in a cosine of its own alone. */
function leastCosine(expected: TensorData, actual: TensorData): number | undefined {
  const items = expected.dims.length > 1 ? (expected.dims[0] ?? 1) : 1;
  const length = items === 0 ? 0 : expected.data.length / items;
  let least: number | undefined;
  for (let item = 0; item < items && length > 0; item += 1) {
    const cosine = cosineOf(expected, actual, item * length, length);
    least = Math.min(least ?? 1, cosine);
  }
  return least;
}

/** Of two vectors of zeros 1, of one 0. */
function cosineOf(a: TensorData, b: TensorData, from: number, length: number): number {
  let [product, first, second] = [0, 0, 0];
  for (let i = from; i < from + length; i += 1) {
    const [x, y] = [numberAt(a, i), numberAt(b, i)];
    product += x * y;
    first += x * x;
    second += y * y;
  }
  if (first === 0 && second === 0) return 1;
  const cosine = product / Math.sqrt(first * second);
  return Number.isFinite(cosine) ? cosine : 0;
}

function numberAt({ type, data }: TensorData, i: number): number {
  const value = Number(data[i]);
  return type === 'float16' && data instanceof Uint16Array ? numberOfHalf(value) : value;
}

/** Undefined where rows have one element. */
function argmaxAgreement(expected: TensorData, actual: TensorData): number | undefined {
  const width = expected.dims.at(-1) ?? 1;
  const rows = width > 1 ? expected.data.length / width : 0;
  if (rows === 0) return undefined;
  let same = 0;
  for (let row = 0; row < rows; row += 1) {
    if (argmax(expected, row * width, width) === argmax(actual, row * width, width)) same += 1;
  }
  return same / rows;
}

function argmax(tensor: TensorData, from: number, width: number): number {
  let best = 0;
  let most = -Infinity;
  for (let i = 0; i < width; i += 1) {
    const number = numberAt(tensor, from + i);
    if (number > most) [best, most] = [i, number];
  }
  return best;
}
