/** A text as its tokens: what each stands for, and what to call it. */
import type { Encoding, Tokenizer } from '../node.js';
import { tokenBytes } from './token_bytes.js';

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
  /** `shared`: neighbours stand for the same character. */
  readonly kind: Kind;
  /** Did the template add it? */
  readonly added: boolean;
  /** What people see: white space as signs, half characters as bytes. */
  readonly label: string;
}

export function piecesOf(tokenizer: Tokenizer, encoding: Encoding, texts: readonly string[]) {
  const { tokens, offsets, specialTokensMask, sequenceIds } = encoding;
  const { components, unknownId } = tokenizer.info;
  const isSpecial = specialTest(tokenizer);
  return Array.from(encoding.ids, (id, i): Piece => {
    const token = tokens[i] ?? '';
    const [start, end] = offsets[i] ?? [0, 0];
    const sequence = sequenceIds[i] ?? 0;
    const added = specialTokensMask[i] === 1;
    const text = added ? '' : (texts[sequence] ?? '').slice(start, end);
    const shared = [i - 1, i + 1].some((other) => {
      const [from, to] = offsets[other] ?? [0, 0];
      return sequenceIds[other] === sequenceIds[i] && from < end && start < to;
    });
    const kind =
      id === unknownId
        ? 'unknown'
        : added || isSpecial(id)
          ? 'special'
          : shared
            ? 'shared'
            : 'text';
    const bytes = kind === 'shared' ? tokenBytes(token, components) : undefined;
    const label = bytes ? visibleBytes(bytes) : visible(text === '' || shared ? token : text);
    return { id, token, start, end, text, sequence, kind, added, label };
  });
}

/** A special token in the text itself is one too: decoding leaves it out. */
function specialTest(tokenizer: Tokenizer): (id: number) => boolean {
  const known = new Map<number, boolean>();
  return (id) => {
    let special = known.get(id);
    if (special === undefined) {
      special =
        tokenizer.decode([id]) === '' &&
        tokenizer.decode([id], { skipSpecialTokens: false }) !== '';
      known.set(id, special);
    }
    return special;
  };
}

/** White space and what a terminal would obey or hide, as signs that can be seen. */
export function visible(text: string): string {
  return text
    .replace(/ /g, '·')
    .replace(/\u00a0/g, '⍽')
    .replace(/\r?\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (sign) => `⟨${hex(sign.codePointAt(0) ?? 0)}⟩`);
}

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
  /** Without the special tokens; null where there are no others. */
  readonly bytesPerToken: number | null;
}

const segmenter = new Intl.Segmenter();

export function countsOf(encoding: Encoding, texts: readonly string[]): Counts {
  const special = encoding.specialTokensMask.reduce((sum, one) => sum + one, 0);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const characters = texts.reduce((sum, text) => sum + [...segmenter.segment(text)].length, 0);
  const tokens = encoding.length;
  return { tokens, special, characters, bytes, bytesPerToken: ratio(bytes, tokens - special) };
}

export function ratio(bytes: number, tokens: number): number | null {
  return tokens > 0 ? bytes / tokens : null;
}
