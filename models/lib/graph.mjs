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
import { encodeModel, nodeProto, tensorProto, valueInfo } from './onnx.mjs';
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

  /** @param {string} name @param {DataType} type @param {Dims} dims @returns {string} the name */
  input(name, type, dims) {
    this.#inputs.push(valueInfo(this.#claim(name), type, dims));
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
   * @returns {Names} the output names, as given
   */
  node(op, inputs, attributes, outputs) {
    const names = [outputs].flat();
    for (const name of names) this.#claim(name);
    this.#nodes.push(nodeProto(op, inputs, names, attributes));
    return outputs;
  }

  /**
   * @param {string} name an existing value
   * @param {DataType} type @param {Dims} dims
   * @param {{ sequence?: boolean }} [options] sequence: the value is a sequence of such tensors
   */
  output(name, type, dims, { sequence = false } = {}) {
    this.#outputs.push(valueInfo(name, type, dims, sequence));
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

  /** @param {Record<string, string>} [metadata] @returns {Uint8Array} a whole ONNX file */
  toModel(metadata = {}) {
    return encodeModel(this.toProto(), metadata);
  }

  /** @param {string} name */
  #claim(name) {
    if (this.#names.has(name)) throw new Error(`graph ${this.#name}: '${name}' is already defined`);
    this.#names.add(name);
    return name;
  }
}
