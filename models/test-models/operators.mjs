/**
 * Models of one or a few nodes, each for one thing that a session must handle. See models/README.md
 * for what each is.
 */
import { Graph } from '../lib/graph.mjs';
import { typeProto } from '../lib/onnx.mjs';
import { float, int64s, kDataTypes, tensor } from '../lib/tensor.mjs';

/**
 * @typedef {import('../lib/graph.mjs').Dims} Dims
 * @typedef {import('../lib/tensor.mjs').DataType} DataType
 */

/** @returns {Map<string, Uint8Array>} by path below the output folder */
export function operatorModels() {
  const graphs = [
    ...Object.keys(kDataTypes).map((type) => identity(/** @type {DataType} */ (type))),
    add(),
    sharedBatch(),
    ...plusOneOf([
      ['scalar', []],
      ['fixed', [2, 3]],
      ['unnamed-dims', ['', '']],
      ['any-rank', null],
    ]),
    mixed(),
    noInput(),
    defaultInput(),
    sequenceOutput(),
    classifier(),
    optionalOutput(),
    optionalInput(),
    unknownOperator(),
    failGather(),
    embeddingTable(),
    cutTable(),
    passThrough(),
    cross(),
    besideMask(),
    wideHalf(),
    failReshape(),
    slow(),
    fill(),
  ];
  return new Map([
    ...graphs.map(
      ([name, graph, opsets]) =>
        /** @type {[string, Uint8Array]} */ ([`${name}.onnx`, graph.toModel(kMetadata, opsets)]),
    ),
    ...externalData(),
  ]);
}

const kMetadata = { purpose: 'test', 'text in UTF-8': 'grüß dich' };

/** @typedef {[name: string, graph: Graph, opsets?: Record<string, number>]} Model */

/** Opset 21 has them, or their operators. */
const kNewTypes = ['bfloat16', 'float8e4m3fn', 'uint4', 'int4'];

/** @param {DataType} type @returns {Model} x [n] -> y [n], the same values */
function identity(type) {
  const name = `identity-${type}`;
  const graph = new Graph(name);
  const x = graph.input('x', type, ['n']);
  // ONNX Runtime has no Identity for two elements a byte.
  const packed = type === 'uint4' || type === 'int4';
  graph.output(graph.node(packed ? 'Transpose' : 'Identity', [x], {}, 'y'), type, ['n']);
  return [name, graph, kNewTypes.includes(type) ? { '': 21 } : {}];
}

/** @returns {Model} a + b, both [batch, 4] */
function add() {
  const graph = new Graph('add');
  const a = graph.input('a', 'float32', ['batch', 4]);
  const b = graph.input('b', 'float32', ['batch', 4]);
  graph.output(graph.node('Add', [a, b], {}, 'sum'), 'float32', ['batch', 4]);
  return ['add', graph];
}

/** @returns {Model} a [batch, 3] beside b [batch, 2]: both batches must be equal */
function sharedBatch() {
  const graph = new Graph('shared-batch');
  const a = graph.input('a', 'float32', ['batch', 3]);
  const b = graph.input('b', 'float32', ['batch', 2]);
  const joined = graph.node('Concat', [a, b], { axis: 1 }, 'joined');
  graph.output(joined, 'float32', ['batch', 5]);
  return ['shared-batch', graph];
}

/** @param {[string, Dims][]} shapes @returns {Model[]} x -> y = x + 1, declared with each shape */
function plusOneOf(shapes) {
  return shapes.map(([name, dims]) => {
    const graph = new Graph(name);
    const x = graph.input('x', 'float32', dims);
    const one = graph.constant('one', float(1));
    graph.output(graph.node('Add', [x, one], {}, 'y'), 'float32', dims);
    return [name, graph];
  });
}

/** @returns {Model} four inputs of different types, three outputs */
function mixed() {
  const graph = new Graph('mixed');
  const numbers = graph.input('numbers', 'float32', ['batch', 'width']);
  const factor = graph.input('factor', 'float32', []);
  const keep = graph.input('keep', 'bool', ['batch']);
  const labels = graph.input('labels', 'string', ['batch']);
  const integers = graph.node('Cast', [keep], { to: kDataTypes.int64.onnx }, 'keep.integers');
  graph.output(graph.node('Mul', [numbers, factor], {}, 'scaled'), 'float32', ['batch', 'width']);
  graph.output(graph.node('ReduceSum', [integers], { keepdims: 0 }, 'kept'), 'int64', []);
  graph.output(graph.node('Identity', [labels], {}, 'same_labels'), 'string', ['batch']);
  return ['mixed', graph];
}

/** @returns {Model} y = [1, 2, 3] */
function noInput() {
  const graph = new Graph('no-input');
  const value = { tensor: tensor('float32', [3], [1, 2, 3]) };
  graph.output(graph.node('Constant', [], { value }, 'y'), 'float32', [3]);
  return ['no-input', graph];
}

