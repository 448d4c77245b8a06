import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { addon, addonPath, failureOf, model, valueOf } from './native_addon';

const loadTokenizer = async () => {
  const json = readFileSync(model('tiny-bert/tokenizer').replace(/onnx$/, 'json'));
  return valueOf(await addon.loadTokenizer(new Uint8Array(json), undefined));
};

test('a search goes to the pool when it is large, also for one query', async () => {
  const matrix = new Float32Array(2e6).fill(1);
  const query = new Float32Array(500).fill(1);
  const small = addon.search(query, matrix.subarray(0, 500), 500, 1);
  expect(small).not.toHaveProperty('then');
  const large = addon.search(query, matrix, 500, 1);
  expect(large).toHaveProperty('then');
  expect([...valueOf(await large).indices]).toEqual([0]);
});

test('a worker thread ends while its search is under way', () => {
  const code = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(\`
      const addon = require(${JSON.stringify(addonPath)});
      const matrix = new Float32Array(512 * 40000).fill(1);
      for (let i = 0; i < 4; ++i) addon.search(matrix.subarray(0, 512 * 8), matrix, 512, 1);
      require('node:worker_threads').parentPort.postMessage('begun');
    \`, { eval: true });
    worker.once('message', () => setTimeout(() => worker.terminate().then(() => console.log('ended')), 20));
  `;
  expect(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' })).toBe('ended\n');
});

test('a deleted tokenizer is DISPOSED, and what had begun with it goes on', async () => {
  const tokenizer = await loadTokenizer();
  const options = { addSpecialTokens: true, truncation: null, padding: null };
  const cancellation = new addon.Cancellation();
  const encode = () =>
    addon.encodeBatchAsync(tokenizer, ['hello world'], [], options, false, cancellation);
  const begun = encode();
  tokenizer.delete();
  expect(valueOf(await begun).ids.length).toBeGreaterThan(0);
  expect(failureOf(await encode()).code).toBe('DISPOSED');
});

test('a tokenizer loads on the calling thread, too', () => {
  const json = readFileSync(model('tiny-bert/tokenizer').replace(/onnx$/, 'json'));
  const tokenizer = valueOf(addon.loadTokenizerSync(new Uint8Array(json)));
  expect(valueOf(tokenizer.countTokens('hello world', false))).toBeGreaterThan(0);
  tokenizer.delete();
  expect(failureOf(addon.loadTokenizerSync(new Uint8Array(3))).code).toBe('NOT_A_TOKENIZER');
  expect(failureOf(addon.loadTokenizerSync('json' as never)).code).toBe('INVALID_INPUT');
});

test("a Dense layer that can't be read is a failure", async () => {
  const junk = new Uint8Array([1, 2, 3]);
  expect(failureOf(await addon.loadDense(junk, junk)).code).toBe('NOT_A_MODEL');
  expect(failureOf(await addon.loadDense(junk, 'weights' as never)).code).toBe('INVALID_INPUT');
});
