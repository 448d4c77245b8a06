/**
 * Texts cut to a number of tokens.
 *
 * A part of a text may have more tokens than it had within the whole (a word that was cut is read anew), so each part is
 * counted by itself, and made shorter until it fits.
 */
import type { EncodingData } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { expectOptions, flag, whole, type Check } from './option.js';

export interface TruncateOptions {
  /** The most tokens that the part may have, counted as `countTokens` does with the same `addSpecialTokens`. */
  maxTokens: number;
  /** Whether the special tokens that `encode` adds count too. Default true. */
  addSpecialTokens?: boolean;
}
export interface TextSplitOptions extends TruncateOptions {
  /** How many tokens each part repeats of the one before, about: parts begin with a word where they can. Default 0. */
  overlap?: number;
}
/** A part of a text: `text.slice(start, end)`. */
export interface TextPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** As `countTokens` counts them. */
  readonly tokens: number;
}

/** What is asked of a tokenizer here. Neither cuts nor pads. */
export interface TokenSource {
  tokens(text: string): Pick<EncodingData, 'offsets' | 'wordIds'>;
  count(text: string, addSpecialTokens: boolean): number;
}

const MAX_TOKENS = 2 ** 31 - 1;
const TRUNCATE: Readonly<Record<string, Check>> = {
  maxTokens: whole(1, MAX_TOKENS),
  addSpecialTokens: flag,
};
/** As many tries to lose a single token; then twice as many tokens each time. */
const PATIENCE = 8;

/** The longest beginning that fits, at a token's end. */
export function truncate(source: TokenSource, text: string, options: TruncateOptions): string {
  expectOptions('options of truncate', options, TRUNCATE, ['maxTokens']);
  const cutter = new Cutter(source, text, options);
  if (cutter.fits) return text;
  return cutter.longest(0, 0, false)?.part.text ?? '';
}

/** All of the text in parts that fit: without overlap, joined they are the text. */
export function split(source: TokenSource, text: string, options: TextSplitOptions): TextPart[] {
  const { maxTokens } = options ?? {};
  const most = Math.max(0, Number.isInteger(maxTokens) ? maxTokens - 1 : MAX_TOKENS);
  const checks = { ...TRUNCATE, overlap: whole(0, most) };
  expectOptions('options of split', options, checks, ['maxTokens']);
  const cutter = new Cutter(source, text, options);
  if (text === '') return [];
  const parts: TextPart[] = [];
  for (let token = 0, start = 0, done = 0; ;) {
    let found = cutter.longest(token, start, true);
    // What repeats the part before and adds nothing to it is no part.
    if (token < done && (found === undefined || found.end <= done)) {
      [token, start] = [done, cutter.position(done)];
      found = cutter.longest(token, start, true);
    }
    if (found === undefined) throw tooSmall(options.maxTokens, text, start);
    parts.push(found.part);
    if (found.end === cutter.size) return parts;
    done = found.end;
    token = cutter.begin(done, options.overlap ?? 0, token + 1);
    start = cutter.position(token);
  }
}

/** Finds places in one text where it can be cut. Cut k is before token k. */
class Cutter {
  readonly size: number;
  readonly #limit: number;
  readonly #budget: number;
  readonly #count: (text: string) => number;
  readonly #offsets: Uint32Array;
  readonly #words: Int32Array;

  constructor(
    source: TokenSource,
    readonly text: string,
    options: TruncateOptions,
  ) {
    const { maxTokens, addSpecialTokens = true } = options;
    const special = addSpecialTokens ? source.count('', true) - source.count('', false) : 0;
    if (special > maxTokens) {
      throw new InferError({
        code: 'INVALID_OPTION',
        message: `expected at least ${special} for maxTokens, as many special tokens are added to each text; received ${maxTokens}`,
        hint: 'give a larger number, or addSpecialTokens: false',
      });
    }
    this.#count = (part) => source.count(part, addSpecialTokens);
    this.#limit = maxTokens;
    this.#budget = maxTokens - special;
    const { offsets, wordIds } = source.tokens(text);
    this.#offsets = offsets;
    this.#words = wordIds;
    this.size = wordIds.length;
  }

  get fits(): boolean {
    return this.size <= this.#budget;
  }

  /** Where in the text cut k is. What no token covers goes with the token before it. */
  position(k: number): number {
    if (k === this.size) return this.text.length;
    return k === 0 ? 0 : (this.#offsets[2 * k] ?? 0);
  }

  /** Whether cut k is between characters: several tokens may share one. */
  #possible(k: number): boolean {
    if (k === 0 || k === this.size) return true;
    return (this.#offsets[2 * k] ?? 0) >= (this.#offsets[2 * k - 1] ?? 0);
  }

  #betweenWords(k: number): boolean {
    return this.#possible(k) && (k === this.size || this.#words[k] !== this.#words[k - 1]);
  }

  /** The longest part from cut `from` on; undefined if not even one character fits. */
  longest(
    from: number,
    start: number,
    wholeWords: boolean,
  ): { part: TextPart; end: number } | undefined {
    let end = Math.min(from + this.#budget, this.size);
    for (let tries = 0, step = 1; ; end -= step) {
      end = this.#cutBefore(end, from, wholeWords);
      if (end <= from && this.size > 0) return undefined;
      const text = this.text.slice(start, this.position(end));
      const tokens = this.#count(text);
      if (tokens <= this.#limit) {
        return { part: { text, start, end: start + text.length, tokens }, end };
      }
      if (++tries > PATIENCE) step *= 2;
    }
  }

  /** The last possible cut up to `end`: between words, if that leaves half of what was asked for. */
  #cutBefore(end: number, from: number, wholeWords: boolean): number {
    if (wholeWords) {
      const least = from + (end - from) / 2;
      for (let k = end; k > least; --k) if (this.#betweenWords(k)) return k;
    }
    let k = end;
    while (k > from && !this.#possible(k)) --k;
    return k;
  }

  /** Where the part after cut `done` begins, `overlap` tokens before it at most, and not before `least`. */
  begin(done: number, overlap: number, least: number): number {
    const first = Math.max(done - overlap, least);
    for (let k = first; k < done; ++k) if (this.#betweenWords(k)) return k;
    for (let k = first; k < done; ++k) if (this.#possible(k)) return k;
    return done;
  }
}

function tooSmall(maxTokens: number, text: string, start: number): InferError {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return new InferError({
    code: 'INVALID_OPTION',
    message: `expected maxTokens for at least one character, but ${describe(character)} at ${start} has more than ${maxTokens} tokens`,
    hint: 'give a larger number',
  });
}
