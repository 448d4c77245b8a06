/**
 * Makes the models that benchmarks use where no trained one can be had, in build/bench-models: the
 * shape and the cost of a known model, with seeded random weights.
 *
 *     node models/bench-models/build.mjs
 *
 * minilm-l6-shaped: an encoder like all-MiniLM-L6-v2 (mean pooling, normalization). It has no
 * tokenizer: benchmarks feed ids.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bertConfig, buildBert } from '../lib/bert.mjs';
import { sha256OfFile, writeOutput } from '../lib/output.mjs';
import { Random } from '../lib/random.mjs';
import { sentenceTransformerFiles } from '../lib/sentence-transformer.mjs';

const kFolder = fileURLToPath(
  new URL('../../build/bench-models/minilm-l6-shaped/', import.meta.url),
);
const kConfig = bertConfig({
  vocab_size: 30522,
  hidden_size: 384,
  num_hidden_layers: 6,
  num_attention_heads: 12,
  intermediate_size: 1536,
  max_position_embeddings: 512,
});

const started = performance.now();
const head = {
  width: kConfig.hidden_size,
  maxTokens: 256,
  pooling: /** @type {const} */ ('mean_tokens'),
};
const files = new Map([
  ['config.json', kConfig],
  ...sentenceTransformerFiles(head),
  ['onnx/model.onnx', buildBert(kConfig, new Random(384)).toModel()],
]);
for (const [path, content] of files) writeOutput(join(kFolder, path), content);
const model = join(kFolder, 'onnx', 'model.onnx');
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${sha256OfFile(model)}  ${model}  ${statSync(model).size} bytes, ${seconds} s`);
