/** A text as its tokens: what the search page and the playground show. */
import type { Tokenizer } from 'infercore/tokenizer';
import { piecesOf, type Piece } from '../../js/src/pieces/pieces.js';
import { h } from './dom.js';

export {
  charactersOf,
  countsOf,
  visible,
  type Counts,
  type Piece,
} from '../../js/src/pieces/pieces.js';

/** All of a text, and what it was made of. */
export function encoded(tokenizer: Tokenizer, text: string, addSpecialTokens: boolean) {
  const encoding = tokenizer.encode(text, { addSpecialTokens, truncation: false, padding: false });
  return { encoding, pieces: piecesOf(tokenizer, encoding, [text]) };
}

/** Hues that repeat: neighbours differ. */
const HUES = 6;

export function kindClass({ kind }: Piece, index: number): string {
  return kind === 'unknown' || kind === 'special' ? kind : `hue-${index % HUES}`;
}

export function kindOf({ kind }: Piece): string {
  return kind === 'text' ? '' : kind;
}

export function chips(list: readonly Piece[]): HTMLElement {
  return h(
    'ol',
    { class: 'chips' },
    ...list.map((piece, i) => h('li', { class: `chip ${kindClass(piece, i)}` }, ...inside(piece))),
  );
}

/** What a chip holds: its label, its id, and for who hears the page what its colour says. */
export function inside(piece: Piece): HTMLElement[] {
  const kind = kindOf(piece);
  return [
    h('span', { class: 'chip-text' }, piece.label),
    h('span', { class: 'chip-id' }, h('span', { class: 'hidden' }, ', id '), String(piece.id)),
    ...(kind === '' ? [] : [h('span', { class: 'hidden' }, `, ${kind}`)]),
  ];
}
