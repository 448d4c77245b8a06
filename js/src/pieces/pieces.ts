/**
 * A text as its tokens: what each stands for, and what to call it. What the command line and the demo site show alike; no
 * part of the package's interface.
 */
import type { Encoding } from '../encoding.js';
import { segmentsOf } from '../segments.js';
import type { Tokenizer } from '../tokenizer.js';
import { tokenBytes } from './token_bytes.js';

/** `shared`: neighbours stand for the same characters. */
export type Kind = 'text' | 'special' | 'unknown' | 'shared';

export interface Piece {
  readonly id: number;
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** What of the text it stands for; empty for what the template added. */
  readonly text: string;
  /** 1 for a piece of the pair. */
  readonly sequence: number;
  readonly kind: Kind;
  /** Did the template add it? */
  readonly added: boolean;
  /** What people see: white space as signs, half characters as bytes. */
  readonly label: string;
  /** Bytes: its own, or of its text as UTF-8; undefined where it shares that with others. */
  readonly size: number | undefined;
}

/** @param texts the text, and its pair where it has one */
export function piecesOf(
  tokenizer: Tokenizer,
  encoding: Encoding,
  texts: readonly string[],
): Piece[] {
  const { tokens, offsets, specialTokensMask, sequenceIds } = encoding;
  const { components, unknownId } = tokenizer.info;
  return Array.from(encoding.ids, (id, i): Piece => {
    const token = tokens[i] ?? '';
    const [start, end] = offsets[i] ?? [0, 0];
    const sequence = sequenceIds[i] ?? 0;
    const added = specialTokensMask[i] === 1;
    const special = added || isSpecial(tokenizer, id);
    const text = added ? '' : (texts[sequence] ?? '').slice(start, end);
    const shared = [i - 1, i + 1].some((other) => {
      const [from, to] = offsets[other] ?? [0, 0];
      return sequenceIds[other] === sequenceIds[i] && from < end && start < to;
    });
    const kind = id === unknownId ? 'unknown' : special ? 'special' : shared ? 'shared' : 'text';
    const bytes = special ? undefined : tokenBytes(token, components);
    const whole = text !== '' && !shared;
    const label = whole ? visible(text) : bytes ? visibleBytes(bytes) : visible(token);
    const size = bytes?.length ?? (whole ? utf8.encode(text).length : undefined);
    return { id, token, start, end, text, sequence, kind, added, label, size };
  });
}

const utf8 = new TextEncoder();
const specials = new WeakMap<Tokenizer, Map<number, boolean>>();

/** Of a special token in the text itself no mask tells: decoding leaves it out. */
function isSpecial(tokenizer: Tokenizer, id: number): boolean {
  const known = specials.get(tokenizer) ?? new Map<number, boolean>();
  specials.set(tokenizer, known);
  let special = known.get(id);
  if (special === undefined) {
    const all = tokenizer.decode([id], { skipSpecialTokens: false });
    special = all !== '' && tokenizer.decode([id]) === '';
    known.set(id, special);
  }
  return special;
}

/** White space and what a terminal or a page would obey or hide, as signs that can be seen. */
export function visible(text: string): string {
  return text
    .replace(/ /g, '·')
    .replace(/\u00a0/g, '⍽')
    .replace(/\r?\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, escape)
    .replace(/^\p{M}/u, (mark) => (VARIATION.test(mark) ? escape(mark) : `◌${mark}`));
}

/** They change the sign before them, and have no look of their own; other marks get a circle to stand on. */
const VARIATION = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

const escape = (sign: string) => `⟨${hex(sign.codePointAt(0) ?? 0)}⟩`;

/** As text, or where they cut a character in two, one by one: `·⟨F0⟩⟨9F⟩`. */
function visibleBytes(bytes: readonly number[]): string {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return visible(decoder.decode(Uint8Array.from(bytes)));
  } catch {
    return bytes
      .map((byte) => (byte < 0x80 ? visible(String.fromCharCode(byte)) : `⟨${hex(byte)}⟩`))
      .join('');
  }
}

const hex = (code: number) => code.toString(16).toUpperCase();

export interface Counts {
  readonly tokens: number;
  /** Those of them that the template added. */
  readonly special: number;
  /** As people count: an emoji of several parts is one. */
  readonly characters: number;
  /** Of the text as UTF-8. */
  readonly bytes: number;
  /** Without those; null where there are no others. */
  readonly bytesPerToken: number | null;
}

const segmenter = new Intl.Segmenter();

/** What people count as characters, in order. */
export function charactersOf(text: string): Generator<string> {
  return segmentsOf(segmenter, text, 1);
}

export function countsOf(encoding: Encoding, texts: readonly string[]): Counts {
  const special = encoding.specialTokensMask.reduce((sum, one) => sum + one, 0);
  const bytes = texts.reduce((sum, text) => sum + utf8.encode(text).length, 0);
  const characters = texts.reduce((sum, text) => sum + [...charactersOf(text)].length, 0);
  const tokens = encoding.length;
  return { tokens, special, characters, bytes, bytesPerToken: ratio(bytes, tokens - special) };
}

export function ratio(bytes: number, tokens: number): number | null {
  return tokens > 0 ? bytes / tokens : null;
}
