// node --test models/*/*.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from './graph.mjs';
import { ProtoWriter } from './protobuf.mjs';
import { Random } from './random.mjs';
import { encodeSafetensors } from './safetensors.mjs';
import { float, floatsOf, int64s, scale, tensor, transpose } from './tensor.mjs';

/** @param {Uint8Array} bytes */
const hex = (bytes) => Buffer.from(bytes).toString('hex');

test('protobuf: varints, negative numbers, floats and nested messages', () => {
  assert.equal(hex(new ProtoWriter().varint(1, 150).finish()), '089601');
  assert.equal(hex(new ProtoWriter().varint(1, -1).finish()), '08ffffffffffffffffff01');
  assert.equal(hex(new ProtoWriter().float(2, 1).finish()), '150000803f');
  assert.equal(hex(new ProtoWriter().string(2, 'testing').finish()), '120774657374696e67');
  const inner = new ProtoWriter().varint(1, 150);
  assert.equal(hex(new ProtoWriter().message(3, inner).finish()), '1a03089601');
  assert.equal(hex(new ProtoWriter().varint(20, 1).finish()), 'a00101');
});

test('tensor: little-endian bytes, scalars, wrong counts', () => {
  assert.equal(hex(tensor('int16', [2], [1, -1]).bytes), '0100ffff');
  assert.equal(hex(int64s([-1]).bytes), 'ffffffffffffffff');
  assert.deepEqual(float(0.5).dims, []);
  assert.deepEqual(tensor('string', [2], ['a', 'ß']).strings, ['a', 'ß']);
  assert.throws(() => tensor('float32', [2, 3], [1]), /\[2,3\] needs 6 values, got 1/);
});

test('tensor: transpose and scale', () => {
  const matrix = tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...floatsOf(transpose(matrix))], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual(transpose(matrix).dims, [3, 2]);
  assert.deepEqual([...floatsOf(scale(matrix, 2))], [2, 4, 6, 8, 10, 12]);
});

test('safetensors: header, offsets, alignment, data', () => {
  const tensors = { a: tensor('float32', [2], [1, 2]), b: tensor('int64', [], [7n]) };
  const bytes = encodeSafetensors(tensors);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'));
  assert.deepEqual(header, {
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    b: { dtype: 'I64', shape: [], data_offsets: [8, 16] },
  });
  assert.equal(hex(bytes.subarray(8 + length)), '0000803f000000400700000000000000');
  assert.throws(() => encodeSafetensors({ s: tensor('string', [1], ['x']) }), /s: .*string/);
});

test('graph: the bytes of a whole small model', () => {
  const graph = new Graph('g');
  const x = graph.input('x', 'float32', ['n']);
  graph.output(graph.node('Identity', [x], {}, 'y'), 'float32', ['n']);
  const info = '120b' + '0a09' + '0801' + '1205' + '0a03' + '12016e'; // tensor type: float32, [n]
  const node = '0a0178' + '120179' + '1a0179' + '22084964656e74697479'; // x -> y, named y, Identity
  const body =
    `0a13${node}` + // node
    '120167' + // name: g
    `5a100a0178${info}` + // input x
    `62100a0179${info}`; // output y
  const size = (body.length / 2).toString(16);
  const expected =
    '0808' + // ir_version: 8
    '1209696e666572636f7265' + // producer_name: infercore
    `3a${size}${body}` + // graph
    '42040a001011'; // opset_import: the default domain, 17
  assert.equal(hex(graph.toModel()), expected);
});

test('graph: a name is defined once', () => {
  const graph = new Graph('g');
  graph.input('x', 'float32', []);
  assert.throws(() => graph.node('Neg', ['x'], {}, 'x'), /'x' is already defined/);
});

test('random: the same numbers for the same seed', () => {
  const weights = floatsOf(new Random(7).weights([3], 0.5));
  assert.deepEqual(weights, floatsOf(new Random(7).weights([3], 0.5)));
  assert.notDeepEqual(weights, floatsOf(new Random(8).weights([3], 0.5)));
  assert.ok(weights.every((value) => Math.abs(value) <= 0.5));
});
