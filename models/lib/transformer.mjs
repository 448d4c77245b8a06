/**
 * Parts that transformer graphs share. Each adds its nodes under `name` and returns the value that
 * holds the result. Hidden states are [batch, sequence, width]; matrices are [in, out].
 *
 * @typedef {import('./graph.mjs').Graph} Graph
 * @typedef {import('./tensor.mjs').Tensor} Tensor
 * @typedef {{ weight: Tensor, bias: Tensor }} Linear
 * @typedef {{ scale: Tensor, bias: Tensor }} Norm
 */
import { float, int64s } from './tensor.mjs';

/** What a masked key's score is lowered by: large enough that softmax gives it exactly 0. */
const kMaskedScore = -1e9;

/** @param {Graph} graph @param {string} x @param {Linear} layer @param {string} name */
export function linear(graph, x, { weight, bias }, name) {
  const w = graph.constant(`${name}.weight`, weight);
  const b = graph.constant(`${name}.bias`, bias);
  const product = graph.node('MatMul', [x, w], {}, `${name}.matmul`);
  return graph.node('Add', [product, b], {}, `${name}.output`);
}

/** @param {Graph} graph @param {string} x @param {Norm} layer @param {number} epsilon @param {string} name */
export function layerNorm(graph, x, { scale, bias }, epsilon, name) {
  const s = graph.constant(`${name}.scale`, scale);
  const b = graph.constant(`${name}.bias`, bias);
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  return graph.node('LayerNormalization', [x, s, b], attributes, `${name}.output`);
}

/**
 * @param {Graph} graph
 * @param {string} mask float [batch, sequence], 1 for a token and 0 for padding
 * @param {string} name
 * @returns {string} [batch, 1, 1, sequence], to be added to attention scores
 */
export function attentionBias(graph, mask, name) {
  const one = graph.constant(`${name}.one`, float(1));
  const score = graph.constant(`${name}.masked_score`, float(kMaskedScore));
  const axes = graph.constant(`${name}.axes`, int64s([1, 2]));
  const padding = graph.node('Sub', [one, mask], {}, `${name}.padding`);
  const lowered = graph.node('Mul', [padding, score], {}, `${name}.lowered`);
  return graph.node('Unsqueeze', [lowered, axes], {}, `${name}.output`);
}

/**
 * softmax(q·kᵀ + bias)·v for each head.
 *
 * @param {Graph} graph
 * @param {{ q: string, k: string, v: string, bias: string }} values q, k, v: [batch, sequence,
 *   heads × size]; q already scaled
 * @param {{ heads: number, size: number }} shape
 * @param {string} name
 * @returns {string} [batch, sequence, heads × size]
 */
export function attention(graph, { q, k, v, bias }, { heads, size }, name) {
  const split = graph.constant(`${name}.split_heads`, int64s([0, 0, heads, size]));
  const join = graph.constant(`${name}.join_heads`, int64s([0, 0, heads * size]));
  /** @param {string} value @param {string} part @param {number[]} perm */
  const byHead = (value, part, perm) => {
    const reshaped = graph.node('Reshape', [value, split], {}, `${name}.${part}.split`);
    return graph.node('Transpose', [reshaped], { perm }, `${name}.${part}.by_head`);
  };
  const queries = byHead(q, 'q', [0, 2, 1, 3]);
  const keys = byHead(k, 'k', [0, 2, 3, 1]);
  const values = byHead(v, 'v', [0, 2, 1, 3]);
  const scores = graph.node('MatMul', [queries, keys], {}, `${name}.scores`);
  const masked = graph.node('Add', [scores, bias], {}, `${name}.masked_scores`);
  const weights = graph.node('Softmax', [masked], { axis: -1 }, `${name}.weights`);
  const context = graph.node('MatMul', [weights, values], {}, `${name}.context`);
  const byToken = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] }, `${name}.by_token`);
  return graph.node('Reshape', [byToken, join], {}, `${name}.output`);
}

/** x · ½(1 + erf(x/√2)): opset 17 has no Gelu. @param {Graph} graph @param {string} x @param {string} name */
export function gelu(graph, x, name) {
  const root = graph.constant(`${name}.sqrt_two`, float(Math.SQRT2));
  const one = graph.constant(`${name}.one`, float(1));
  const half = graph.constant(`${name}.half`, float(0.5));
  const divided = graph.node('Div', [x, root], {}, `${name}.divided`);
  const erf = graph.node('Erf', [divided], {}, `${name}.erf`);
  const shifted = graph.node('Add', [erf, one], {}, `${name}.shifted`);
  const product = graph.node('Mul', [x, shifted], {}, `${name}.product`);
  return graph.node('Mul', [product, half], {}, `${name}.output`);
}
