// node --test models/*/*.test.mjs
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import './build.mjs';
import directory from './index.mjs';

const require = createRequire(import.meta.url);

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(join(directory, path), 'utf8'));

test('default model: import and require give the same folder', () => {
  assert.equal(require('@infercore/default-model'), directory);
  assert.ok(existsSync(join(directory, 'onnx', 'model.onnx')));
});

test('default model: the package holds every generated file', () => {
  const { files } = json('package.json');
  const sums = readFileSync(join(directory, 'SHA256SUMS'), 'utf8').trim().split('\n');
  for (const path of sums.map((line) => line.split('  ')[1])) {
    // npm packs LICENSE without being told.
    assert.ok(path === 'LICENSE' || files.includes(path), path);
  }
});

test('default model: the configuration files agree with each other and with the vocabulary', () => {
  const config = json('config.json');
  const { model, truncation, padding } = json('tokenizer.json');
  const limit = config.max_position_embeddings;
  assert.equal(truncation.max_length, limit);
  assert.equal(json('tokenizer_config.json').model_max_length, limit);
  assert.equal(json('sentence_bert_config.json').max_seq_length, limit);
  assert.equal(padding.pad_id, config.pad_token_id);
  assert.equal(model.vocab[padding.pad_id][0], json('special_tokens_map.json').pad_token);
  assert.ok(model.vocab.length <= config.vocab_size);
  assert.equal(json('1_Pooling/config.json').word_embedding_dimension, config.hidden_size);
  assert.equal(json('2_Dense/config.json').in_features, config.hidden_size);
});

test('default model: 2_Dense holds the tensors its configuration announces', () => {
  const { in_features: inputs, out_features: outputs } = json('2_Dense/config.json');
  const bytes = readFileSync(join(directory, '2_Dense', 'model.safetensors'));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
  assert.deepEqual(header['linear.weight'].shape, [outputs, inputs]);
  assert.deepEqual(header['linear.bias'].shape, [outputs]);
});
