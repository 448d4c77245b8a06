/** A text as its tokens: what the search page and the playground show. */
import type { Tokenizer } from 'infercore/tokenizer';
import { h } from './dom.js';

export interface Piece {
  readonly id: number;
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** What of the text it stands for; empty for what the template added. */
  readonly text: string;
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
  return Array.from(encoding.ids, (id, i) => {
    const [start, end] = offsets[i] ?? [0, 0];
    return {
      id,
      token: tokens[i] ?? '',
      start,
      end,
      text: text.slice(start, end),
      special: specialTokensMask[i] === 1,
      unknown: id === options.unknownId,
    };
  });
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
    .replace(
      /[\p{Cc}\p{Cf}]/gu,
      (sign) => `⟨${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}⟩`,
    );
}

/** What a piece is called: its part of the text, or its token where it has none of its own. */
function labelOf(piece: Piece, before: Piece | undefined): string {
  const shared = before !== undefined && !before.special && before.end > piece.start;
  return piece.text === '' || shared ? piece.token : visible(piece.text);
}

export function chips(pieces: readonly Piece[]): HTMLElement {
  const list = h('ol', { class: 'chips' });
  pieces.forEach((piece, i) => {
    const kind = piece.unknown ? 'unknown' : piece.special ? 'special' : `hue-${i % HUES}`;
    const note = piece.unknown ? ', unknown' : piece.special ? ', special' : '';
    list.append(
      h(
        'li',
        { class: `chip ${kind}`, 'data-index': i },
        h('span', { class: 'chip-text' }, labelOf(piece, pieces[i - 1])),
        h('span', { class: 'chip-id' }, h('span', { class: 'hidden' }, ', id '), String(piece.id)),
        note !== '' && h('span', { class: 'hidden' }, note),
      ),
    );
  });
  return list;
}
