/**
 * The encoder as an ONNX graph:
 *
 *     input_ids, attention_mask  int64 [batch, sequence]
 *     last_hidden_state          float32 [batch, sequence_kept, 512], sequence_kept = min(sequence, 128)
 *     sentence_embedding         float32 [batch, 512], of length 1
 *
 * Two pre-norm transformer layers over token embeddings with sinusoidal positions, then the mean
 * over real tokens, a tanh layer and L2 normalization. Padding is known from the mask alone: id 0
 * is a token like the others.
 */
import { Graph } from '../lib/graph.mjs';
import { float, floatsOf, int64s, scale, tensor } from '../lib/tensor.mjs';
import { attention, attentionBias, layerNorm, linear } from '../lib/transformer.mjs';
import {
  embeddingTable,
  headWeights,
  layerWeights,
  positionFrequencies,
  residualProjection,
} from './weights.mjs';

export const kMaxTokens = 128;
const kNormEpsilon = 1e-6;
/** The smallest squared length that is divided by. */
const kLengthFloor = 1e-12;
const kWidth = 512;
const kHeads = 4;

/** @param {import('./source.mjs').Source} source @returns {Graph} */
export function buildEncoder(source) {
  const graph = new Graph('universal-sentence-encoder-lite');
  const { ids, mask } = addInputs(graph);
  const bias = attentionBias(graph, mask, 'attention_bias');
  const embedded = addEmbeddings(graph, source, ids);

  const residual = linear(graph, embedded, residualProjection(source), 'layers.0.residual');
  const first = addLayer(graph, source, 0, { x: embedded, residual, bias });
  const last = addLayer(graph, source, 1, { x: first, residual: first, bias });

  const hidden = graph.node('Identity', [last], {}, 'last_hidden_state');
  addHead(graph, source, hidden, mask);
  graph.output('last_hidden_state', 'float32', ['batch', 'sequence_kept', kWidth]);
  graph.output('sentence_embedding', 'float32', ['batch', kWidth]);
  return graph;
}

/** Cuts both inputs to the length that the model was trained for. @param {Graph} graph */
function addInputs(graph) {
  const inputIds = graph.input('input_ids', 'int64', ['batch', 'sequence']);
  const attentionMask = graph.input('attention_mask', 'int64', ['batch', 'sequence']);
  const start = graph.constant('start', int64s([0]));
  const end = graph.constant('max_tokens', int64s([kMaxTokens]));
  const axis = graph.constant('sequence_axis', int64s([1]));
  const ids = graph.node('Slice', [inputIds, start, end, axis], {}, 'ids');
  const integers = graph.node('Slice', [attentionMask, start, end, axis], {}, 'mask_integers');
  const mask = graph.node('Cast', [integers], { to: 1 }, 'mask');
  return { ids, mask };
}

/** 2·E[id] + P[position]. @param {Graph} graph @param {import('./source.mjs').Source} source @param {string} ids */
function addEmbeddings(graph, source, ids) {
  // Doubling is exact in binary floating point, so it is done here once.
  const table = graph.constant('embeddings.doubled', scale(embeddingTable(source), 2));
  const positions = graph.constant('positions.table', positionTable(positionFrequencies(source)));
  const tokens = graph.node('Gather', [table, ids], { axis: 0 }, 'embeddings.tokens');
  const length = graph.node('Shape', [ids], { start: 1, end: 2 }, 'sequence_kept');
  const used = graph.node('Slice', [positions, 'start', length], {}, 'positions.used');
  return graph.node('Add', [tokens, used], {}, 'embeddings.output');
}

/**
 * Row p holds sin(p·f) for each frequency f, then cos(p·f). The angle is rounded to a float first,
 * as the original computes it.
 *
 * @param {import('../lib/tensor.mjs').Tensor} frequencies [1, n] @returns [128, 2n]
 */