/** @returns {Model} y = x + offset; offset is 10 where it is left out */
function defaultInput() {
  const graph = new Graph('default-input');
  const x = graph.input('x', 'float32', ['n']);
  const offset = graph.inputWithDefault('offset', tensor('float32', [1], [10]));
  graph.output(graph.node('Add', [x, offset], {}, 'y'), 'float32', ['n']);
  return ['default-input', graph];
}

/** @returns {Model} an output that is no tensor: x [n] cut into pieces of one element */
function sequenceOutput() {
  const graph = new Graph('sequence-output');
  const x = graph.input('x', 'float32', ['n']);
  const parts = graph.node('SplitToSequence', [x], {}, 'parts');
  graph.output(parts, 'float32', [1], 'sequence');
  return ['sequence-output', graph];
}

/** @returns {Model} as converters make them of scikit-learn's: a label, and a map of each row's probabilities */
function classifier() {
  const graph = new Graph('classifier');
  const x = graph.input('x', 'float32', ['rows', 3]);
  const scores = graph.node('Softmax', [x], { axis: 1 }, 'scores');
  const label = graph.node('ArgMax', [x], { axis: 1, keepdims: 0 }, 'label');
  graph.output(label, 'int64', ['rows']);
  const numbers = { classlabels_int64s: [10, 20, 30] };
  const names = { classlabels_strings: { strings: ['bird', 'cat', 'dog'] } };
  const domain = 'ai.onnx.ml';
  for (const [name, key, labels] of /** @type {const} */ ([
    ['probabilities', 'int64', numbers],
    ['by_name', 'string', names],
  ])) {
    graph.node('ZipMap', [scores], labels, name, domain);
    graph.output(name, 'float32', [], { map: key }, 'sequence');
  }
  return ['classifier', graph, { [domain]: 1 }];
}

/** @returns {Model} one optional output that holds x, and one that holds nothing */
function optionalOutput() {
  const graph = new Graph('optional-output');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('Optional', [x], {}, 'kept'), 'float32', ['n'], 'optional');
  const type = typeProto('float32', ['n']);
  graph.output(
    graph.node('Optional', [], { type: { type } }, 'absent'),
    'float32',
    ['n'],
    'optional',
  );
  return ['optional-output', graph];
}

/** @returns {Model} y = x + 1, x an optional tensor; a sequence beside it, of which y has the first element */
function optionalInput() {
  const graph = new Graph('optional-input');
  const x = graph.input('x', 'float32', ['n'], 'optional');
  const parts = graph.input('parts', 'float32', ['m'], 'sequence');
  const held = graph.node('OptionalGetElement', [x], {}, 'held');
  const one = graph.constant('one', float(1));
  graph.output(graph.node('Add', [held, one], {}, 'y'), 'float32', ['n']);
  const zero = graph.constant('zero', tensor('int64', [], [0n]));
  graph.output(graph.node('SequenceAt', [parts, zero], {}, 'first'), 'float32', ['m']);
  return ['optional-input', graph];
}

/** @returns {Model} cannot be loaded */
function unknownOperator() {
  const graph = new Graph('unknown-operator');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('NoSuchOperator', [x], {}, 'y'), 'float32', ['n']);
  return ['unknown-operator', graph];
}

/**
 * @returns {Model} rows of a 4×2 table; fails while running for an index that is not in -4…3, which can't be known before:
 *   the sum with 0 is in between
 */
function failGather() {
  const graph = new Graph('fail-gather');
  const index = graph.input('index', 'int64', ['n']);
  const same = graph.node(
    'Add',
    [index, graph.constant('zero', tensor('int64', [], [0n]))],
    {},
    'same',
  );
  const table = graph.constant('table', tensor('float32', [4, 2], [0, 1, 2, 3, 4, 5, 6, 7]));
  graph.output(graph.node('Gather', [table, same], {}, 'rows'), 'float32', ['n', 2]);
  return ['fail-gather', graph];
}

/** @returns {Model} rows of a 4×2 table, of which the graph says that there are 4 */
function embeddingTable() {
  const graph = new Graph('embedding-table');
  const ids = graph.input('ids', 'int64', ['batch', 'length']);
  const cast = graph.node('Cast', [ids], { to: 6 }, 'ids.int32');
  const table = graph.constant('table', tensor('float32', [4, 2], [0, 1, 2, 3, 4, 5, 6, 7]));
  const rows = graph.node('Gather', [table, cast], {}, 'rows');
  graph.output(rows, 'float32', ['batch', 'length', 2]);
  return ['embedding-table', graph];
}

