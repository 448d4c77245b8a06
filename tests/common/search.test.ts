import { describe, expect, test } from '@jest/globals';
import { search } from 'infercore';
import { failure } from './failure';
import { seeded } from './random';

function unitRows(rows: number, dimensions: number, seed: number): Float32Array {
  const next = seeded(seed);
  const matrix = Float32Array.from({ length: rows * dimensions }, () => next() - 0.5);
  for (let row = 0; row < rows; ++row) {
    const view = matrix.subarray(row * dimensions, (row + 1) * dimensions);
    const norm = Math.hypot(...view);
    view.forEach((x, i) => (view[i] = x / norm));
  }
  return matrix;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}

describe('search', () => {
  test.each([1, 3, 17, 64, 384, 512])('finds what comparing all rows finds (d = %i)', async (d) => {
    const [n, k] = [200, 5];
    const matrix = unitRows(n, d, 1);
    const queries = unitRows(3, d, 2);
    const { indices, scores } = await search(queries, matrix, { dimensions: d, k });
    expect(indices).toHaveLength(3 * k);
    for (let q = 0; q < 3; ++q) {
      const query = queries.subarray(q * d, (q + 1) * d);
      const score = (i: number) => dot(query, matrix.subarray(i * d, (i + 1) * d));
      const best = Array.from({ length: n }, (_, i) => score(i)).sort((a, b) => b - a);
      for (let j = 0; j < k; ++j) {
        expect(scores[q * k + j]).toBeCloseTo(best[j] ?? NaN, 4);
        expect(score(indices[q * k + j] ?? -1)).toBeCloseTo(best[j] ?? NaN, 4);
      }
    }
  });

  test('gives all rows when there are fewer than k, and none for no rows', async () => {
    const matrix = unitRows(2, 4, 1);
    const few = await search(matrix, matrix, { dimensions: 4, k: 10 });
    expect(few.indices).toHaveLength(4);
    const none = await search(matrix, new Float32Array(), { dimensions: 4, k: 10 });
    expect(none.indices).toHaveLength(0);
  });

  test('finds the same in a large matrix, for one query or many', async () => {
    const [n, d, k] = [5000, 256, 3];
    const matrix = unitRows(n, d, 1);
    const rows = [17, 4321, 0, 4999];
    const queries = Float32Array.from(
      rows.flatMap((i) => [...matrix.subarray(i * d, (i + 1) * d)]),
    );
    const many = await search(queries, matrix, { dimensions: d, k });
    for (const [q, row] of rows.entries()) {
      const query = queries.subarray(q * d, (q + 1) * d);
      const one = await search(query, matrix, { dimensions: d, k });
      expect(one.indices[0]).toBe(row);
      expect(many.indices.subarray(q * k, (q + 1) * k)).toEqual(one.indices);
    }
    expect((await failure(search(queries, matrix, { dimensions: 3, k }))).code).toBe(
      'INVALID_INPUT',
    );
  });

  test('refuses what does not fit', async () => {
    const matrix = unitRows(2, 4, 1);
    const code = async (queries: Float32Array, rows: Float32Array, dimensions: number, k: number) =>
      (await failure(search(queries, rows, { dimensions, k }))).code;
    expect(await code(matrix, matrix, 3, 1)).toBe('INVALID_INPUT');
    expect(await code(matrix, matrix, 4, 0)).toBe('INVALID_OPTION');
    expect(await code(matrix, [1, 2] as unknown as Float32Array, 4, 1)).toBe('INVALID_INPUT');
    expect(await code(Float32Array.of(NaN, 0, 0, 0), matrix, 4, 1)).toBe('INVALID_INPUT');
    const options = { dimension: 4, k: 1.5 } as never;
    const { faults, message } = await failure(search(matrix, matrix, options));
    expect(faults?.map(({ path }) => path)).toEqual(['k', 'dimension', 'dimensions']);
    expect(message).toContain('"dimension" (did you mean "dimensions"?)');
  });
});
