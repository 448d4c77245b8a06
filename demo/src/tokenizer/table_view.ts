/** The pieces one by one, each a row. */
import { byId, h } from '../dom.js';
import { count } from '../format.js';
import { kindOf, visible, type Piece } from '../pieces.js';
import { MOST_SHOWN } from './pieces_view.js';

export class TableView {
  readonly #panel = byId('one-by-one', HTMLElement);
  readonly #frame = byId('table', HTMLDivElement);
  readonly #rows = byId('rows', HTMLTableSectionElement);

  /** `point` is told of the row under the pointer, and again when it is left. */
  constructor(point: (index: number, on: boolean) => void) {
    const told = (on: boolean) => (event: Event) => {
      const row = event.target instanceof Element ? event.target.closest('tr') : null;
      if (!row) return;
      row.classList.toggle('lit', on);
      point(row.sectionRowIndex, on);
    };
    this.#rows.addEventListener('pointerover', told(true));
    this.#rows.addEventListener('pointerout', told(false));
  }

  show(pieces: readonly Piece[]): void {
    this.#rows.replaceChildren(...pieces.slice(0, MOST_SHOWN).map(rowView));
    this.#panel.hidden = pieces.length === 0;
  }

  /** At most one row is lit from outside. */
  light(index: number | undefined): void {
    for (const row of this.#rows.querySelectorAll('.lit')) row.classList.remove('lit');
    if (index !== undefined) this.#rows.rows[index]?.classList.add('lit');
  }

  /** Into view, below the titles. */
  scrollTo(index: number): void {
    const row = this.#rows.rows[index];
    if (row) this.#frame.scrollTop = row.offsetTop - 3 * row.offsetHeight;
  }
}

function rowView(piece: Piece, i: number): HTMLElement {
  const kind = kindOf(piece);
  const { start, end } = piece;
  return h(
    'tr',
    {},
    h('td', { class: 'number quiet' }, String(i)),
    h('td', { class: 'number' }, String(piece.id)),
    h('td', {}, h('code', {}, visible(piece.token))),
    h('td', {}, piece.text === '' ? '' : h('code', {}, visible(piece.text))),
    h('td', { class: 'number' }, piece.text === '' ? '' : `${start}–${end}`),
    h('td', { class: 'number' }, piece.size === undefined ? '' : count(piece.size)),
    h('td', { class: kind }, kind),
  );
}
