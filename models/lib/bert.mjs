/**
 * A BERT encoder with seeded random weights, of any size: it computes what a trained one of that
 * shape would, at the same cost, and means nothing.
 *
 *     input_ids, attention_mask, token_type_ids  int64 [batch, sequence]
 *     last_hidden_state                          float32 [batch, sequence, hidden_size]
 */
import { Graph } from './graph.mjs';
import { float, int64s } from './tensor.mjs';
import { attention, attentionBias, gelu, layerNorm, linear } from './transformer.mjs';

/**
 * The keys of `config.json` that shape the graph.
 *
 * @typedef {{ vocab_size: number, hidden_size: number, num_hidden_layers: number,
 *   num_attention_heads: number, intermediate_size: number, max_position_embeddings: number,
 *   type_vocab_size: number, layer_norm_eps: number }} BertConfig
 * @typedef {import('./random.mjs').Random} Random
 */

/** Uniform in ± this: the standard deviation 0.02 that BERT starts its training with. */
const kBound = 0.02 * Math.sqrt(3);

/** @param {Pick<BertConfig, Exclude<keyof BertConfig, 'type_vocab_size' | 'layer_norm_eps'>>} sizes */
export const bertConfig = (sizes) => ({
  architectures: ['BertModel'],
  model_type: 'bert',
  hidden_act: 'gelu',
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
  type_vocab_size: 2,
  ...sizes,
});

/**
 * @param {BertConfig} config
 * @param {Random} random
 * @param {number} [bound] of the weights; larger ones make small models tell texts apart
 * @returns {Graph}
 */
export function buildBert(config, random, bound = kBound) {
  const graph = new Graph('bert');
  const context = { graph, config, random, bound };
  const dims = ['batch', 'sequence'];
  const ids = graph.input('input_ids', 'int64', dims);
  const integerMask = graph.input('attention_mask', 'int64', dims);
  const types = graph.input('token_type_ids', 'int64', dims);

  const mask = graph.node('Cast', [integerMask], { to: 1 }, 'mask');
  const bias = attentionBias(graph, mask, 'attention_bias');
  let hidden = addEmbeddings(context, ids, types);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    hidden = addLayer(context, hidden, bias, `layers.${layer}`);
  }
  graph.node('Identity', [hidden], {}, 'last_hidden_state');
  graph.output('last_hidden_state', 'float32', [...dims, config.hidden_size]);
  return graph;
}

/** @typedef {{ graph: Graph, config: BertConfig, random: Random, bound: number }} Context */

/** @param {Context} context @param {number} from @param {number} to */
const randomLinear = ({ random, bound }, from, to) => ({
  weight: random.weights([from, to], bound),
  bias: random.weights([to], bound),
});

/** @param {Context} context @param {string} x @param {string} name */
function addNorm({ graph, config, random, bound }, x, name) {
  const width = config.hidden_size;
  const norm = { scale: random.weights([width], bound, 1), bias: random.weights([width], bound) };
  return layerNorm(graph, x, norm, config.layer_norm_eps, name);
}

/** @param {Context} context @param {string} ids @param {string} types */
function addEmbeddings(context, ids, types) {
  const { graph, config, random, bound } = context;
  /** @param {string} name @param {number} rows */
  const table = (name, rows) =>
    graph.constant(`embeddings.${name}`, random.weights([rows, config.hidden_size], bound));
  const words = table('words', config.vocab_size);
  const positions = table('positions', config.max_position_embeddings);
  const typeTable = table('types', config.type_vocab_size);
  const zero = graph.constant('embeddings.start', int64s([0]));

  const word = graph.node('Gather', [words, ids], {}, 'embeddings.word');
  const type = graph.node('Gather', [typeTable, types], {}, 'embeddings.type');
  const length = graph.node('Shape', [ids], { start: 1, end: 2 }, 'embeddings.length');
  const used = graph.node('Slice', [positions, zero, length], {}, 'embeddings.position');
  const typed = graph.node('Add', [word, type], {}, 'embeddings.typed');
  const sum = graph.node('Add', [typed, used], {}, 'embeddings.sum');
  return addNorm(context, sum, 'embeddings.norm');
}

/** @param {Context} context @param {string} x @param {string} bias @param {string} name */
function addLayer(context, x, bias, name) {
  const { graph, config } = context;
  const width = config.hidden_size;
  /** @param {string} input @param {number} from @param {number} to @param {string} part */
  const project = (input, from, to, part) =>
    linear(graph, input, randomLinear(context, from, to), `${name}.${part}`);
  const heads = config.num_attention_heads;
  const size = width / heads;
  const factor = graph.constant(`${name}.attention.q_scale`, float(1 / Math.sqrt(size)));
  const unscaled = project(x, width, width, 'attention.q');
  const k = project(x, width, width, 'attention.k');
  const v = project(x, width, width, 'attention.v');
  const q = graph.node('Mul', [unscaled, factor], {}, `${name}.attention.q_scaled`);
  const mixed = attention(graph, { q, k, v, bias }, { heads, size }, `${name}.attention.heads`);

  const attended = project(mixed, width, width, 'attention.projection');
  const withInput = graph.node('Add', [attended, x], {}, `${name}.attention.residual`);
  const middle = addNorm(context, withInput, `${name}.attention.norm`);

  const expanded = project(middle, width, config.intermediate_size, 'ffn.expand');
  const active = gelu(graph, expanded, `${name}.ffn.gelu`);
  const contracted = project(active, config.intermediate_size, width, 'ffn.contract');
  const withMiddle = graph.node('Add', [contracted, middle], {}, `${name}.ffn.residual`);
  return addNorm(context, withMiddle, `${name}.ffn.norm`);
}
