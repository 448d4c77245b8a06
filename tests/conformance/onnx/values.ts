/** ONNX's files of inputs and outputs as values of a session. */
import { Tensor } from 'infercore';
import { fieldsOf, integers, joined, messages, textOf } from './protobuf';
import type { Field } from './protobuf';

/** Undefined: an optional value that is absent. */
export type Value = Tensor | readonly Value[] | undefined;

type NumberArray = new (buffer: ArrayBuffer) => Exclude<Tensor.DataType, string[]>;
interface Type {
  readonly name: Tensor.Type;
  readonly array: NumberArray;
  /** The field of TensorProto that may hold the elements instead of raw bytes. */
  readonly field: number;
}

/** By their numbers in ONNX. bfloat16 comes as its bits. */
const TYPES: Readonly<Record<number, Type>> = {
  1: { name: 'float32', array: Float32Array, field: 4 },
  2: { name: 'uint8', array: Uint8Array, field: 5 },
  3: { name: 'int8', array: Int8Array, field: 5 },
  4: { name: 'uint16', array: Uint16Array, field: 5 },
  5: { name: 'int16', array: Int16Array, field: 5 },
  6: { name: 'int32', array: Int32Array, field: 5 },
  7: { name: 'int64', array: BigInt64Array, field: 7 },
  9: { name: 'bool', array: Uint8Array, field: 5 },
  10: { name: 'float16', array: Uint16Array, field: 5 },
  11: { name: 'float64', array: Float64Array, field: 10 },
  12: { name: 'uint32', array: Uint32Array, field: 11 },
  13: { name: 'uint64', array: BigUint64Array, field: 11 },
  16: { name: 'uint16', array: Uint16Array, field: 5 },
};
const STRING = 8;

function tensorOf(fields: Field[]): Tensor {
  const dims = integers(fields, 1).map(Number);
  const number = Number(integers(fields, 2)[0]);
  if (number === STRING) {
    const texts = fields.filter((field) => field.number === 6).map(({ bytes }) => textOf(bytes));
    return new Tensor('string', texts, dims);
  }
  const type = TYPES[number];
  if (!type) throw new Error(`a tensor of type ${number}`);
  const raw = joined(fields, 9);
  if (raw.length > 0) return new Tensor(type.name, new type.array(raw.slice().buffer), dims);
  if (type.field === 4 || type.field === 10) {
    return new Tensor(type.name, new type.array(joined(fields, type.field).slice().buffer), dims);
  }
  const list = integers(fields, type.field);
  const big = type.array === BigInt64Array || type.array === BigUint64Array;
  const from = type.array as unknown as { from(list: (number | bigint)[]): Float32Array };
  return new Tensor(type.name, from.from(big ? list : list.map(Number)), dims);
}

/** `kind`: the field of TypeProto that the model has for it. */
export function valueOf(bytes: Uint8Array, kind: Kind): Value {
  const fields = fieldsOf(bytes);
  if (kind === 'tensor') return tensorOf(fields);
  return kind === 'sequence' ? sequenceOf(fields) : optionalOf(fields);
}

function sequenceOf(fields: Field[]): Value[] {
  const tensors = messages(fields, 3).map(tensorOf);
  return tensors.length > 0 ? tensors : messages(fields, 5).map(sequenceOf);
}

function optionalOf(fields: Field[]): Value {
  const [tensor] = messages(fields, 3);
  if (tensor) return tensorOf(tensor);
  const [sequence] = messages(fields, 5);
  return sequence && sequenceOf(sequence);
}

export type Kind = 'tensor' | 'sequence' | 'map' | 'optional' | 'sparse_tensor';
const KINDS: Readonly<Record<number, Kind>> = {
  1: 'tensor',
  4: 'sequence',
  5: 'map',
  8: 'sparse_tensor',
  9: 'optional',
};

/** What a model declares: its inputs (field 11 of a graph) or outputs (12), without those that have a default. */
export function declared(model: Uint8Array, field: 11 | 12): { name: string; kind: Kind }[] {
  const [graph = []] = messages(fieldsOf(model), 7);
  const initial = new Set(messages(graph, 5).map((tensor) => textOf(joined(tensor, 8))));
  return messages(graph, field)
    .map((info) => {
      const [type = []] = messages(info, 2);
      const number = type.map((each) => each.number).find((each) => each in KINDS) ?? 1;
      return { name: textOf(joined(info, 1)), kind: KINDS[number] ?? 'tensor' };
    })
    .filter(({ name }) => !initial.has(name));
}
