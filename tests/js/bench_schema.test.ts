/** Results are what the published schema says. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { benchmark } from 'infercore/bench';
import type { BenchResult } from 'infercore/bench';
import { schemaFaults } from './bench_schema';

const QUICK = { runs: 100, minMs: 0, warmups: 1, warmupMs: 0 };
const folder = (name: string) => `build/test-models/${name}`;

describe('the published schema', () => {
  test('describes results of tensors and of texts', async () => {
    const tensors = await benchmark(folder('tiny-bert'), { ...QUICK, sequence: 8, batch: [1, 2] });
    expect(schemaFaults(tensors)).toEqual([]);
    const texts = await benchmark(folder('tiny-sentence'), { ...QUICK, texts: ['a', 'b c d'] });
    expect(schemaFaults(texts)).toEqual([]);
  });

  test('describes what failed, what was stopped, and what is wrong', async () => {
    const bytes = (name: string) => readFileSync(folder(`${name}.onnx`));
    const files = {
      'config.json': Buffer.from('{}'),
      'onnx/model.onnx': bytes('identity-float32'),
      'onnx/model_quantized.onnx': bytes('default-input'),
      'onnx/model_q4.onnx': bytes('unknown-operator'),
    };
    const result = await benchmark(files, {
      ...{ ...QUICK, batch: [4, 8], dtype: ['q4', 'q8', 'fp32'], minMs: 400, budgetMs: 1000 },
    });
    const states = new Set(result.configurations.map(({ status }) => status));
    expect(states).toContain('failed');
    expect(result.stopped).toBe('budget');
    expect(schemaFaults(result)).toEqual([]);
  });

  test('refuses what is none', async () => {
    const result = await benchmark(folder('add.onnx'), { ...QUICK, batch: 1, runs: 3 });
    const wrong = { ...result, schemaVersion: 2, more: 1, best: { latency: 3 } } as unknown;
    expect(schemaFaults(wrong as BenchResult).length).toBeGreaterThanOrEqual(3);
  });
});
