import type { Tensor } from 'onnxruntime-common';
import type { MapData, TensorData, ValueData } from './binding.js';
import { isOnDevice, toTensor } from './tensor.js';
import type { AnyTensor } from './tensor.js';

/** A map of ONNX, by its keys: bigint for int64, as a BigInt64Array has them. */
export type MapValue = ReadonlyMap<bigint | string, bigint | number | string>;

/** Feeds by their names: Tensors, and arrays of them for inputs that are sequences. */
export type FeedValues = Readonly<Record<string, Tensor | readonly Tensor[]>>;

/** What an output can be: a Tensor, a map, or a sequence of those as an array. */
export type OutputValue = Tensor | MapValue | readonly OutputValue[];

/** Outputs by their names. */
export type OutputValues = Readonly<Record<string, OutputValue>>;

/** What a run gives. */
export type AnyValue = AnyTensor | ValueData;

export function isTensorValue(value: AnyValue): value is AnyTensor {
  return !Array.isArray(value) && 'dims' in value;
}

function isMap(value: ValueData): value is MapData {
  return 'keys' in value && !Array.isArray(value);
}

/** As the user gets it; tensors without a copy. */
export function toValue(value: AnyValue): OutputValue {
  if (isTensorValue(value)) return toTensor(value);
  if (isMap(value)) return toMap(value);
  return value.map(toValue);
}

function toMap({ keys, values }: MapData): MapValue {
  const elements = values.data as ArrayLike<bigint | number | string>;
  const entries = Array.from(keys.data as ArrayLike<bigint | string>, (key, i) => {
    return [key, elements[i] ?? ''] as const;
  });
  return new Map(entries);
}

/** The outputs that are tensors in JavaScript's memory. */
export function tensorsOf(values: Readonly<Record<string, AnyValue>>): Record<string, TensorData> {
  const tensors: Record<string, TensorData> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isTensorValue(value) && !isOnDevice(value)) tensors[name] = value;
  }
  return tensors;
}
