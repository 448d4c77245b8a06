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

  /**
   * The token that holds the UTF-16 unit `position` of the text (or of its pair: `sequence` 1); undefined where none does, as for
   * spaces that the tokenizer drops.
   */
  charToToken(position: number, sequence = 0): number | undefined {
    const { offsets, sequenceIds } = this.#full;
    const holds = (id: number, token: number): boolean =>
      id === sequence &&
      at(offsets, 2 * token) <= position &&
      position < at(offsets, 2 * token + 1);
    return found(sequenceIds.findIndex(holds));
  }

  /** Where the text of a token stands: [start, end) in UTF-16 units; undefined for special tokens and padding. */
  tokenToChars(token: number): readonly [start: number, end: number] | undefined {
    return this.tokenToSequence(token) === undefined ? undefined : this.offsets[token];
  }

  /** The word a token belongs to; undefined for special tokens and padding. */
  tokenToWord(token: number): number | undefined {
    return found(this.#full.wordIds[token]);
  }

  /** 0 for a token of the text, 1 for one of its pair; undefined for special tokens and padding. */
  tokenToSequence(token: number): number | undefined {
    return found(this.#full.sequenceIds[token]);
  }

  /** The tokens [start, end) of a word; undefined where there is no such word. */
  wordToTokens(word: number, sequence = 0): readonly [start: number, end: number] | undefined {
    const { wordIds, sequenceIds } = this.#full;
    const belongs = (id: number, token: number): boolean =>
      id === word && sequenceIds[token] === sequence && word >= 0;
    const first = wordIds.findIndex(belongs);
    return first < 0 ? undefined : [first, wordIds.findLastIndex(belongs) + 1];
  }

  /** Where a word stands in the text: [start, end) in UTF-16 units. */
  wordToChars(word: number, sequence = 0): readonly [start: number, end: number] | undefined {
    const tokens = this.wordToTokens(word, sequence);
    if (!tokens) return undefined;
    const { offsets } = this.#full;
    return [at(offsets, 2 * tokens[0]), at(offsets, 2 * tokens[1] - 1)];
  }

  /** The word that holds the UTF-16 unit `position` of the text. */
  charToWord(position: number, sequence = 0): number | undefined {
    const token = this.charToToken(position, sequence);
    return token === undefined ? undefined : this.tokenToWord(token);
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

function found(index: number | undefined): number | undefined {
  return index === undefined || index < 0 ? undefined : index;
}

/** −1 is the core's word for "none". */
function nullable(list: Int32Array): (number | null)[] {
  return Array.from(list, (value) => (value < 0 ? null : value));
}
