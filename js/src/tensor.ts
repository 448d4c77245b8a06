import { Tensor } from 'onnxruntime-common';
import type { FeedSignature, TensorData } from './binding.js';
import { describe, quoted } from './describe.js';
import { Faults } from './fault.js';
import { isObject } from './option.js';

export { Tensor };

/** A tensor whose data is not in JavaScript's memory. Its owner is the only one who can read it. */
export interface DeviceTensor {
  readonly type: Tensor.Type;
  readonly dims: readonly number[];
  readonly device: Tensor;
}

/** A tensor, as a run takes and gives it. */
export type AnyTensor = TensorData | DeviceTensor;

/** A sequence as a feed; its type is `sequence<float32>`. */
export interface SequenceFeed {
  readonly type: string;
  readonly elements: readonly TensorData[];
}

/** What a run takes. */
export type AnyFeed = AnyTensor | SequenceFeed;

export function isSequence(feed: AnyFeed): feed is SequenceFeed {
  return 'elements' in feed;
}

export function isOnDevice(tensor: AnyFeed): tensor is DeviceTensor {
  return 'device' in tensor;
}

/** Feeds after the checks of their form; whether they fit the model, the core says. */
export interface CheckedFeeds {
  readonly tensors: Readonly<Record<string, AnyFeed>>;
  readonly faults: Faults;
}

interface TensorLike {
  readonly type: unknown;
  readonly dims: readonly number[];
  readonly data: Tensor.DataType;
}

/**
 * A tensor of any realm and of any copy of onnxruntime-common: told by its fields. Names of inputs are quoted as the
 * core does.
 */
function readTensor(
  name: string,
  value: unknown,
  locations: readonly string[],
  faults: Faults,
): AnyTensor | undefined {
  const input = (): string => quoted(name);
  if (!isObject(value) || !('type' in value) || !Array.isArray(value['dims'])) {
    const hint =
      ArrayBuffer.isView(value) || Array.isArray(value)
        ? ': wrap it, new Tensor(type, data, dims)'
        : '';
    faults.add(name, `expected a Tensor for input ${input()}, received ${describe(value)}${hint}`);
    return undefined;
  }
  const location = 'location' in value ? value['location'] : 'cpu';
  if (location === 'none') {
    faults.add(name, `expected a Tensor for input ${input()}, received one that was disposed`);
    return undefined;
  }
  if (location !== 'cpu' && locations.includes(location as string)) {
    const { type, dims } = value as unknown as TensorLike;
    return { type: String(type) as Tensor.Type, dims, device: value as unknown as Tensor };
  }
  if (location !== 'cpu' && location !== 'cpu-pinned') {
    faults.add(
      name,
      `expected a Tensor on the CPU for input ${input()}, received one at ${describe(location)}: ` +
        'await tensor.getData() brings it',
    );
    return undefined;
  }
  const { type, dims, data } = value as unknown as TensorLike;
  if (!ArrayBuffer.isView(data) && !Array.isArray(data)) {
    faults.add(name, `expected data for input ${input()}, received ${describe(data)}`);
    return undefined;
  }
  if (Array.isArray(data)) {
    const wrong = data.findIndex((element) => typeof element !== 'string');
    if (wrong >= 0) {
      const received = describe(data[wrong]);
      faults.add(
        name,
        `expected strings for input ${input()}, received ${received} at index ${wrong}`,
      );
      return undefined;
    }
  }
  return { type: String(type) as Tensor.Type, data: bits(plainBytes(data)), dims };
}

