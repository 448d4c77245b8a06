/**
 * Models of the shapes that programs for onnxruntime are written around: pictures, questions, tables, text that grows. Small,
 * with random weights; their inputs and outputs have the names that exporters give.
 */
import { Graph } from '../lib/graph.mjs';
import { Random } from '../lib/random.mjs';
import { float, int64s, tensor } from '../lib/tensor.mjs';
import { attention, attentionBias, linear } from '../lib/transformer.mjs';

const kVocabulary = 40;
const kHeads = { heads: 2, size: 8 };
const kWidth = kHeads.heads * kHeads.size;
const kPixels = 64;

/** @returns {Map<string, Uint8Array>} by path below the output folder */
export function taskModels() {
  return new Map(
    Object.entries({
      digits: digits().toModel(),
      detector: detector().toModel(),
      answers: answers().toModel(),
      iris: iris().toModel({}, { 'ai.onnx.ml': 1 }),
      decoder: decoder().toModel(),
    }).map(([name, bytes]) => [`tasks/${name}.onnx`, bytes]),
  );
}

/** Two convolutions, then a layer over all. */
function digits() {
  const random = new Random(30);
  const graph = new Graph('digits');
  let x = graph.input('image', 'float32', ['batch', 1, 28, 28]);
  for (const [name, from, to] of /** @type {const} */ ([
    ['first', 1, 4],
    ['second', 4, 8],
  ])) {
    const weight = graph.constant(`${name}.weight`, random.weights([to, from, 5, 5], 0.4));
    const bias = graph.constant(`${name}.bias`, random.weights([to], 0.1));
    const shape = { kernel_shape: [5, 5], pads: [2, 2, 2, 2] };
    const convolved = graph.node('Conv', [x, weight, bias], shape, `${name}.convolved`);
    const active = graph.node('Relu', [convolved], {}, `${name}.active`);
    const pool = { kernel_shape: [2, 2], strides: [2, 2] };
    x = graph.node('MaxPool', [active], pool, `${name}.output`);
  }
  const flat = graph.node('Flatten', [x], { axis: 1 }, 'flat');
  const weight = graph.constant('head.weight', random.weights([8 * 7 * 7, 10], 0.2));
  const bias = graph.constant('head.bias', random.weights([10], 0.1));
  graph.output(graph.node('Gemm', [flat, weight, bias], {}, 'logits'), 'float32', ['batch', 10]);
  return graph;
}

/** One box for each patch of 8 × 8 pixels; columns as YOLO's newer models have them. */
function detector() {
  const random = new Random(31);
  const graph = new Graph('detector');
  const image = graph.input('images', 'float32', [1, 3, kPixels, kPixels]);
  const weight = graph.constant('weight', random.weights([7, 3, 8, 8], 0.2));
  const bias = graph.constant('bias', random.weights([7], 0.5));
  const patch = { kernel_shape: [8, 8], strides: [8, 8] };
  const convolved = graph.node('Conv', [image, weight, bias], patch, 'convolved');
  const shape = graph.constant('shape', int64s([1, 7, 64]));
  const columns = graph.node('Reshape', [convolved, shape], {}, 'columns');
  const unit = graph.node('Sigmoid', [columns], {}, 'unit');
  const scales = [kPixels, kPixels, kPixels / 2, kPixels / 2, 1, 1, 1];
  const scale = graph.constant('scale', tensor('float32', [1, 7, 1], scales));
  graph.output(graph.node('Mul', [unit, scale], {}, 'output0'), 'float32', [1, 7, 64]);
  return graph;
}

/** @param {Graph} graph @param {Random} random @param {string} ids @param {string} name */
function embedded(graph, random, ids, name, rows = kVocabulary) {
  const table = graph.constant(`${name}.table`, random.weights([rows, kWidth], 0.5));
  return graph.node('Gather', [table, ids], {}, `${name}.output`);
}

/** @param {Graph} graph @param {Random} random @param {string} x @param {string} name @param {number} to */
function projected(graph, random, x, name, to = kWidth) {
  const layer = { weight: random.weights([kWidth, to], 0.4), bias: random.weights([to], 0.1) };
  return linear(graph, x, layer, name);
}

