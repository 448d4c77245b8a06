/** A text as its tokens: what the search page and the playground show. */
import type { Tokenizer } from 'infercore/tokenizer';
import { h } from './dom.js';
import { tokenBytes } from './token_bytes.js';

export interface Piece {
  readonly id: number;
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** What of the text it stands for; empty for what the template added. */
  readonly text: string;
  /** Bytes: its own, or of its text as UTF-8; undefined where it shares that with others. */
  readonly size: number | undefined;
  /** What to call it. */
  readonly label: string;
  /** Do neighbours stand for the same characters? */
  readonly shared: boolean;
  readonly special: boolean;
  readonly unknown: boolean;
}

export interface PieceOptions {
  readonly addSpecialTokens: boolean;
  readonly unknownId: number | undefined;
}

export function piecesOf(tokenizer: Tokenizer, text: string, options: PieceOptions): Piece[] {
  const encoding = tokenizer.encode(text, {
    addSpecialTokens: options.addSpecialTokens,
    truncation: false,
    padding: false,
  });
  const { tokens, offsets, specialTokensMask } = encoding;
  const { components } = tokenizer.info;
  return Array.from(encoding.ids, (id, i) => {
    const token = tokens[i] ?? '';
    const [start, end] = offsets[i] ?? [0, 0];
    const part = text.slice(start, end);
    // Several tokens for one character, as bytes or after normalisation: each is called by its own name.
    const neighbours = [offsets[i - 1], offsets[i + 1]];
    const shared = neighbours.some((other) => other && other[0] < end && start < other[1]);
    const special = specialTokensMask[i] === 1;
    const bytes = special ? undefined : tokenBytes(token, components);
    const whole = part !== '' && !shared;
    return {
      id,
      token,
      start,
      end,
      text: part,
      size: bytes?.length ?? (whole ? new TextEncoder().encode(part).length : undefined),
      label: bytes ? visibleBytes(bytes) : visible(whole ? part : token),
      shared,
      special,
      unknown: id === options.unknownId,
    };
  });
}

export function kindOf({ special, unknown, shared }: Piece): string {
  return unknown ? 'unknown' : special ? 'special' : shared ? 'part' : '';
}

/** Hues that repeat: neighbours differ. */
const HUES = 6;

/** White space and control characters as signs that can be seen. */
export function visible(text: string): string {
  return text
    .replace(/ /g, '·')
    .replace(/\u00a0/g, '⍽')
    .replace(/\r?\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `⟨${hex(sign.codePointAt(0) ?? 0)}⟩`);
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

export function chips(pieces: readonly Piece[]): HTMLElement {
  const list = h('ol', { class: 'chips' });
  pieces.forEach((piece, i) => {
    const kind = piece.unknown ? 'unknown' : piece.special ? 'special' : `hue-${i % HUES}`;
    const note = kindOf(piece);
    list.append(
      h(
        'li',
        { class: `chip ${kind}`, 'data-index': i },
        h('span', { class: 'chip-text' }, piece.label),
        h('span', { class: 'chip-id' }, h('span', { class: 'hidden' }, ', id '), String(piece.id)),
        note !== '' && h('span', { class: 'hidden' }, `, ${note}`),
      ),
    );
  });
  return list;
}
