/** Tensors for a model that nobody gave any: made from its signature, the same for the same seed. */
import type { Tensor } from 'onnxruntime-common';
import type { ConstraintData, RangeData, ValueSignature } from '../binding.js';
import { quoted } from '../describe.js';
import { InferError } from '../error.js';
import { Faults, failureOf } from '../fault.js';
import { bitsOfHalf } from '../half.js';
import { arrayOf, isReal, toTensor } from '../tensor.js';
import { Random } from './random.js';

export type Feeds = Readonly<Record<string, Tensor>>;

/** What is known of a model's inputs. */
export interface InputSignature {
  /** Those that a run needs. */
  readonly inputs: readonly ValueSignature[];
  readonly constraints: ConstraintData;
}

/** What the user says of them. */
export interface InputWishes {
  /** Tensors that stand as they are. */
  readonly given: Feeds;
  /** Sizes of free dimensions, by their names. */
  readonly dimensions: Readonly<Record<string, number>>;
  /** Ids go from 0 to one less, where neither config.json nor the graph says it. */
  readonly vocabularySize: number | undefined;
  readonly seed: number;
}

export interface Sizes {
  readonly batch: number | null;
  readonly sequence: number | null;
}

/** What a dimension of an input is for. */
type Role = 'batch' | 'sequence' | number | undefined;

const BATCH = /^(batch(_?size)?|b|n)$/i;
const SEQUENCE =
  /^(seq(uence)?(_?len(gth)?)?|(encoder_)?sequence_length|tokens?|num_tokens|length|len|t|l)$/i;
const WHOLE = /^u?int(8|16|32|64)$/;

export function roleOf(
  { dims, type }: ValueSignature,
  axis: number,
  dimensions: InputWishes['dimensions'],
): Role {
  const size = dims[axis];
  if (typeof size === 'number') return size;
  if (size !== undefined && Object.hasOwn(dimensions, size)) return dimensions[size];
  if (size !== undefined && BATCH.test(size)) return 'batch';
  if (size !== undefined && SEQUENCE.test(size)) return 'sequence';
  if (axis === 0) return 'batch';
  return axis === 1 && dims.length === 2 && WHOLE.test(type) ? 'sequence' : undefined;
}

/** The inputs that are to be made. */
export function missing({ inputs }: InputSignature, { given }: InputWishes): ValueSignature[] {
  return inputs.filter(({ name }) => !Object.hasOwn(given, name));
}

/**
 * @throws InferError INVALID_INPUT that names each input that can't be guessed, and what is not known of it
 */
export function expectGuessable(signature: InputSignature, wishes: InputWishes): void {
  const faults = new Faults('INVALID_INPUT');
  for (const input of missing(signature, wishes)) {
    const reasons = [...unknownSizes(input, wishes), ...unknownValues(input, signature, wishes)];
    if (reasons.length === 0) continue;
    const shape = input.dims.map((size) => (size === '' ? '?' : size)).join(', ');
    faults.add(
      input.name,
      `input ${quoted(input.name)} (${input.type} [${shape}]): ${reasons.join('; ')}`,
    );
  }
  if (faults.list.length === 0) return;
  throw new InferError(
    failureOf(
      'inputs that can not be guessed from the model',
      faults.list,
      'inputs: { name: tensor } gives them as they are (--inputs FILE.json), dimensions: { name: size } sizes of free ' +
        'dimensions (--dimension name=size), vocabularySize the range of ids (--vocabulary N)',
    ),
  );
}

function unknownSizes(input: ValueSignature, { dimensions }: InputWishes): string[] {
  const names = input.dims.flatMap((size, axis) =>
    roleOf(input, axis, dimensions) === undefined
      ? [size === '' ? `axis ${axis}` : quoted(String(size))]
      : [],
  );
  return names.length === 0 ? [] : [`the size of ${names.join(' and ')} is not known`];
}

