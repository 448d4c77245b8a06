/** What counts as the same outputs, where no model makes the ones that are needed. */
import { expect, test } from '@jest/globals';
import type * as DigestModule from '../../js/src/bench/digest';
import { sourceModule } from './source_module';

const { digestOf, judgementFor } = await sourceModule<typeof DigestModule>('bench/digest');

const outputs = (dims: number[], data: Float32Array) => ({
  y: { type: 'float32' as const, dims, data },
});
const rows = Float32Array.from({ length: 16 * 8 }, (_, i) => Math.sin(i + 1));

test('one wrong item among many is wrong, however few bits the file holds', () => {
  const broken = rows.slice();
  broken.fill(0, 40, 48);
  for (const dtype of ['fp16', 'q8', 'q4'] as const) {
    const digest = digestOf(
      outputs([16, 8], rows),
      outputs([16, 8], broken),
      judgementFor(dtype, {}),
    );
    expect(digest.matches).toBe(false);
    expect(digest.outputs[0]?.cosine).toBe(0);
  }
  const near = rows.map((value) => value * 1.01);
  expect(
    digestOf(outputs([16, 8], rows), outputs([16, 8], near), judgementFor('q8', {})).matches,
  ).toBe(true);
});

test('nothing that could be compared is nothing right', () => {
  expect(digestOf({}, {}, judgementFor('fp32', {})).matches).toBe(false);
});
