/** Models with weights of a kilobyte and more, for what sessions share of them. */
import { Graph } from '../lib/graph.mjs';
import { tensor } from '../lib/tensor.mjs';

/** @typedef {[path: string, content: Uint8Array]} File */

const kSize = 32;
/** @param {number} count @param {number} seed */
const waves = (count, seed) => Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + seed));
/** @param {number} seed @param {number[]} [dims] */
const floats = (seed, dims = [kSize, kSize]) =>
  tensor(
    'float32',
    dims,
    waves(
      dims.reduce((all, dim) => all * dim, 1),
      seed,
    ),
  );

/** @returns {File[]} */
export function weightModels() {
  return [
    ['backbone-first.onnx', backbone('first').toModel()],
    ['backbone-second.onnx', backbone('second').toModel()],
    ['weight-readers.onnx', readers().toModel({}, { '': 17, 'com.microsoft': 1 })],
    ['weights-in-place.onnx', inPlace().toModel()],
    ...external(),
    ...alias(),
  ];
}

/**
 * y = relu(x · shared) · own: models with the same first weight, under another name, and another second one.
 *
 * @param {string} name
 */
function backbone(name) {
  const graph = new Graph(`backbone-${name}`);
  const x = graph.input('x', 'float32', ['n', kSize]);
  const first = graph.constant(`${name}.backbone`, floats(1));
  const own = graph.constant(`${name}.head`, floats(name.length));
  const hidden = graph.node(
    'Relu',
    [graph.node('MatMul', [x, first], {}, 'product')],
    {},
    'hidden',
  );
  graph.output(graph.node('MatMul', [hidden, own], {}, 'y'), 'float32', ['n', kSize]);
  return graph;
}

/** Each operator that weights are shared for, where ONNX Runtime has one without more inputs than these. */
function readers() {
  const graph = new Graph('weight-readers');
  const x = graph.input('x', 'float32', [4, kSize]);
  const ids = graph.input('ids', 'int64', [4]);
  /** @param {string} value @param {(number | string)[] | null} dims */
  const out = (value, dims = null) => graph.output(value, 'float32', dims);
  const weight = (/** @type {string} */ name, /** @type {number} */ seed, dims = [kSize, kSize]) =>
    graph.constant(name, floats(seed, dims));
  out(graph.node('MatMul', [x, weight('right', 1)], {}, 'y right'));
  out(
    graph.node('MatMul', [weight('left', 2), graph.node('Transpose', [x], {}, 'xt')], {}, 'y left'),
  );
  out(graph.node('Gemm', [x, weight('gemm', 3)], { transB: 1 }, 'y gemm'));
  out(graph.node('Gather', [weight('table', 4), ids], {}, 'y table'));
  const steps = graph.node(
    'Unsqueeze',
    [x, graph.constant('axis', tensor('int64', [1], [1n]))],
    {},
    'steps',
  );
  const lstm = [weight('lstm w', 5, [1, 32, kSize]), weight('lstm r', 6, [1, 32, 8])];
  out(graph.node('LSTM', [steps, ...lstm], { hidden_size: 8 }, 'y lstm'));
  const gru = [weight('gru w', 7, [1, 48, kSize]), weight('gru r', 8, [1, 48, 16])];
  out(graph.node('GRU', [steps, ...gru], { hidden_size: 16 }, 'y gru'));
  const scale = { alpha: { float: 0.5 } };
  out(graph.node('FusedMatMul', [x, weight('fused', 9)], scale, 'y fused', 'com.microsoft'));
  const bytes = tensor(
    'uint8',
    [kSize, kSize],
    Array.from({ length: kSize * kSize }, (_, i) => (i * 37) % 251),
  );
  const quantized = graph.node('DynamicQuantizeLinear', [x], {}, [
    'x quantized',
    'x scale',
    'x zero',
  ]);
  const integers = graph.node(
    'MatMulInteger',
    [quantized[0], graph.constant('bytes', bytes), quantized[2]],
    {},
    'integers',
  );
  out(graph.node('Cast', [integers], { to: 1 }, 'y integers'));
  const scales = tensor('float32', [], [0.01]);
  out(
    graph.node(
      'DynamicQuantizeMatMul',
      [x, graph.constant('dynamic', bytes), graph.constant('dynamic scale', scales)],
      {},
      'y dynamic',
      'com.microsoft',
    ),
  );
  const nibbles = tensor(
    'uint8',
    [64, 1, 16],
    Array.from({ length: 1024 }, (_, i) => (i * 91) % 256),
  );
  out(
    graph.node(
      'MatMulNBits',
      [x, graph.constant('nibbles', nibbles), graph.constant('nibble scales', floats(3, [64]))],
      { K: kSize, N: 64, bits: 4, block_size: kSize },
      'y nibbles',
      'com.microsoft',
    ),
  );
  return graph;
}

/** What the optimizer of transposes turns in place, keeping its name: it is square, and its transpose another one. */
function inPlace() {
  const graph = new Graph('weights-in-place');
  const x = graph.input('x', 'float32', [kSize, kSize]);
  const turned = graph.node('Transpose', [x], { perm: [1, 0] }, 'turned');
  const added = graph.node('Add', [turned, graph.constant('turns', floats(1))], {}, 'added');
  const back = graph.node('Transpose', [added], { perm: [1, 0] }, 'back');
  const stays = graph.constant('stays', floats(2));
  graph.output(graph.node('MatMul', [back, stays], {}, 'y'), 'float32', [kSize, kSize]);
  return graph;
}

/** @returns {File[]} y = x · weights · weights, which the model finds in one file by two names */
function alias() {
  const weights = floats(1);
  const graph = new Graph('external-alias');
  const x = graph.input('x', 'float32', ['n', kSize]);
  const length = weights.bytes.length;
  const once = graph.constant('once', weights, { location: 'weights.bin', offset: 0, length });
  const twice = graph.constant('twice', weights, { location: './weights.bin', offset: 0, length });
  const product = graph.node('MatMul', [x, once], {}, 'product');
  graph.output(graph.node('MatMul', [product, twice], {}, 'y'), 'float32', ['n', kSize]);
  return [
    ['external-alias/model.onnx', graph.toModel()],
    ['external-alias/weights.bin', weights.bytes],
  ];
}

/** @returns {File[]} y = x · weights, which lie in a file beside the model */
function external() {
  const weights = floats(1);
  const offset = 64;
  const file = new Uint8Array(offset + weights.bytes.length);
  file.set(weights.bytes, offset);
  const graph = new Graph('external-weights');
  const x = graph.input('x', 'float32', ['n', kSize]);
  const place = { location: 'weights.bin', offset, length: weights.bytes.length };
  const matrix = graph.constant('weights', weights, place);
  graph.output(graph.node('MatMul', [x, matrix], {}, 'y'), 'float32', ['n', kSize]);
  return [
    ['external-weights/model.onnx', graph.toModel()],
    ['external-weights/weights.bin', file],
  ];
}