function unknownValues(
  input: ValueSignature,
  signature: InputSignature,
  wishes: InputWishes,
): string[] {
  if (kindOf(input, signature, wishes) !== undefined) return [];
  if (input.type === 'string') return ['no texts are known for it'];
  if (input.type === 'bool') return ['whether it is true is not known'];
  if (!WHOLE.test(input.type)) return [`no values of ${input.type} can be made`];
  return ['which numbers it takes is not known'];
}

/** How its elements are made; undefined where that can't be guessed. */
type Kind = 'ones' | 'zeros' | 'ascending' | 'real' | RangeData;

const IDS = /(^|_)(ids?|tokens?|input)$/i;
/** Such data are pixels or samples, and take each value of their type. */
const BYTES: Readonly<Record<string, RangeData>> = {
  uint8: { min: 0, max: 255 },
  int8: { min: -128, max: 127 },
};

function kindOf(
  { name, type }: ValueSignature,
  { constraints }: InputSignature,
  { vocabularySize }: InputWishes,
): Kind | undefined {
  if (type === 'string' || !arrayOf(type, 0)) return undefined;
  if (/mask/i.test(name)) return 'ones';
  if (/token_type|segment/i.test(name)) return 'zeros';
  if (/position/i.test(name)) return 'ascending';
  if (isReal(type)) return 'real';
  const known = constraints[name]?.['values'];
  if (known?.max !== undefined) return known;
  if (!WHOLE.test(type)) return undefined;
  if (vocabularySize !== undefined && IDS.test(name)) return { min: 0, max: vocabularySize - 1 };
  return BYTES[type];
}

/** All feeds of a run, those that were given among them. The signature was found guessable. */
export function makeFeeds(signature: InputSignature, wishes: InputWishes, sizes: Sizes): Feeds {
  const feeds: Record<string, Tensor> = { ...wishes.given };
  for (const input of missing(signature, wishes)) {
    const dims = dimsOf(input, wishes, sizes);
    feeds[input.name] = toTensor({
      type: input.type,
      dims,
      data: dataOf(input, dims, signature, wishes),
    });
  }
  return feeds;
}

export function dimsOf(
  input: ValueSignature,
  { dimensions }: InputWishes,
  { batch, sequence }: Sizes,
): number[] {
  return input.dims.map((_, axis) => {
    const role = roleOf(input, axis, dimensions);
    return role === 'batch' ? (batch ?? 1) : role === 'sequence' ? (sequence ?? 1) : (role ?? 1);
  });
}

function dataOf(
  input: ValueSignature,
  dims: readonly number[],
  signature: InputSignature,
  wishes: InputWishes,
): Tensor.DataType {
  const length = dims.reduce((product, size) => product * size, 1);
  const array = arrayOf(input.type, length);
  const kind = kindOf(input, signature, wishes);
  if (!array || kind === undefined) throw new Error(`no elements for ${input.name}`);
  const random = new Random(wishes.seed, `${input.name} ${dims.join('x')}`);
  const width = dims.at(-1) ?? 1;
  const range = signature.constraints[input.name]?.['values'] ?? {};
  const element = elementOf(kind, width, range, random);
  const half = input.type === 'float16';
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    for (let i = 0; i < length; i += 1) array[i] = BigInt(element(i));
  } else {
    for (let i = 0; i < length; i += 1) array[i] = half ? bitsOfHalf(element(i)) : element(i);
  }
  return array;
}

function elementOf(
  kind: Kind,
  width: number,
  limits: RangeData,
  random: Random,
): (index: number) => number {
  if (kind === 'ones') return () => 1;
  if (kind === 'zeros') return () => 0;
  if (kind === 'ascending') return (index) => index % width;
  if (kind === 'real') {
    const { min = -1, max = Math.max(1, min) } = limits;
    return () => min + random.next() * (max - min);
  }
  // Rows of a table count from its end, too, where they are negative: ids are the others.
  const { min = 0, max = min } = kind;
  const least = min === -max - 1 ? 0 : min;
  return () => random.whole(least, max);
}
