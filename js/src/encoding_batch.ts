import { Tensor } from 'onnxruntime-common';
import type { EncodingBatchData } from './binding.js';
import type { Encoding } from './encoding.js';
import { InferError } from './error.js';
import { expectOptions, oneOf, type Check } from './option.js';

export type FeedName = 'input_ids' | 'attention_mask' | 'token_type_ids';
const FEED_NAMES: readonly FeedName[] = ['input_ids', 'attention_mask', 'token_type_ids'];

const CHECKS: Readonly<Record<string, Check>> = {
  type: oneOf('int64', 'int32'),
  names: {
    expected: `some of ${FEED_NAMES.join(', ')}`,
    test: (names) =>
      Array.isArray(names) && names.every((name) => FEED_NAMES.includes(name as FeedName)),
  },
};

/** @internal What a batch asks its tokenizer for when it is read. */
export interface BatchReader {
  encode(index: number): Encoding;
  typeIds(): Uint32Array;
  padId(): number;
}

/**
 * Many texts, encoded at once: flat ids with row offsets.
 *
 * @example
 * const batch = tokenizer.encodeBatch(['one text', 'and another']);
 * batch.ids.subarray(batch.rows[1], batch.rows[2]); // the ids of the second
 * const { input_ids, attention_mask } = batch.tensors(); // padded, int64, ready to feed
 */
export class EncodingBatch implements Iterable<Encoding> {
  readonly ids: Uint32Array;
  /** Row i is `ids.subarray(rows[i], rows[i + 1])`. */
  readonly rows: Uint32Array;
  readonly #attentionMask: Uint8Array;
  readonly #reader: BatchReader;

  /** @internal */
  constructor(data: EncodingBatchData, reader: BatchReader) {
    this.ids = data.ids;
    this.rows = data.rows;
    this.#attentionMask = data.attentionMask;
    this.#reader = reader;
  }

  /** The number of texts. */
  get length(): number {
    return this.rows.length - 1;
  }

  /**
   * The encoding of text `index`, without the padding that the batch shares.
   * @throws InferError INVALID_INPUT outside 0 … length − 1
   */
  at(index: number): Encoding {
    if (Number.isInteger(index) && index >= 0 && index < this.length) {
      return this.#reader.encode(index);
    }
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a row from 0 to ${this.length - 1} for at(), received ${index}`,
    });
  }

  *[Symbol.iterator](): Iterator<Encoding> {
    for (let i = 0; i < this.length; ++i) yield this.at(i);
  }

  /**
   * Padded feeds of dims [length, longest]. 64-bit values are written as two halves: no number becomes a BigInt.
   *
   * @param options `names`: which feeds, default all three; `type`: default int64
   * @throws InferError INVALID_OPTION for another name or type, and for an id above 2³¹ − 1 as int32
   */
  tensors(options?: {
    type?: 'int64' | 'int32';
    names?: readonly string[];
  }): Record<string, Tensor> {
    expectOptions('options of tensors', options, CHECKS);
    const { type = 'int64', names = FEED_NAMES } = options ?? {};
    return Object.fromEntries(names.map((name) => [name, this.#tensor(name, type)]));
  }

  #tensor(name: string, type: 'int64' | 'int32'): Tensor {
    switch (name) {
      case 'input_ids':
        return this.#pad(type, this.ids, this.#reader.padId());
      case 'attention_mask':
        return this.#pad(type, this.#attentionMask.length ? this.#attentionMask : 1, 0);
      default:
        return this.#pad(type, this.#reader.typeIds(), 0);
    }
  }

  /** `values`: one for each id, or one for all of them. */
  #pad(type: 'int64' | 'int32', values: Uint32Array | Uint8Array | number, fill: number): Tensor {
    const rows = this.rows;
    let width = 0;
    for (let i = 0; i < this.length; ++i)
      width = Math.max(width, (rows[i + 1] ?? 0) - (rows[i] ?? 0));
    const stride = type === 'int64' ? 2 : 1;
    // Little-endian halves: every engine that runs WebAssembly or ONNX Runtime is little-endian.
    const words = new Int32Array(this.length * width * stride);
    for (let row = 0; row < this.length; ++row) {
      const start = rows[row] ?? 0;
      const size = (rows[row + 1] ?? 0) - start;
      for (let column = 0; column < width; ++column) {
        const value = typeof values === 'number' ? values : (values[start + column] ?? 0);
        words[(row * width + column) * stride] = column < size ? value : fill;
      }
    }
    // All of them are without a sign: a negative one is what 32 bits with a sign made of a larger one.
    const wrapped = type === 'int32' ? words.find((word) => word < 0) : undefined;
    if (wrapped !== undefined) throw doesNotFit(wrapped >>> 0);
    const dims = [this.length, width];
    return type === 'int64'
      ? new Tensor('int64', new BigInt64Array(words.buffer), dims)
      : new Tensor('int32', words, dims);
  }
}

function doesNotFit(id: number): InferError {
  return new InferError({
    code: 'INVALID_OPTION',
    message: `expected ids up to 2147483647 for tensors of int32, received ${id}`,
    hint: "take type: 'int64'",
  });
}
