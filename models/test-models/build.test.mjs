// node --test models/*/*.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import './build.mjs';

const kOutput = fileURLToPath(new URL('../../build/test-models/', import.meta.url));
ort.env.wasm.numThreads = 1;

/** @param {string} path @param {string[]} [files] that hold its weights, beside it */
const open = (path, files = []) =>
  ort.InferenceSession.create(new Uint8Array(readFileSync(join(kOutput, path))), {
    logSeverityLevel: 4,
    externalData: files.map((name) => ({
      path: name,
      data: new Uint8Array(readFileSync(join(kOutput, dirname(path), name))),
    })),
  });

/** @param {string} path @param {Record<string, import('onnxruntime-web').Tensor>} feeds */
async function run(path, feeds, files = []) {
  const session = await open(path, files);
  try {
    return await session.run(feeds, { logSeverityLevel: 4 });
  } finally {
    await session.release();
  }
}

/** @param {number[]} dims @param {number[]} values */
const floats = (dims, values) => new ort.Tensor('float32', values, dims);
/** @param {number[]} dims @param {number[]} values */
const integers = (dims, values) => new ort.Tensor('int64', values.map(BigInt), dims);

test('identity: each type comes back as it went in', async () => {
  const numbers = ['float32', 'float64', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'];
  const cases = [
    ...numbers.map((type) => [type, [0, 1, 100]]),
    ['int64', [0n, -(2n ** 63n)]],
    ['uint64', [0n, 2n ** 64n - 1n]],
    ['float16', Uint16Array.of(0, 0x3c00)],
    ['bool', [true, false]],
    ['string', ['', 'grüß dich', '👩']],
  ];
  for (const [type, values] of cases) {
    const x = new ort.Tensor(type, values, [values.length]);
    const { y } = await run(`identity-${type}.onnx`, { x });
    assert.equal(y.type, type);
    assert.deepEqual(y.data, x.data, type);
  }
  const empty = await run('identity-float32.onnx', { x: floats([0], []) });
  assert.deepEqual([...empty.y.dims], [0]);
});

test('shapes: scalar, fixed, nameless, any rank, shared names', async () => {
  assert.deepEqual([...(await run('scalar.onnx', { x: floats([], [1]) })).y.data], [2]);
  assert.deepEqual(
    [...(await run('fixed.onnx', { x: floats([2, 3], [1, 2, 3, 4, 5, 6]) })).y.data],
    [2, 3, 4, 5, 6, 7],
  );
  await assert.rejects(run('fixed.onnx', { x: floats([3, 2], [1, 2, 3, 4, 5, 6]) }));
  assert.deepEqual(
    [...(await run('unnamed-dims.onnx', { x: floats([1, 2], [1, 2]) })).y.dims],
    [1, 2],
  );
  assert.deepEqual(
    [...(await run('any-rank.onnx', { x: floats([1, 1, 2], [1, 2]) })).y.dims],
    [1, 1, 2],
  );
  const joined = await run('shared-batch.onnx', {
    a: floats([1, 3], [1, 2, 3]),
    b: floats([1, 2], [4, 5]),
  });
  assert.deepEqual([...joined.joined.data], [1, 2, 3, 4, 5]);
});

test('inputs and outputs: several, none, left out, in another file', async () => {
  const labels = new ort.Tensor('string', ['a', 'b'], [2]);
  const keep = new ort.Tensor('bool', [true, false], [2]);
  const numbers = floats([2, 2], [1, 2, 3, 4]);
  const mixed = await run('mixed.onnx', { numbers, factor: floats([], [10]), keep, labels });
  assert.deepEqual([...mixed.scaled.data], [10, 20, 30, 40]);
  assert.deepEqual([...mixed.kept.data], [1n]);
  assert.deepEqual([...mixed.same_labels.data], ['a', 'b']);
  const sum = await run('add.onnx', {
    a: floats([1, 4], [1, 2, 3, 4]),
    b: floats([1, 4], [1, 1, 1, 1]),
  });
  assert.deepEqual([...sum.sum.data], [2, 3, 4, 5]);
  assert.deepEqual([...(await run('no-input.onnx', {})).y.data], [1, 2, 3]);
  const x = floats([1], [1]);
  assert.deepEqual([...(await run('default-input.onnx', { x })).y.data], [11]);
  // Giving `offset` cannot be tried here: ONNX Runtime's JavaScript does not list it, and drops such feeds.
  const external = await run('external-data/model.onnx', { x: floats([1, 4], [0, 0, 0, 0]) }, [
    'weights.bin',
  ]);
  assert.deepEqual([...external.y.data], [1, 2, 3, 4]);
});

test('failures: at load, and while running', async () => {
  await assert.rejects(open('unknown-operator.onnx'), /NoSuchOperator/);
  assert.deepEqual(
    [...(await run('fail-gather.onnx', { index: integers([1], [3]) })).rows.data],
    [6, 7],
  );
  await assert.rejects(run('fail-gather.onnx', { index: integers([1], [4]) }));
  assert.deepEqual(
    [...(await run('fail-reshape.onnx', { x: floats([6], [1, 2, 3, 4, 5, 6]) })).y.dims],
    [2, 3],
  );
  await assert.rejects(run('fail-reshape.onnx', { x: floats([5], [1, 2, 3, 4, 5]) }));
  assert.deepEqual((await open('sequence-output.onnx')).outputNames, ['parts']);
});

test('slow: takes as long as it is told', async () => {
  const session = await open('slow.onnx');
  /** @param {number} count */
  const seconds = async (count) => {
    const started = performance.now();
    const { y } = await session.run({ iterations: integers([], [count]) });
    assert.ok(Math.abs(y.data[0]) <= 1);
    return (performance.now() - started) / 1000;
  };
  await seconds(1);
  const [short, long] = [await seconds(10), await seconds(100)];
  assert.ok(long > 3 * short, `10 iterations: ${short} s, 100: ${long} s`);
});

test('tiny-bert: padding has no effect, texts differ, types count', async () => {
  const session = await open('tiny-bert/onnx/model.onnx');
  /** @param {number[]} ids @param {number[]} mask @param {number} [type] */
  const cls = async (ids, mask, type = 0) => {
    const dims = [1, ids.length];
    const { last_hidden_state: hidden } = await session.run({
      input_ids: integers(dims, ids),
      attention_mask: integers(dims, mask),
      token_type_ids: integers(
        dims,
        ids.map(() => type),
      ),
    });
    assert.deepEqual([...hidden.dims], [1, ids.length, 32]);
    return hidden.data.slice(0, 32);
  };
  /** @param {Float32Array} a @param {Float32Array} b */
  const distance = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  const alone = await cls([2, 10, 11, 3], [1, 1, 1, 1]);
  assert.ok(distance(alone, await cls([2, 10, 11, 3, 0, 0], [1, 1, 1, 1, 0, 0])) < 1e-6);
  assert.ok(distance(alone, await cls([2, 12, 11, 3], [1, 1, 1, 1])) > 1e-3);
  assert.ok(distance(alone, await cls([2, 10, 11, 3], [1, 1, 1, 1], 1)) > 1e-3);
});

test('tiny-bert: every piece of the tokenizer has an embedding, once', () => {
  /** @param {string} name */
  const json = (name) => JSON.parse(readFileSync(join(kOutput, 'tiny-bert', name), 'utf8'));
  /** @type {[string, number][]} */
  const vocabulary = json('tokenizer.json').model.vocab;
  const pieces = vocabulary.map(([piece]) => piece);
  assert.equal(new Set(pieces).size, pieces.length);
  assert.equal(json('config.json').vocab_size, pieces.length);
  for (const letter of 'azAZ09.,') assert.ok(pieces.includes(letter), letter);
});
