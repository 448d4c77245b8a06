/**
 * Where each part of the encoder stands among the published weights. The names are those of the
 * TensorFlow variables and of constants that its converter folded.
 */
import { reshape } from '../lib/tensor.mjs';

const kEncoder = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const kModule = 'module/Encoder_en';

/**
 * @typedef {import('../lib/tensor.mjs').Tensor} Tensor
 * @typedef {import('../lib/transformer.mjs').Linear} Linear
 * @typedef {import('../lib/transformer.mjs').Norm} Norm
 * @typedef {{ attentionNorm: Norm, qkv: Linear, attentionOutput: Linear, feedForwardNorm: Norm,
 *   expand: Linear, contract: Linear }} LayerWeights
 */

/** Kernels of 1×1 convolutions are matrices. @param {Tensor} kernel */
const matrix = (kernel) => reshape(kernel, kernel.dims.slice(-2));

/** @param {import('./source.mjs').Source} source @param {number} index @returns {LayerWeights} */
export function layerWeights({ weight }, index) {
  const own = `${kEncoder}/Layer_${index}/TransformerLayer`;
  const stack = `${kEncoder}/TransformerStack/Layer_${index}/TransformerLayer`;
  const variables = `${kModule}/KonaTransformer/Encode/Layer_${index}/TransformerLayer`;
  /** @param {string} prefix @returns {Norm} */
  const norm = (prefix) => ({
    scale: weight(`${own}/${prefix}layer_norm/layer_norm_scale/ConcatPartitions/concat`),
    bias: weight(`${own}/${prefix}layer_norm/layer_norm_bias/ConcatPartitions/concat`),
  });
  /** @param {string} part @returns {Linear} */
  const projection = (part) => ({
    weight: matrix(weight(`${variables}/MultiheadAttention/${part}/kernel/part_0`)),
    bias: weight(`${own}/MultiheadAttention/${part}/bias/ConcatPartitions/concat`),
  });
  /** @param {string} part @returns {Linear} */
  const feedForward = (part) => ({
    weight: weight(`${stack}/FFN/${part}/Tensordot/Reshape_1`),
    bias: weight(`${own}/FFN/${part}/bias/ConcatPartitions/concat`),
  });
  return {
    attentionNorm: norm('layer_prepostprocess/'),
    qkv: projection('qkv_transform_single'),
    attentionOutput: projection('output_transform_single'),
    feedForwardNorm: norm('FFN/layer_prepostprocess/'),
    expand: feedForward('conv1'),
    contract: feedForward('conv2'),
  };
}

/** @param {import('./source.mjs').Source} source @returns {Tensor} [pieces, 256] */
export const embeddingTable = ({ weight }) => weight('module/Embeddings_en');

/** @param {import('./source.mjs').Source} source @returns {Tensor} [1, 128], a frequency a pair */
export const positionFrequencies = ({ weight }) =>
  weight(`${kEncoder}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`);

/** Brings layer 0's input to its output's width. @param {import('./source.mjs').Source} source */
export const residualProjection = ({ weight }) => ({
  weight: weight(`${kEncoder}/Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat`),
  bias: weight(`${kEncoder}/Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat`),
});

/** The layer after pooling. @param {import('./source.mjs').Source} source @returns {Linear} */
export const headWeights = ({ weight }) => ({
  weight: weight(`${kModule}/hidden_layers/tanh_layer_0/weights`),
  bias: weight(`${kModule}/hidden_layers/tanh_layer_0/bias`),
});
