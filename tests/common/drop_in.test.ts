import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { InferenceSession as Common } from 'onnxruntime-common';
import { testModel } from './model_paths';

describe('a program written for onnxruntime-common', () => {
  test('finds the same class, types and members', async () => {
    const options: InferenceSession.SessionOptions = { graphOptimizationLevel: 'all' };
    const session: Common = await InferenceSession.create(testModel('add.onnx'), options);
    const tensor = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    const feeds: InferenceSession.FeedsType = { a: tensor, b: tensor };
    const results: InferenceSession.ReturnType = await session.run(feeds);
    expect(results['sum']?.data).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(session.inputNames).toEqual(['a', 'b']);
    session.startProfiling();
    session.endProfiling();
    await session.release();
  });
});