/** Node's Buffer is a Uint8Array whose slice() is no copy. */
function plainBytes(data: Tensor.DataType): Tensor.DataType {
  if (!(data instanceof Uint8Array) || data.constructor === Uint8Array) return data;
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

/** float16 travels as its bits: engines that have Float16Array would turn them into other numbers when they copy. */
export function bits<T>(data: T): T | Uint16Array {
  // Most are told at once; Float16Array is not everywhere, and may be of another realm.
  if (data instanceof Float32Array || data instanceof BigInt64Array) return data;
  if (Object.prototype.toString.call(data) !== '[object Float16Array]') return data;
  const { buffer, byteOffset, byteLength } = data as ArrayBufferView;
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

/** An array of Tensors on the CPU; what is none of those is told as for a feed. */
function readSequence(
  name: string,
  values: readonly unknown[],
  faults: Faults,
): SequenceFeed | undefined {
  const elements: TensorData[] = [];
  for (const value of values) {
    const element = readTensor(name, value, [], faults);
    if (!element || isOnDevice(element)) return undefined;
    elements.push(element);
  }
  const types = new Set(elements.map(({ type }) => type));
  return { type: `sequence<${[...types].join(', ')}>`, elements };
}

/** What a runtime takes beside tensors on the CPU. */
export interface Taken {
  /** Where else they may be, in onnxruntime-common's words. */
  readonly locations: readonly string[];
  /** Arrays of tensors. */
  readonly sequences: boolean;
}

/** Reads all feeds; what is no usable tensor becomes a fault. */
export function readFeeds(feeds: unknown, { locations, sequences }: Taken): CheckedFeeds {
  const faults = new Faults('INVALID_INPUT');
  const tensors: Record<string, AnyFeed> = {};
  if (!isObject(feeds) || ('type' in feeds && 'dims' in feeds && 'data' in feeds)) {
    const received = isObject(feeds) ? 'a Tensor' : describe(feeds);
    faults.add(
      'feeds',
      `expected an object of Tensors by input name for feeds, received ${received}`,
    );
    return { tensors, faults };
  }
  for (const name of Object.keys(feeds)) {
    const value = feeds[name];
    // onnxruntime counts an input that is undefined as missing; the core then says so.
    if (value === undefined) continue;
    const feed =
      sequences && Array.isArray(value) && value.every(isObject)
        ? readSequence(name, value, faults)
        : readTensor(name, value, locations, faults);
    if (feed) tensors[name] = feed;
  }
  return { tensors, faults };
}

/** What the core's validation sees of a feed. WebAssembly copies the data, so it goes along only where it is looked at. */
export function feedSignature(name: string, tensor: AnyFeed, withData: boolean): FeedSignature {
  if (isSequence(tensor)) return { name, type: tensor.type, dims: [], length: 0 };
  const { type, dims } = tensor;
  if (isOnDevice(tensor)) {
    const elements = dims.reduce((a, b) => a * b, 1);
    const length = type === 'uint4' || type === 'int4' ? Math.ceil(elements / 2) : elements;
    return { name, type, dims, length };
  }
  const { data } = tensor;
  const signature = { name, type, dims, length: data.length };
  return withData && ArrayBuffer.isView(data) ? { ...signature, data: data } : signature;
}

/** For a run that waits: the caller may change its arrays meanwhile. What is on a device stays where it is. */
export function ownFeeds<Feed extends AnyFeed>(
  feeds: Readonly<Record<string, Feed>>,
): Readonly<Record<string, Feed>> {
  const own = <Data extends TensorData>(tensor: Data): Data => ({
    ...tensor,
    data: tensor.data.slice(),
  });
  const copies = Object.entries(feeds).map(([name, feed]) => {
    if (isOnDevice(feed)) return [name, feed];
    return [name, isSequence(feed) ? { ...feed, elements: feed.elements.map(own) } : own(feed)];
  });
  return Object.fromEntries(copies) as typeof feeds;
}

type NumericArray = Exclude<Tensor.DataType, string[]>;
interface ArrayClass {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
  readonly BYTES_PER_ELEMENT: number;
}

const ARRAYS: Readonly<Record<string, ArrayClass | undefined>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint4: Uint8Array,
  int4: Uint8Array,
};

/** Does it hold floats? Other numbers are whole. */
export function isReal(type: string): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16';
}

/** Zeros; undefined for a type that no typed array holds element by element. */
export function arrayOf(type: string, length: number): NumericArray | undefined {
  const Class = type === 'uint4' || type === 'int4' ? undefined : ARRAYS[type];
  return Class && new Class(new ArrayBuffer(length * Class.BYTES_PER_ELEMENT), 0, length);
}

/**
 * The type of the tensors that hold elements of `type`: its own, but for bfloat16, which onnxruntime-common has no type for.
 * Undefined for what no tensor holds: sequences, maps, 8-bit floats.
 */
export function tensorTypeOf(type: string): Tensor.Type | undefined {
  if (type === 'bfloat16') return 'uint16';
  return type === 'string' || type in ARRAYS ? (type as Tensor.Type) : undefined;
}

/** A typed array that is an instance of this realm's class, over the same memory. */
function local(type: string, data: Tensor.DataType): Tensor.DataType {
  const Class = ARRAYS[type];
  if (!Class || Array.isArray(data) || data instanceof Class) return data;
  const { buffer, byteOffset, length } = data;
  return new Class(buffer, byteOffset, length);
}

/** onnxruntime-common's Tensor over the data, without a copy. */
export function toTensor(tensor: AnyTensor): Tensor {
  if (isOnDevice(tensor)) return tensor.device;
  const { data, dims } = tensor;
  const type = tensorTypeOf(tensor.type) ?? tensor.type;
  return new Tensor(type, local(type, data), [...dims]);
}

function bytesOf({ buffer, byteOffset, byteLength }: NumericArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Why an output can't be written into the tensor that the caller brought for it; undefined when it can. */
export function misfit(target: Tensor, output: AnyTensor): string | undefined {
  const { location = 'cpu' } = target as Partial<Tensor>;
  if (location !== 'cpu' && location !== 'cpu-pinned') {
    return `expected a Tensor on the CPU to write into, received one at ${describe(location)}`;
  }
  if (isOnDevice(output)) {
    return 'preferredOutputLocation leaves it on the device: name it in fetches without a tensor';
  }
  const shape = ({ type, dims }: Tensor | TensorData) =>
    `${tensorTypeOf(type) ?? type} [${dims.join(', ')}]`;
  if (shape(target) !== shape(output) || target.data.length !== output.data.length) {
    return `expected a Tensor of ${shape(output)}, received ${shape(target)}`;
  }
  return undefined;
}

/** Writes an output into a tensor that it fits. */
export function writeInto(target: Tensor, output: AnyTensor): void {
  if (isOnDevice(output)) return;
  if (Array.isArray(target.data)) {
    const strings = output.data as string[];
    for (let i = 0; i < strings.length; i += 1) target.data[i] = strings[i] ?? '';
  } else {
    // Byte by byte: the same type may come in different classes (float16).
    bytesOf(target.data).set(bytesOf(output.data as NumericArray));
  }
}
