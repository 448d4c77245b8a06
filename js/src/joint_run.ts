import type { TensorData, ValueSignature } from './binding.js';
import { bitsOfHalf } from './half.js';
import { isOnDevice, isSequence } from './tensor.js';
import type { AnyFeed } from './tensor.js';
import { isTensorValue } from './value.js';
import type { AnyValue } from './value.js';

/** What one caller feeds, and where it lies in a run that several share. */
export interface Share {
  readonly tensors: Readonly<Record<string, AnyFeed>>;
  /** Size of the first axis. */
  readonly rows: number;
  /** The longest of the free axes behind the first: tokens of a row, as a rule. */
  readonly length: number;
  /** Shares with the same key may run together. undefined: alone. */
  readonly key: string | undefined;
}

/** What stands where a shorter one ends: a number, or "" in lists of texts. By input; false: nothing is padded. */
export type Padding = Readonly<Record<string, number>> | false;

type Elements = TensorData['data'];

/** What it is 0 in counts for nothing. */
const MASK = 'attention_mask';
const NO_AXES: ReadonlySet<string> = new Set();

const isNamed = (dim: number | string | undefined): dim is string =>
  typeof dim === 'string' && dim !== '';
/** Free axes behind the first that have a name. */
const axesOf = ({ dims }: ValueSignature): string[] => dims.slice(1).filter(isNamed);
/** Larger values that all rows share are not compared. */
const MOST_COMPARED = 64;

/**
 * Joins feeds of several callers along the first axis, and splits what the model makes of them. The batch is the axis that
 * the first input with a name for its first axis begins with; inputs that begin otherwise are the same for all. Shorter
 * ones are padded along the axes of the attention mask, if one is fed, and of the inputs that `padding` names, and what
 * becomes of the padding is cut off again.
 */
export class JointRun {
  readonly #batch: string;
  readonly #joined: readonly ValueSignature[];
  readonly #outputs: ReadonlyMap<string, ValueSignature>;
  /** Axes behind the first that inputs name. */
  readonly #names: ReadonlySet<string>;

  constructor(
    inputs: readonly ValueSignature[],
    outputs: readonly ValueSignature[],
    private readonly padding: Padding,
  ) {
    const first = inputs.find(({ dims }) => isNamed(dims[0]));
    this.#batch = String(first?.dims[0] ?? '');
    this.#joined = inputs.filter(({ dims }) => isNamed(dims[0]) && dims[0] === this.#batch);
    this.#outputs = new Map(outputs.map((output) => [output.name, output]));
    this.#names = new Set(this.#joined.flatMap(axesOf));
  }

  /** Inputs that begin with the batch; without one nothing can be joined. */
  get inputs(): readonly string[] {
    return this.#joined.map(({ name }) => name);
  }