function positionTable(frequencies) {
  const values = floatsOf(frequencies);
  const half = values.length;
  const table = new Float32Array(kMaxTokens * 2 * half);
  for (let position = 0; position < kMaxTokens; position++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * values[i]);
      table[position * 2 * half + i] = Math.sin(angle);
      table[position * 2 * half + half + i] = Math.cos(angle);
    }
  }
  return tensor('float32', [kMaxTokens, 2 * half], table);
}

/**
 * @param {Graph} graph @param {import('./source.mjs').Source} source @param {number} index
 * @param {{ x: string, residual: string, bias: string }} values residual: what is added to the
 *   attention's output
 * @returns {string} [batch, sequence_kept, 512]
 */
function addLayer(graph, source, index, { x, residual, bias }) {
  const name = `layers.${index}`;
  const weights = layerWeights(source, index);
  const normed = layerNorm(graph, x, weights.attentionNorm, kNormEpsilon, `${name}.attention.norm`);
  const context = addAttention(graph, weights.qkv, { normed, bias }, `${name}.attention`);
  const projected = linear(graph, context, weights.attentionOutput, `${name}.attention.projection`);
  const attended = graph.node('Add', [projected, residual], {}, `${name}.attended`);

  const inner = layerNorm(
    graph,
    attended,
    weights.feedForwardNorm,
    kNormEpsilon,
    `${name}.ffn.norm`,
  );
  const expanded = linear(graph, inner, weights.expand, `${name}.ffn.expand`);
  const active = graph.node('Relu', [expanded], {}, `${name}.ffn.relu`);
  const contracted = linear(graph, active, weights.contract, `${name}.ffn.contract`);
  return graph.node('Add', [contracted, attended], {}, `${name}.output`);
}

/**
 * @param {Graph} graph @param {import('../lib/transformer.mjs').Linear} qkv one matrix for all three
 * @param {{ normed: string, bias: string }} values @param {string} name
 */
function addAttention(graph, qkv, { normed, bias }, name) {
  const size = qkv.bias.dims[0] / 3 / kHeads;
  const joined = linear(graph, normed, qkv, `${name}.qkv`);
  const parts = [`${name}.q`, `${name}.k`, `${name}.v`];
  const [unscaled, k, v] = graph.node('Split', [joined], { axis: -1 }, parts);
  const factor = graph.constant(`${name}.q_scale`, float(1 / Math.sqrt(size)));
  const q = graph.node('Mul', [unscaled, factor], {}, `${name}.q_scaled`);
  return attention(graph, { q, k, v, bias }, { heads: kHeads, size }, name);
}

/**
 * Mean over tokens, tanh layer, length 1. A text without tokens gives the tanh of the bias.
 *
 * @param {Graph} graph @param {import('./source.mjs').Source} source
 * @param {string} hidden @param {string} mask
 */
function addHead(graph, source, hidden, mask) {
  const one = graph.constant('pooling.one', float(1));
  const axis = graph.constant('pooling.axis', int64s([1]));
  const last = graph.constant('pooling.mask_axis', int64s([2]));
  const column = graph.node('Unsqueeze', [mask, last], {}, 'pooling.mask');
  const kept = graph.node('Mul', [hidden, column], {}, 'pooling.kept');
  const sum = graph.node('ReduceSum', [kept, axis], { keepdims: 0 }, 'pooling.sum');
  const tokens = graph.node('ReduceSum', [mask, axis], { keepdims: 1 }, 'pooling.tokens');
  const count = graph.node('Max', [tokens, one], {}, 'pooling.count');
  const mean = graph.node('Div', [sum, count], {}, 'pooling.mean');

  const dense = linear(graph, mean, headWeights(source), 'dense');
  const active = graph.node('Tanh', [dense], {}, 'dense.tanh');
  const floor = graph.constant('normalize.floor', float(kLengthFloor));
  const squares = graph.node('Mul', [active, active], {}, 'normalize.squares');
  const square = graph.node('ReduceSum', [squares, axis], { keepdims: 1 }, 'normalize.square');
  const bounded = graph.node('Max', [square, floor], {}, 'normalize.bounded');
  const length = graph.node('Sqrt', [bounded], {}, 'normalize.length');
  graph.node('Div', [active, length], {}, 'sentence_embedding');
}
