/** Two folders around one tiny BERT: as transformers.js reads it, and as sentence-transformers. */
import { bertConfig, buildBert } from '../lib/bert.mjs';
import { Random } from '../lib/random.mjs';
import { sentenceTransformerFiles } from '../lib/sentence-transformer.mjs';
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
  return new Map([
    ...inFolder('tiny-bert', common),
    ...inFolder('tiny-sentence', [...common, ...head]),
  ]);
}

/**
 * @param {string} folder
 * @param {Iterable<[string, Uint8Array | object]>} files
 * @returns {[string, Uint8Array | object][]}
 */
const inFolder = (folder, files) =>
  Array.from(files, ([path, content]) => [`${folder}/${path}`, content]);