  share(tensors: Share['tensors'], fetches: readonly string[], settings = ''): Share {
    const rows = dimsOf(tensors[this.#joined[0]?.name ?? ''])[0] ?? 1;
    const padded = this.#paddedAxes(tensors, fetches);
    let length = 1;
    let key = this.#hasRows(fetches) ? JSON.stringify([settings, [...fetches].sort()]) : undefined;
    for (const name of Object.keys(tensors).sort()) {
      const tensor = tensors[name] as AnyFeed;
      const input = this.#joined.find((each) => each.name === name);
      const part = input ? joinedKey(input, tensor, rows, padded) : sharedKey(tensor);
      key = part === undefined || key === undefined ? undefined : `${key};${name}:${part}`;
      input?.dims.slice(1).forEach((dim, i) => {
        if (typeof dim === 'string') length = Math.max(length, dimsOf(tensor)[i + 1] ?? 1);
      });
    }
    return { tensors, rows, length, key };
  }

  /** The feeds of shares with one key. */
  join(shares: readonly Share[]): Share['tensors'] {
    const [first] = shares;
    if (!first || shares.length === 1) return first?.tensors ?? {};
    const feeds: Record<string, AnyFeed> = { ...first.tensors };
    for (const { name } of this.#joined) {
      const parts = shares.flatMap(
        ({ tensors }) => (tensors[name] as TensorData | undefined) ?? [],
      );
      if (parts.length > 0) feeds[name] = joined(parts, (this.padding || {})[name] ?? 0);
    }
    return feeds;
  }

  /** undefined where an output has not as many rows as all shares together: then it is nobody's. */
  split(
    shares: readonly Share[],
    outputs: Readonly<Record<string, AnyValue>>,
  ): Record<string, AnyValue>[] | undefined {
    if (shares.length === 1) return [{ ...outputs }];
    const total = shares.reduce((sum, { rows }) => sum + rows, 0);
    const results = shares.map((): Record<string, AnyValue> => ({}));
    for (const [name, output] of Object.entries(outputs)) {
      const signature = this.#outputs.get(name)?.dims ?? [];
      if (!isTensorValue(output) || isOnDevice(output) || output.dims[0] !== total)
        return undefined;
      let start = 0;
      shares.forEach((share, i) => {
        const own = output.dims.slice(1).map((size, axis) => {
          const dim = signature[axis + 1];
          return isNamed(dim) ? Math.min(size, this.#sizeOf(share, dim) ?? size) : size;
        });
        (results[i] as Record<string, AnyValue>)[name] = cut(output, start, [share.rows, ...own]);
        start += share.rows;
      });
    }
    return results;
  }

  /** Is the first axis of each of these outputs the batch, and none behind it? Nor any axis of an input behind its first. */
  #hasRows(fetches: readonly string[]): boolean {
    const outputs = fetches.map((name) => this.#outputs.get(name)?.dims ?? []);
    return (
      outputs.every((dims) => dims[0] === this.#batch && !dims.includes(this.#batch, 1)) &&
      !this.#names.has(this.#batch)
    );
  }

  /** None where an output has a free axis that no input names: then nobody could tell what padding became of. */
  #paddedAxes(tensors: Share['tensors'], fetches: readonly string[]): ReadonlySet<string> {
    const { padding } = this;
    const free = fetches
      .flatMap((name) => this.#outputs.get(name)?.dims.slice(1) ?? [])
      .filter((dim) => typeof dim === 'string');
    if (padding === false || !free.every((dim) => this.#names.has(dim))) return NO_AXES;
    const pads = this.#joined.filter(
      ({ name }) => Object.hasOwn(padding, name) || (name === MASK && Object.hasOwn(tensors, MASK)),
    );
    return new Set(pads.flatMap(axesOf));
  }

  /** The size that a share gives a named axis. */
  #sizeOf({ tensors }: Share, name: string): number | undefined {
    for (const input of this.#joined) {
      const axis = input.dims.indexOf(name, 1);
      const size = dimsOf(tensors[input.name])[axis];
      if (axis > 0 && size !== undefined) return size;
    }
    return undefined;
  }
}

const dimsOf = (feed: AnyFeed | undefined): readonly number[] =>
  feed && !isSequence(feed) ? feed.dims : [];

/** Of an input that is joined: what has to be equal. */
function joinedKey(
  { dims }: ValueSignature,
  tensor: AnyFeed,
  rows: number,
  padded: ReadonlySet<string>,
): string | undefined {
  if (isSequence(tensor) || isOnDevice(tensor)) return undefined;
  // Elements of 4 bits lie two in a byte: rows may begin inside one.
  if (tensor.data.length !== product(tensor.dims)) return undefined;
  if (tensor.dims[0] !== rows || rows === 0) return undefined;
  const fixed = tensor.dims.slice(1).map((size, i) => {
    const dim = dims[i + 1];
    return isNamed(dim) && padded.has(dim) ? '*' : size;
  });
  return `${tensor.type}[${fixed.join()}]`;
}

/** Of an input that all rows share: its values. */
function sharedKey(tensor: AnyFeed): string | undefined {
  if (isSequence(tensor) || isOnDevice(tensor)) return undefined;
  if (tensor.data.length > MOST_COMPARED) return undefined;
  const values = Array.from(tensor.data as ArrayLike<unknown>, (value) =>
    // JSON has no −0, NaN or 64-bit integers.
    Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value),
  );
  return `${tensor.type}[${tensor.dims.join()}]=${values.join()}`;
}

const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

function joined(parts: readonly TensorData[], pad: number): TensorData {
  const [first] = parts;
  if (!first) throw new Error('nothing to join');
  const { type, dims } = first;
  const inner = dims
    .slice(1)
    .map((_, i) => Math.max(...parts.map((part) => part.dims[i + 1] ?? 0)));
  const rows = parts.reduce((sum, part) => sum + (part.dims[0] ?? 0), 0);
  const all = like(first, product([rows, ...inner]), pad);
  let start = 0;
  for (const part of parts) {
    copyBlock(part.data, part.dims, 0, all, [rows, ...inner], start, part.dims);
    start += (part.dims[0] ?? 0) * product(inner);
  }
  return { type, dims: [rows, ...inner], data: all };
}

/** The first `dims[1…]` of rows from `start` on. */
function cut(output: TensorData, start: number, dims: number[]): TensorData {
  const { type, data, dims: whole } = output;
  const offset = start * product(whole.slice(1));
  const size = product(dims);
  if (dims.slice(1).every((own, i) => own === whole[i + 1])) {
    return { type, dims, data: data.slice(offset, offset + size) };
  }
  const part = like(output, size, 0);
  copyBlock(data, whole, offset, part, dims, 0, dims);
  return { type, dims, data: part };
}

/** An array of the same class: `pad` everywhere, and "" in lists of texts. */
function like({ type, data }: TensorData, length: number, pad: number): Elements {
  if (Array.isArray(data)) return new Array<string>(length).fill('');
  const Class = data.constructor as new (length: number) => Exclude<Elements, string[]>;
  const made = new Class(length);
  if (pad !== 0) {
    if (made instanceof BigInt64Array || made instanceof BigUint64Array) made.fill(BigInt(pad));
    else made.fill(type === 'float16' ? bitsOfHalf(pad) : pad);
  }
  return made;
}

/** Copies a block of `dims` from one array of numbers to another, which lie in larger ones as `fromDims` and `toDims` say. */
function copyBlock(
  from: Elements,
  fromDims: readonly number[],
  fromStart: number,
  to: Elements,
  toDims: readonly number[],
  toStart: number,
  dims: readonly number[],
): void {
  // The innermost axes that are whole on both sides are one run of elements.
  let axis = dims.length - 1;
  let run = dims[axis] ?? 1;
  while (axis > 0 && fromDims[axis] === dims[axis] && toDims[axis] === dims[axis]) {
    axis -= 1;
    run *= dims[axis] ?? 1;
  }
  const outer = dims.slice(0, Math.max(axis, 0));
  const visit = (depth: number, source: number, target: number): void => {
    if (depth === outer.length) {
      copyRun(from, source, to, target, run);
      return;
    }
    const sourceStep = product(fromDims.slice(depth + 1));
    const targetStep = product(toDims.slice(depth + 1));
    for (let i = 0; i < (outer[depth] ?? 0); i += 1) {
      visit(depth + 1, source + i * sourceStep, target + i * targetStep);
    }
  };
  visit(0, fromStart, toStart);
}

function copyRun(
  from: Elements,
  source: number,
  to: Elements,
  target: number,
  count: number,
): void {
  if (Array.isArray(from) || Array.isArray(to)) {
    for (let i = 0; i < count; i += 1) to[target + i] = from[source + i] as never;
  } else {
    (to as Float32Array).set((from as Float32Array).subarray(source, source + count), target);
  }
}