/** @returns {Model} rows of a 4×2 table by numbers that are cut to whole ones: 3.5 has a row */
function cutTable() {
  const graph = new Graph('cut-table');
  const x = graph.input('x', 'float32', ['n']);
  const index = graph.node('Cast', [x], { to: 7 }, 'x.int64');
  const table = graph.constant('table', tensor('float32', [4, 2], [0, 1, 2, 3, 4, 5, 6, 7]));
  graph.output(graph.node('Gather', [table, index], {}, 'rows'), 'float32', ['n', 2]);
  return ['cut-table', graph];
}

/** @returns {Model} y = x, and x itself is an output, too */
function passThrough() {
  const graph = new Graph('pass-through');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('Identity', [x], {}, 'y'), 'float32', ['n']);
  graph.output(x, 'float32', ['n']);
  return ['pass-through', graph];
}

/** @returns {Model} each row of one list with each of the other: scores = left · rightᵀ */
function cross() {
  const graph = new Graph('cross');
  const left = graph.input('left', 'float32', ['left_rows', 1]);
  const right = graph.input('right', 'float32', ['right_rows', 1]);
  const columns = graph.node('Transpose', [right], {}, 'columns');
  const scores = graph.node('MatMul', [left, columns], {}, 'scores');
  graph.output(scores, 'float32', ['left_rows', 'right_rows']);
  return ['cross', graph];
}

/** @returns {Model} the mean of each row of pixels, beside a mask that is about something else */
function besideMask() {
  const graph = new Graph('beside-mask');
  const mask = graph.input('attention_mask', 'float32', ['batch', 'sequence']);
  const pixels = graph.input('pixels', 'float32', ['batch', 'width']);
  graph.output(graph.node('ReduceMean', [pixels], { axes: [1] }, 'mean'), 'float32', ['batch', 1]);
  graph.output(graph.node('Identity', [mask], {}, 'mask'), 'float32', ['batch', 'sequence']);
  return ['beside-mask', graph];
}

/** @returns {Model} the greatest number of each row */
function wideHalf() {
  const graph = new Graph('wide-half');
  const x = graph.input('x', 'float16', ['batch', 'width']);
  const greatest = graph.node('ReduceMax', [x], { axes: [1] }, 'greatest');
  graph.output(greatest, 'float16', ['batch', 1]);
  return ['wide-half', graph];
}

/** @returns {Model} x [n] -> y [2, 3]; fails while running unless n is 6 */
function failReshape() {
  const graph = new Graph('fail-reshape');
  const x = graph.input('x', 'float32', ['n']);
  const shape = graph.constant('shape', int64s([2, 3]));
  graph.output(graph.node('Reshape', [x, shape], {}, 'y'), 'float32', [2, 3]);
  return ['fail-reshape', graph];
}

/** @returns {Model} a loop of 128×128 matrix products: as long as the input `iterations` says */
function slow() {
  const size = 128;
  const body = new Graph('slow.body');
  body.input('iteration', 'int64', []);
  const keepGoing = body.input('keep_going', 'bool', []);
  const state = body.input('state', 'float32', [size, size]);
  const product = body.node('MatMul', [state, 'weights'], {}, 'product');
  const next = body.node('Tanh', [product], {}, 'next_state');
  body.output(body.node('Identity', [keepGoing], {}, 'next_keep_going'), 'bool', []);
  body.output(next, 'float32', [size, size]);

  const graph = new Graph('slow');
  const iterations = graph.input('iterations', 'int64', []);
  const values = Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const weights = graph.constant('weights', tensor('float32', [size, size], values));
  const yes = graph.constant('yes', tensor('bool', [], [1]));
  const last = graph.node('Loop', [iterations, yes, weights], { body }, 'last_state');
  graph.output(graph.node('ReduceMax', [last], { keepdims: 0 }, 'y'), 'float32', []);
  return ['slow', graph];
}

/** @returns {Model} zeros of the dims that the input says: as much memory as is asked for */
function fill() {
  const graph = new Graph('fill');
  const dims = graph.input('dims', 'int64', ['rank']);
  const zeros = graph.node('ConstantOfShape', [dims], {}, 'zeros');
  graph.output(zeros, 'float32', null);
  return ['fill', graph];
}

/** @returns {[string, Uint8Array][]} y = x + weights, the weights in a file beside the model */
function externalData() {
  const weights = tensor('float32', [4], [1, 2, 3, 4]);
  const offset = 16;
  const file = new Uint8Array(offset + weights.bytes.length);
  file.set(weights.bytes, offset);
  const graph = new Graph('external-data');
  const x = graph.input('x', 'float32', ['batch', 4]);
  const external = { location: 'weights.bin', offset, length: weights.bytes.length };
  const constant = graph.constant('weights', weights, external);
  graph.output(graph.node('Add', [x, constant], {}, 'y'), 'float32', ['batch', 4]);
  return [
    ['external-data/model.onnx', graph.toModel(kMetadata)],
    ['external-data/weights.bin', file],
  ];
}
