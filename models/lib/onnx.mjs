/**
 * The ONNX messages that a Graph consists of, written with their field numbers from onnx.proto.
 * Repeated integers stand unpacked, as other exporters write them.
 */
import { ProtoWriter } from './protobuf.mjs';
import { kDataTypes } from './tensor.mjs';

/** ONNX 1.12: the release of opset 17. */
export const kIrVersion = 8;
export const kOpset = 17;
/** ONNX 1.16, which has 4-bit integers: the release of opset 21. */
const kIrVersionOfNewTypes = 10;

const kAttributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  type: 13,
};
const kExternalData = 1;

/**
 * @typedef {import('./tensor.mjs').Tensor} Tensor
 * @typedef {{ location: string, offset: number, length: number }} External
 * @typedef {number | string | number[] | { float: number } | { tensor: Tensor }
 *   | { floats: number[] } | { strings: string[] } | { type: ProtoWriter } | import('./graph.mjs').Graph} Attribute
 */

/** @param {string} key @param {string} value */
const entry = (key, value) => new ProtoWriter().string(1, key).string(2, value);

/**
 * @param {string} name '' for a tensor inside an attribute
 * @param {Tensor} tensor
 * @param {External} [external] where the bytes stand, when not in the model's own file
 */
export function tensorProto(name, { type, dims, bytes, strings }, external) {
  const writer = new ProtoWriter();
  for (const dim of dims) writer.varint(1, dim);
  writer.varint(2, kDataTypes[type].onnx);
  for (const text of strings ?? []) writer.string(6, text);
  if (name !== '') writer.string(8, name);
  if (external) {
    for (const [key, value] of Object.entries(external))
      writer.message(13, entry(key, String(value)));
    return writer.varint(14, kExternalData);
  }
  return strings ? writer : writer.bytes(9, bytes);
}

/**
 * A message TypeProto.
 *
 * @param {import('./tensor.mjs').DataType} type
 * @param {readonly (number | string)[] | null} dims a string names a free dimension, ''
 *   leaves it nameless; null: any rank
 * @param {readonly Wrapper[]} wrappers what such tensors are the elements of, from the inside out
 */
export function typeProto(type, dims, wrappers = []) {
  const tensorType = new ProtoWriter().varint(1, kDataTypes[type].onnx);
  if (dims !== null) {
    const shape = new ProtoWriter();
    for (const dim of dims) {
      const item = new ProtoWriter();
      if (typeof dim === 'number') item.varint(1, dim);
      else if (dim !== '') item.string(2, dim);
      shape.message(1, item);
    }
    tensorType.message(2, shape);
  }
  let whole = new ProtoWriter().message(1, tensorType);
  for (const wrapper of wrappers) {
    const inner = new ProtoWriter();
    if (typeof wrapper === 'object')
      inner.varint(1, kDataTypes[wrapper.map].onnx).message(2, whole);
    else inner.message(1, whole);
    const field = typeof wrapper === 'object' ? 5 : wrapper === 'sequence' ? 4 : 9;
    whole = new ProtoWriter().message(field, inner);
  }
  return whole;
}

/** @typedef {'sequence' | 'optional' | { map: import('./tensor.mjs').DataType }} Wrapper a map: of its keys */

/** @param {string} name @param {ProtoWriter} type of typeProto() */
export const valueInfo = (name, type) => new ProtoWriter().string(1, name).message(2, type);

/** @param {string} name @param {Attribute} value a plain number is an integer attribute */
function attributeProto(name, value) {
  const writer = new ProtoWriter().string(1, name);
  if (typeof value === 'number') return writer.varint(3, value).varint(20, kAttributeTypes.int);
  if (typeof value === 'string') return writer.string(4, value).varint(20, kAttributeTypes.string);
  if (Array.isArray(value)) {
    for (const item of value) writer.varint(8, item);
    return writer.varint(20, kAttributeTypes.ints);
  }
  if ('float' in value) return writer.float(2, value.float).varint(20, kAttributeTypes.float);
  if ('floats' in value) {
    for (const item of value.floats) writer.float(7, item);
    return writer.varint(20, kAttributeTypes.floats);
  }
  if ('strings' in value) {
    for (const text of value.strings) writer.string(9, text);
    return writer.varint(20, kAttributeTypes.strings);
  }
  if ('type' in value) return writer.message(14, value.type).varint(20, kAttributeTypes.type);
  if ('tensor' in value) {
    return writer.message(5, tensorProto('', value.tensor)).varint(20, kAttributeTypes.tensor);
  }
  return writer.message(6, value.toProto()).varint(20, kAttributeTypes.graph);
}

/**
 * @param {string} op
 * @param {readonly string[]} inputs '' for an optional one left out
 * @param {readonly string[]} outputs
 * @param {Record<string, Attribute>} attributes
 * @param {string} domain '' for ONNX's own
 */
export function nodeProto(op, inputs, outputs, attributes, domain = '') {
  const writer = new ProtoWriter();
  for (const input of inputs) writer.string(1, input);
  for (const output of outputs) writer.string(2, output);
  writer.string(3, outputs[0]).string(4, op);
  for (const [name, value] of Object.entries(attributes)) {
    writer.message(5, attributeProto(name, value));
  }
  if (domain !== '') writer.string(7, domain);
  return writer;
}

/**
 * @param {ProtoWriter} graph
 * @param {Record<string, string>} metadata
 * @param {Record<string, number>} opsets by domain; ONNX's own is ''
 * @returns {Uint8Array} a whole ONNX file
 */
export function encodeModel(graph, metadata, opsets = {}) {
  const all = { '': kOpset, ...opsets };
  const writer = new ProtoWriter()
    .varint(1, all[''] > kOpset ? kIrVersionOfNewTypes : kIrVersion)
    .string(2, 'infercore')
    .message(7, graph);
  for (const [domain, version] of Object.entries(all)) {
    writer.message(8, new ProtoWriter().string(1, domain).varint(2, version));
  }
  for (const [key, value] of Object.entries(metadata)) writer.message(14, entry(key, value));
  return writer.finish();
}
