import { Tensor as Ort } from 'onnxruntime-common';

export type Nested = number | bigint | string | boolean | readonly Nested[];

/** Its own type has a form for each kind of data, which no class can extend. */
const Base = Ort as unknown as new (
  type: Ort.Type,
  data: Ort.DataType | readonly unknown[],
  dims?: readonly number[],
) => Ort;

/** onnxruntime-common's Tensor, which sessions take, with what most programs for transformers.js call on theirs. */
export class Tensor extends Base {
  /** The values in lists as the dims have them; int64 as bigints. */
  tolist(): readonly Nested[] {
    const values = Array.from(this.data as Iterable<Nested>);
    return nested(values, this.dims);
  }
}

function nested(values: readonly Nested[], [size = 1, ...inner]: readonly number[]): Nested[] {
  if (inner.length === 0) return values.slice(0, size);
  const each = inner.reduce((product, dim) => product * dim, 1);
  return Array.from({ length: size }, (_, i) =>
    nested(values.slice(i * each, (i + 1) * each), inner),
  );
}

/** Rows of equal length. Each value is written as two halves: no number becomes a BigInt. */
export function int64Tensor(rows: readonly (readonly number[])[]): Tensor {
  const width = rows[0]?.length ?? 0;
  const halves = new Int32Array(rows.length * width * 2);
  rows.forEach((row, i) => {
    row.forEach((value, j) => {
      halves[(i * width + j) * 2] = value;
    });
  });
  return new Tensor('int64', new BigInt64Array(halves.buffer), [rows.length, width]);
}
