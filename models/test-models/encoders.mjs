/**
 * Two folders around one tiny BERT: as transformers.js reads it, and as sentence-transformers. Two
 * around graphs that show which inputs texts can give.
 */
import { bertConfig, buildBert } from '../lib/bert.mjs';
import { Graph } from '../lib/graph.mjs';
import { Random } from '../lib/random.mjs';
import { sentenceTransformerFiles } from '../lib/sentence-transformer.mjs';
import { int64s } from '../lib/tensor.mjs';
import { tinyTokenizerFiles, tinyVocabulary } from './tokenizer.mjs';

const kMaxTokens = 64;
const kWidth = 32;
const kEmbeddingWidth = 16;
/** Weights of a usable size for so narrow a model: with BERT's own, all texts look alike. */
const kBound = 0.4;

/** @returns {Map<string, Uint8Array | object>} by path below the output folder */
export function encoderModels() {
  const config = bertConfig({
    vocab_size: tinyVocabulary().length,
    hidden_size: kWidth,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 64,
    max_position_embeddings: kMaxTokens,
  });
  const common = new Map([
    ['config.json', config],
    ...tinyTokenizerFiles(kMaxTokens),
    ['onnx/model.onnx', buildBert(config, new Random(20), kBound).toModel()],
  ]);
  const random = new Random(21);
  const dense = {
    weight: random.weights([kWidth, kEmbeddingWidth], kBound),
    bias: random.weights([kEmbeddingWidth], kBound),
  };
  const head = sentenceTransformerFiles({
    width: kWidth,
    maxTokens: kMaxTokens,
    pooling: 'cls_token',
    dense,
  });
  const folder = new Map([...common, ['onnx/model.onnx', tokenLists().toModel()]]);
  const unfit = new Map([...common, ['onnx/model.onnx', unfitInputs().toModel()]]);
  return new Map([
    ...inFolder('token-lists', folder),
    ...inFolder('unfit-inputs', unfit),
    ...inFolder('tiny-bert', common),
    ...inFolder('tiny-sentence', [...common, ...head]),
  ]);
}

/** The vector of a token is what the lists say about it: id, mask, type, position. */
function tokenLists() {
  const graph = new Graph('token-lists');
  const dims = ['batch', 'sequence'];
  const inputs = [
    graph.input('position_ids', 'int64', dims),
    graph.input('input_ids', 'int32', dims),
    graph.input('attention_mask', 'int32', dims),
    graph.input('token_type_ids', 'int32', dims),
  ];
  const axis = graph.constant('axis', int64s([2]));
  const columns = inputs.map((input) => {
    const floats = graph.node('Cast', [input], { to: 1 }, `${input}.floats`);
    return graph.node('Unsqueeze', [floats, axis], {}, `${input}.column`);
  });
  const [positions, ...others] = columns;
  graph.node('Concat', [...others, positions], { axis: 2 }, 'last_hidden_state');
  graph.output('last_hidden_state', 'float32', [...dims, columns.length]);
  return graph;
}

/** Inputs that texts alone can't give. */
function unfitInputs() {
  const graph = new Graph('unfit-inputs');
  const dims = ['batch', 'sequence'];
  const ids = graph.input('input_ids', 'float32', dims);
  const pixels = graph.input('pixel_values', 'float32', dims);
  graph.output(graph.node('Add', [ids, pixels], {}, 'last_hidden_state'), 'float32', dims);
  graph.output(graph.node('Cast', [ids], { to: 7 }, 'ids'), 'int64', dims);
  return graph;
}

/**
 * @param {string} folder
 * @param {Iterable<[string, Uint8Array | object]>} files
 * @returns {[string, Uint8Array | object][]}
 */
const inFolder = (folder, files) =>
  Array.from(files, ([path, content]) => [`${folder}/${path}`, content]);
