/**
 * Makes the models that benchmarks use where no trained one can be had, in build/bench-models: the
 * shape and the cost of a known model, with seeded random weights.
 *
 *     node models/bench-models/build.mjs [NAME …]
 *
 * minilm-l6-shaped (the one that is made without a name): an encoder like all-MiniLM-L6-v2 (mean
 * pooling, normalization). bert-base-shaped: one like BERT-base, 440 MB. They have no tokenizer:
 * benchmarks feed ids.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bertConfig, buildBert } from '../lib/bert.mjs';
import { sha256OfFile, writeOutput } from '../lib/output.mjs';
import { Random } from '../lib/random.mjs';
import { sentenceTransformerFiles } from '../lib/sentence-transformer.mjs';

const kFolder = fileURLToPath(new URL('../../build/bench-models/', import.meta.url));
const kVocabulary = { vocab_size: 30522, max_position_embeddings: 512 };

const kModels = {
  'minilm-l6-shaped': {
    maxTokens: 256,
    seed: 384,
    sizes: {
      ...kVocabulary,
      hidden_size: 384,
      num_hidden_layers: 6,
      num_attention_heads: 12,
      intermediate_size: 1536,
    },
  },
  'bert-base-shaped': {
    maxTokens: 512,
    seed: 768,
    sizes: {
      ...kVocabulary,
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
    },
  },
};

/** @param {keyof typeof kModels} name */
function build(name) {
  const started = performance.now();
  const { maxTokens, seed, sizes } = kModels[name];
  const config = bertConfig(sizes);
  const head = {
    width: config.hidden_size,
    maxTokens,
    pooling: /** @type {const} */ ('mean_tokens'),
  };
  const files = new Map([
    ['config.json', config],
    ...sentenceTransformerFiles(head),
    ['onnx/model.onnx', buildBert(config, new Random(seed)).toModel()],
  ]);
  for (const [path, content] of files) writeOutput(join(kFolder, name, path), content);
  const model = join(kFolder, name, 'onnx', 'model.onnx');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${sha256OfFile(model)}  ${model}  ${statSync(model).size} bytes, ${seconds} s`);
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in kModels));
if (unknown.length > 0) {
  console.error(`unknown model ${unknown.join(', ')}; there are: ${Object.keys(kModels)}`);
  process.exitCode = 2;
} else {
  for (const name of names.length > 0 ? names : ['minilm-l6-shaped']) build(name);
}