/** One layer of attention, and two numbers a token. */
function answers() {
  const random = new Random(32);
  const graph = new Graph('answers');
  const dims = ['batch', 'sequence'];
  const ids = graph.input('input_ids', 'int64', dims);
  const mask = graph.input('attention_mask', 'int64', dims);
  const types = graph.input('token_type_ids', 'int64', dims);
  const words = embedded(graph, random, ids, 'words');
  const x = graph.node('Add', [words, embedded(graph, random, types, 'types', 2)], {}, 'x');
  const bias = attentionBias(graph, graph.node('Cast', [mask], { to: 1 }, 'mask'), 'bias');
  const [q, k, v] = ['q', 'k', 'v'].map((name) => projected(graph, random, x, name));
  const context = attention(graph, { q, k, v, bias }, kHeads, 'attention');
  const both = projected(graph, random, context, 'head', 2);
  const axes = graph.constant('axes', int64s([2]));
  const parts = graph.node('Split', [both], { axis: 2 }, ['start', 'end']);
  for (const part of parts) {
    const logits = graph.node('Squeeze', [part, axes], {}, `${part}_logits`);
    graph.output(logits, 'float32', dims);
  }
  return graph;
}

/** As a converter makes it of a logistic regression, without maps. */
function iris() {
  const random = new Random(33);
  const graph = new Graph('iris');
  const rows = graph.input('float_input', 'float32', ['rows', 4]);
  const floats = (/** @type {number} */ count) => ({
    floats: Array.from({ length: count }, () => Math.fround(random.next() * 4 - 2)),
  });
  graph.node(
    'LinearClassifier',
    [rows],
    {
      coefficients: floats(12),
      intercepts: floats(3),
      classlabels_strings: { strings: ['setosa', 'versicolor', 'virginica'] },
      post_transform: 'SOFTMAX',
    },
    ['label', 'probabilities'],
    'ai.onnx.ml',
  );
  graph.output('label', 'string', ['rows']);
  graph.output('probabilities', 'float32', ['rows', 3]);
  return graph;
}

/** One layer of attention that also sees the keys and values of earlier calls. */
function decoder() {
  const random = new Random(34);
  const graph = new Graph('decoder');
  const { heads, size } = kHeads;
  const ids = graph.input('input_ids', 'int64', ['batch', 'sequence']);
  const mask = graph.input('attention_mask', 'int64', ['batch', 'total']);
  const past = ['key', 'value'].map((part) =>
    graph.input(`past.${part}`, 'float32', ['batch', heads, 'past', size]),
  );
  const x = embedded(graph, random, ids, 'words');
  const split = graph.constant('split', int64s([0, 0, heads, size]));
  const byHead = (/** @type {string} */ name) => {
    const shaped = graph.node(
      'Reshape',
      [projected(graph, random, x, name), split],
      {},
      `${name}.split`,
    );
    return graph.node('Transpose', [shaped], { perm: [0, 2, 1, 3] }, `${name}.by_head`);
  };
  const queries = byHead('query');
  const [keys, values] = ['key', 'value'].map((part, i) =>
    graph.node('Concat', [past[i], byHead(part)], { axis: 2 }, `present.${part}`),
  );
  const bias = attentionBias(graph, graph.node('Cast', [mask], { to: 1 }, 'mask'), 'bias');
  const turned = graph.node('Transpose', [keys], { perm: [0, 1, 3, 2] }, 'turned');
  const scores = graph.node('MatMul', [queries, turned], {}, 'scores');
  const scale = graph.constant('scale', float(1 / Math.sqrt(size)));
  const scaled = graph.node('Mul', [scores, scale], {}, 'scaled');
  const masked = graph.node('Add', [scaled, bias], {}, 'masked');
  const weights = graph.node('Softmax', [masked], { axis: -1 }, 'weights');
  const context = graph.node('MatMul', [weights, values], {}, 'context');
  const byToken = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] }, 'by_token');
  const join = graph.constant('join', int64s([0, 0, heads * size]));
  const joined = graph.node('Reshape', [byToken, join], {}, 'joined');
  const next = graph.node('Add', [x, joined], {}, 'next');
  const logits = projected(graph, random, next, 'head', kVocabulary);
  const named = graph.node('Identity', [logits], {}, 'logits');
  graph.output(named, 'float32', ['batch', 'sequence', kVocabulary]);
  for (const name of [keys, values]) {
    graph.output(name, 'float32', ['batch', heads, 'total', size]);
  }
  return graph;
}
