import type {
  ConstraintData,
  CoreBinding,
  RangeData,
  TensorData,
  ValueSignature,
} from './binding.js';
import { describe, quoted } from './describe.js';
import { InferError } from './error.js';
import { Faults, failureOf } from './fault.js';
import { bitsOfHalf } from './half.js';
import { isObject } from './option.js';
import { arrayOf, isReal, toTensor } from './tensor.js';
import type { Tensor } from './tensor.js';

/** The dimensions of each input, `{ input_ids: [1, 128], attention_mask: [1, 128] }`. */
export type WarmupShapes = Readonly<Record<string, readonly number[]>>;

/** What decides which shapes fit. */
interface Model {
  readonly binding: CoreBinding;
  readonly feedable: readonly ValueSignature[];
  readonly constraints: ConstraintData | undefined;
}

/**
 * Feeds of the shapes, made one by one: each may be large.
 *
 * @throws InferError INVALID_INPUT with all faults of all shapes, before the first feeds are made
 */
export function warmupFeeds(shapes: unknown, model: Model): Iterable<Record<string, Tensor>> {
  const faults = new Faults('INVALID_INPUT');
  if (Array.isArray(shapes)) {
    shapes.forEach((each: unknown, i) => {
      judge(each, `warmup[${i}]`, model, faults);
    });
  } else {
    const received = describe(shapes);
    faults.add('warmup', `expected an array of shapes for warmup, received ${received}`);
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the shapes of warmup do not fit the model', faults.list));
  }
  return made(shapes as readonly WarmupShapes[], model);
}

function* made(shapes: readonly WarmupShapes[], model: Model): Iterable<Record<string, Tensor>> {
  for (const each of shapes) {
    const feeds: Record<string, Tensor> = {};
    for (const { name, type } of model.feedable) {
      const dims = Object.hasOwn(each, name) ? each[name] : undefined;
      const values = model.constraints?.[name]?.['values'];
      if (!dims) continue;
      const data = filled(name, type, count(dims), values);
      feeds[name] = toTensor({ type, dims, data });
    }
    yield feeds;
  }
}

const count = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1);

/** What is wrong beside the form, the core says: it knows the model's names, ranks and limits. */
function judge(shapes: unknown, path: string, model: Model, faults: Faults): void {
  if (!isObject(shapes)) {
    const received = describe(shapes);
    faults.add(path, `expected an object of dimensions by input for ${path}, received ${received}`);
    return;
  }
  const malformed = new Set<string>();
  const signatures = Object.entries(shapes).map(([name, dims]) => {
    const signature = model.feedable.find((each) => each.name === name);
    const fault = formFault(dims, signature);
    if (fault !== undefined) {
      malformed.add(name);
      faults.add(`${path}.${name}`, `${path}: input ${quoted(name)}: ${fault}`);
    }
    const sizes = fault === undefined ? (dims as readonly number[]) : [];
    return { name, type: signature?.type ?? '', dims: sizes, length: count(sizes) };
  });
  const { binding, feedable, constraints } = model;
  for (const fault of binding.validateFeeds(feedable, signatures, constraints)) {
    if (malformed.has(fault.path)) continue;
    faults.add(`${path}.${fault.path}`, `${path}: ${fault.message}`);
  }
}

function formFault(dims: unknown, signature: ValueSignature | undefined): string | undefined {
  if (!Array.isArray(dims)) return `expected an array of dimensions, received ${describe(dims)}`;
  const wrong: unknown = dims.find((size) => !Number.isSafeInteger(size) || Number(size) < 0);
  if (wrong !== undefined) return `expected whole numbers ≥ 0, received ${describe(wrong)}`;
  if (signature && signature.type !== 'string' && !arrayOf(signature.type, 0)) {
    return `no ${signature.type} can be made of a shape; run() takes one`;
  }
  return undefined;
}

const MASK = /mask/i;

/** 1 for a mask (of zeros some models make NaN), 0 for all else: or what lies next to that within the limits. */
function valueOf(name: string, type: string, range: RangeData = {}): number {
  const { min = -Infinity, max = Infinity, multipleOf } = range;
  const nearest = Math.min(Math.max(MASK.test(name) ? 1 : 0, min), max);
  const step = multipleOf ?? (isReal(type) ? undefined : 1);
  if (step === undefined) return nearest;
  const steps = Math.ceil(nearest / step);
  if (isReal(type)) return steps * step;
  // Of 2.5 every second multiple is a whole number.
  for (let more = 0; more < 1_000; more += 1) {
    if (Number.isInteger((steps + more) * step)) return (steps + more) * step;
  }
  return 0;
}

function filled(
  name: string,
  type: TensorData['type'],
  length: number,
  range: RangeData | undefined,
): TensorData['data'] {
  const value = valueOf(name, type, range);
  try {
    if (type === 'string') return new Array<string>(length).fill('');
    const array = arrayOf(type, length);
    if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
      return array.fill(BigInt(value));
    }
    if (array) return array.fill(type === 'float16' ? bitsOfHalf(value) : value);
  } catch (error) {
    throw new InferError(
      {
        code: 'LIMIT_EXCEEDED',
        message: `no memory for the ${length} elements of ${type} that warmup asks for input ${quoted(name)}`,
      },
      { cause: error },
    );
  }
  throw new Error(`no array for ${type}`);
}
