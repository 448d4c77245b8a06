/** Warm-up: runs of shapes before the first request. What they feed, session_callbacks.test.ts sees. */
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor, pipeline } from 'infercore';
import type { SessionOptions } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { testModel } from './model_paths';

async function create(name: string, options: SessionOptions = {}): Promise<InferenceSession> {
  return InferenceSession.create(model(name), options);
}

const bert = { input_ids: [2, 8], attention_mask: [2, 8], token_type_ids: [2, 8] };

test('belongs to the loading, with its time in the report', async () => {
  const plain = await create('tiny-bert/onnx/model');
  expect(plain.report.phases).not.toHaveProperty('warmup');
  await plain.dispose();
  const session = await create('tiny-bert/onnx/model', { warmup: [bert, bert] });
  const { warmup } = session.report.phases;
  expect(warmup).toBeGreaterThan(0);
  await session.warmup([bert]);
  expect(session.report.phases['warmup']).toBeGreaterThan(warmup ?? 0);
  await session.dispose();
});

test('makes tensors of each type', async () => {
  const session = await create('mixed');
  await session.warmup([{ numbers: [2, 3], factor: [], keep: [2], labels: [2] }]);
  await session.warmup([{ numbers: [0, 3], factor: [], keep: [0], labels: [0] }]);
  await session.dispose();
  for (const type of ['float64', 'float16', 'int8', 'uint8', 'int16', 'int64', 'bool', 'string']) {
    const identity = await create(`identity-${type}`, { warmup: [{ x: [3] }] });
    await identity.dispose();
  }
});

test('no shapes are no runs', async () => {
  const session = await create('add', { warmup: [] });
  await session.warmup([]);
  expect((await session.run({ a: one, b: one }))['sum']?.data[0]).toBe(2);
  await session.dispose();
});
const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);

test('a pipeline takes it, too', async () => {
  const warmup = [{ input_ids: [1, 4], attention_mask: [1, 4], token_type_ids: [1, 4] }];
  const embed = await pipeline('feature-extraction', testModel('tiny-sentence'), { warmup });
  expect(embed.report.phases['warmup']).toBeGreaterThan(0);
  await embed.dispose();
});

describe('shapes that do not fit', () => {
  test('are told all at once, before anything runs', async () => {
    const session = await create('add');
    const warmup = session.warmup([
      { a: [1, 4], b: [1, 4] },
      { a: [1, 4], bb: [1, 4] },
      { a: [4], b: [1, 5] },
      { a: [1, -4], b: '1x4' },
      7,
      { a: [2, 4], b: [1, 4] },
    ] as never);
    const error = await errorOf(warmup, 'INVALID_INPUT');
    expect(error.message).toContain('the shapes of warmup do not fit the model');
    expect(error.faults?.map(({ path, message }) => [path, message])).toEqual([
      ['warmup[1].b', 'warmup[1]: missing input "b": expected float32 [batch, 4]'],
      ['warmup[1].bb', 'warmup[1]: unknown input "bb"; the model takes "a", "b"'],
      ['warmup[2].a', 'warmup[2]: expected 2 dimensions [batch, 4] for input "a", received 1: [4]'],
      [
        'warmup[2].b',
        'warmup[2]: expected size 4 on axis 1 of input "b" [batch, 4], received [1, 5]',
      ],
      ['warmup[3].a', 'warmup[3]: input "a": expected whole numbers ≥ 0, received -4'],
      ['warmup[3].b', 'warmup[3]: input "b": expected an array of dimensions, received "1x4"'],
      ['warmup[4]', 'expected an object of dimensions by input for warmup[4], received 7'],
      [
        'warmup[5].b',
        'warmup[5]: "batch" is one size in all inputs, received 2 on axis 0 of "a" and 1 on axis 0 of "b"',
      ],
    ]);
    expect(session.report.phases).not.toHaveProperty('warmup');
    await session.dispose();
  });

  test('end the loading', async () => {
    const wrong = create('add', { warmup: [{ a: [1, 4] }] });
    expect(await faultsOf(wrong, 'INVALID_INPUT')).toEqual([
      'warmup[0]: missing input "b": expected float32 [batch, 4]',
    ]);
    expect(await faultsOf(create('add', { warmup: 3 as never }), 'INVALID_INPUT')).toEqual([
      'expected an array of shapes for warmup, received 3',
    ]);
  });

  test('by the limits of constraints', async () => {
    const constraints = { a: { batch: { max: 4 } } };
    const session = await create('add', { constraints });
    const warmup = session.warmup([{ a: [8, 4], b: [8, 4] }]);
    expect(await faultsOf(warmup, 'INVALID_INPUT')).toEqual([
      'warmup[0]: expected a size that is at most 4 on axis "batch" of input "a", received 8',
    ]);
    await session.dispose();
  });

  test('that nobody has memory for', async () => {
    const session = await create('identity-float32');
    const warmup = session.warmup([{ x: [2 ** 50] }]);
    const error = await errorOf(warmup, 'LIMIT_EXCEEDED');
    expect(error.message).toBe(
      'no memory for the 1125899906842624 elements of float32 that warmup asks for input "x"',
    );
    await session.dispose();
  });
});

describe('is ended', () => {
  test('by the signal and the time limit of the loading', async () => {
    const controller = new AbortController();
    const warmup = Array.from({ length: 20_000 }, () => bert);
    const loading = create('tiny-bert/onnx/model', { warmup, signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 100);
    const error = await errorOf(loading, 'ABORTED');
    expect(error.message).toBe('loading the model was aborted');
    await errorOf(create('tiny-bert/onnx/model', { warmup, timeoutMs: 700 }), 'TIMEOUT');
  });

  test('by its own signal', async () => {
    const session = await create('add');
    const signal = AbortSignal.abort();
    await errorOf(session.warmup([{ a: [1, 4], b: [1, 4] }], { signal }), 'ABORTED');
    await session.dispose();
    await errorOf(session.warmup([]), 'DISPOSED');
  });
});
