import type { EncodingData } from './binding.js';

/**
 * One text's tokens: parallel lists, one entry a token.
 *
 * `ids` is made at once; everything else is made by encoding the kept text again when it is first read, because most
 * callers read the ids alone. It holds no native memory.
 */
export class Encoding {
  readonly ids: Uint32Array;
  readonly #read: () => EncodingData;
  #data: EncodingData | undefined;
  #offsets: readonly (readonly [number, number])[] | undefined;
  #overflowing: readonly Encoding[] | undefined;

  /** @internal `read` gives the rest; it is called once at most. */
  constructor(ids: Uint32Array, read: () => EncodingData) {
    this.ids = ids;
    this.#read = read;
  }

  /** @internal */
  static of(data: EncodingData): Encoding {
    return new Encoding(data.ids, () => data);
  }

  get #full(): EncodingData {
    this.#data ??= this.#read();
    return this.#data;
  }

  /** The number of tokens. */
  get length(): number {
    return this.ids.length;
  }
  /** 0 for the text, 1 for its pair (or what the tokenizer's template says). */
  get typeIds(): Uint32Array {
    return this.#full.typeIds;
  }
  /** 1 for tokens, 0 for padding. */
  get attentionMask(): Uint8Array {
    return this.#full.attentionMask;
  }
  /** 1 for tokens that the template added. */
  get specialTokensMask(): Uint8Array {
    return this.#full.specialTokensMask;
  }
  get tokens(): readonly string[] {
    return this.#full.tokens;
  }
  /** Start and end of each token in UTF-16 units of the original text: `text.slice(start, end)`. */
  get offsets(): readonly (readonly [start: number, end: number])[] {
    this.#offsets ??= pairsOf(this.#full.offsets);
    return this.#offsets;
  }
  /** The word each token belongs to; null for special tokens and padding. */
  get wordIds(): readonly (number | null)[] {
    return nullable(this.#full.wordIds);
  }
  /** 0 for the text, 1 for its pair, null for special tokens and padding. */
  get sequenceIds(): readonly (number | null)[] {
    return nullable(this.#full.sequenceIds);
  }
  /** What truncation cut off, in parts of the maximum length. */
  get overflowing(): readonly Encoding[] {
    this.#overflowing ??= this.#full.overflowing.map((part) => Encoding.of(part));
    return this.#overflowing;
  }
}

function pairsOf(flat: Uint32Array): (readonly [number, number])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [at(flat, 2 * i), at(flat, 2 * i + 1)]);
}

function at(list: Uint32Array, index: number): number {
  return list[index] ?? 0;
}

/** −1 is the core's word for "none". */
function nullable(list: Int32Array): (number | null)[] {
  return Array.from(list, (value) => (value < 0 ? null : value));
}
