/**
 * Builds an ONNX graph node by node. Every value is known by its name, a string.
 *
 *     const graph = new Graph('plus-one');
 *     const x = graph.input('x', 'float32', ['batch', 4]);
 *     graph.output(graph.node('Add', [x, graph.constant('one', float(1))], {}, 'y'), 'float32', ['batch', 4]);
 *     writeFileSync('plus-one.onnx', graph.toModel());
 *
 * @typedef {import('./tensor.mjs').DataType} DataType
 * @typedef {readonly (number | string)[] | null} Dims numbers are fixed, names are free; null: any rank
 */
import { encodeModel, nodeProto, tensorProto, typeProto, valueInfo } from './onnx.mjs';
import { ProtoWriter } from './protobuf.mjs';

export class Graph {
  #name;
  /** @type {ProtoWriter[]} */ #nodes = [];
  /** @type {ProtoWriter[]} */ #constants = [];
  /** @type {ProtoWriter[]} */ #inputs = [];
  /** @type {ProtoWriter[]} */ #outputs = [];
  /** @type {Set<string>} */ #names = new Set();

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
  }

  get nodeCount() {
    return this.#nodes.length;
  }

  /**
   * @param {string} name @param {DataType} type @param {Dims} dims
   * @param {...import('./onnx.mjs').Wrapper} wrappers as for output()
   * @returns {string} the name
   */
  input(name, type, dims, ...wrappers) {
    this.#inputs.push(valueInfo(this.#claim(name), typeProto(type, dims, wrappers)));
    return name;
  }

  /**
   * An input that a caller may leave out: it then has this value.
   *
   * @param {string} name @param {import('./tensor.mjs').Tensor} value @returns {string}
   */
  inputWithDefault(name, value) {
    this.input(name, value.type, value.dims);
    this.#constants.push(tensorProto(name, value));
    return name;
  }

  /**
   * @param {string} name
   * @param {import('./tensor.mjs').Tensor} value
   * @param {import('./onnx.mjs').External} [external] where the bytes stand, if in another file
   * @returns {string} the name
   */
  constant(name, value, external) {
    this.#constants.push(tensorProto(this.#claim(name), value, external));
    return name;
  }

  /**
   * @template {string | readonly string[]} Names
   * @param {string} op the operator, e.g. 'MatMul'
   * @param {readonly string[]} inputs names of earlier values; '' leaves an optional one out
   * @param {Record<string, import('./onnx.mjs').Attribute>} attributes
   * @param {Names} outputs one name, or a list of them
   * @param {string} [domain] of the operator, when it is not one of ONNX's own
   * @returns {Names} the output names, as given
   */
  node(op, inputs, attributes, outputs, domain) {
    const names = [outputs].flat();
    for (const name of names) this.#claim(name);
    this.#nodes.push(nodeProto(op, inputs, names, attributes, domain));
    return outputs;
  }

  /**
   * @param {string} name an existing value
   * @param {DataType} type @param {Dims} dims
   * @param {...import('./onnx.mjs').Wrapper} wrappers what such tensors are the elements of, from the inside out:
   *   `'sequence'` for a sequence of tensors, `{ map: 'int64' }, 'sequence'` for a sequence of maps
   */
  output(name, type, dims, ...wrappers) {
    this.#outputs.push(valueInfo(name, typeProto(type, dims, wrappers)));
  }

  /** @returns {ProtoWriter} for use as the body of Loop, If or Scan */
  toProto() {
    const writer = new ProtoWriter();
    for (const node of this.#nodes) writer.message(1, node);
    writer.string(2, this.#name);
    for (const constant of this.#constants) writer.message(5, constant);
    for (const input of this.#inputs) writer.message(11, input);
    for (const output of this.#outputs) writer.message(12, output);
    return writer;
  }

  /**
   * @param {Record<string, string>} [metadata]
   * @param {Record<string, number>} [opsets] by domain, beside or instead of ONNX's own, which is ''
   * @returns {Uint8Array} a whole ONNX file
   */
  toModel(metadata = {}, opsets = {}) {
    return encodeModel(this.toProto(), metadata, opsets);
  }

  /** @param {string} name */
  #claim(name) {
    if (this.#names.has(name)) throw new Error(`graph ${this.#name}: '${name}' is already defined`);
    this.#names.add(name);
    return name;
  }
}
