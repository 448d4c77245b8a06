/**
 * The files that tell sentence-transformers (and its readers) what follows an encoder: pooling, then
 * possibly a dense layer with tanh, then normalization to length 1.
 */
import { encodeSafetensors } from './safetensors.mjs';
import { transpose } from './tensor.mjs';

const kPoolings = ['cls_token', 'mean_tokens', 'max_tokens'];

/**
 * @param {{ width: number, maxTokens: number, pooling: 'cls_token' | 'mean_tokens' | 'max_tokens',
 *   dense?: import('./transformer.mjs').Linear }} head dense.weight is [in, out]
 * @returns {Map<string, Uint8Array | object>} by path
 */
export function sentenceTransformerFiles({ width, maxTokens, pooling, dense }) {
  const modes = kPoolings.map((mode) => [`pooling_mode_${mode}`, mode === pooling]);
  /** @type {[string, string][]} type and folder */
  const modules = [
    ['Transformer', ''],
    ['Pooling', '1_Pooling'],
    ...(dense ? [/** @type {[string, string]} */ (['Dense', '2_Dense'])] : []),
    ['Normalize', dense ? '3_Normalize' : '2_Normalize'],
  ];
  /** @type {Map<string, Uint8Array | object>} */
  const files = new Map([
    [
      'modules.json',
      modules.map(([type, path], idx) => ({
        idx,
        name: String(idx),
        path,
        type: `sentence_transformers.models.${type}`,
      })),
    ],
    ['sentence_bert_config.json', { max_seq_length: maxTokens, do_lower_case: false }],
    ['1_Pooling/config.json', { word_embedding_dimension: width, ...Object.fromEntries(modes) }],
  ]);
  if (dense) addDense(files, dense);
  return files;
}

/** @param {Map<string, Uint8Array | object>} files @param {import('./transformer.mjs').Linear} dense */
function addDense(files, { weight, bias }) {
  const [inFeatures, outFeatures] = weight.dims;
  files.set('2_Dense/config.json', {
    in_features: inFeatures,
    out_features: outFeatures,
    bias: true,
    activation_function: 'torch.nn.modules.activation.Tanh',
  });
  const tensors = { 'linear.weight': transpose(weight), 'linear.bias': bias };
  files.set('2_Dense/model.safetensors', encodeSafetensors(tensors));
}
