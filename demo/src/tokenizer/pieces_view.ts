/** The pieces of a text as buttons: of one tokenizer in a row, of two line below line. */
import type { Segment, Two } from '../../../js/src/pieces/cuts.js';
import { byId, h } from '../dom.js';
import { counted } from '../format.js';
import { inside, kindClass, kindOf, visible, type Piece } from '../pieces.js';
import { badge, LETTERS } from './counts.js';

/** More would make the page slow, and nobody reads on. */
export const MOST_SHOWN = 2000;

/** A piece among those of the first tokenizer (0) or of the second (1). */
export interface Place {
  readonly which: number;
  readonly index: number;
}
interface Listeners {
  /** Pointed at, or reached by keys; undefined for left. */
  light(place: Place | undefined): void;
  choose(place: Place): void;
}

export class PiecesView {
  readonly #frame = byId('pieces', HTMLDivElement);
  readonly #detail = byId('detail', HTMLParagraphElement);
  readonly #listeners: Listeners;
  #pieces: Two<readonly Piece[]> = [[], []];

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
    const point = (event: Event) => {
      this.#point(placeOf(event.target));
    };
    for (const type of ['pointerover', 'focusin']) this.#frame.addEventListener(type, point);
    for (const type of ['pointerleave', 'focusout']) {
      this.#frame.addEventListener(type, () => {
        this.#point(placeOf(document.activeElement));
      });
    }
    this.#frame.addEventListener('click', ({ target }) => {
      const place = placeOf(target);
      if (place) this.#listeners.choose(place);
    });
    this.#frame.addEventListener('keydown', (event) => {
      this.#move(event);
    });
  }

  showOne(pieces: readonly Piece[]): void {
    this.#pieces = [pieces, []];
    const shown = pieces.slice(0, MOST_SHOWN);
    this.#put(
      h(
        'ol',
        { class: 'chips' },
        ...shown.map((piece, index) =>
          h('li', {}, button(piece, { which: 0, index }, inside(piece))),
        ),
      ),
      shown.length === 0,
    );
  }

  showTwo(pieces: Two<readonly Piece[]>, segments: readonly Segment[]): void {
    this.#pieces = pieces;
    let left = MOST_SHOWN;
    const shown = withAdded(pieces, segments).filter(
      (segment) => (left -= segment.pieces[0].length + segment.pieces[1].length) >= 0,
    );
    this.#put(h('ol', { class: 'gloss' }, ...shown.map(segmentView)), shown.length === 0);
  }

  #put(list: HTMLElement, empty: boolean): void {
    const nothing = h('p', { class: 'quiet' }, 'No tokens: write something, or take an example.');
    this.#frame.replaceChildren(empty ? nothing : list);
    this.#detail.hidden = empty;
    this.#buttons()[0]?.setAttribute('tabindex', '0');
    this.#point(undefined);
  }

  /** Lights up a piece that something else points at. */
  light({ which, index }: Place, on: boolean): void {
    this.#frame
      .querySelector(`[data-which="${which}"][data-index="${index}"]`)
      ?.classList.toggle('lit', on);
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#frame.querySelectorAll<HTMLButtonElement>('button')];
  }

  #point(place: Place | undefined): void {
    this.#listeners.light(place);
    const piece = place && this.#pieces[place.which === 0 ? 0 : 1][place.index];
    this.#detail.replaceChildren(
      ...(piece && place ? detailOf(piece, place, this.#pieces[1].length > 0) : [REST]),
    );
  }

  /** One stop for the Tab key; the arrows go on from there. */
  #move(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = buttons.findIndex((each) => each === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[
      event.key
    ];
    const next = to === undefined ? otherLine(event.key) : buttons[to];
    if (at < 0 || !next) return;
    event.preventDefault();
    buttons[at]?.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }
}

const REST = 'Point at a piece, or go from piece to piece with the arrow keys.';

/** Between two tokenizers, up and down. */
function otherLine(key: string): HTMLButtonElement | null | undefined {
  const which = { ArrowUp: 0, ArrowDown: 1 }[key];
  const segment = document.activeElement?.closest('.segment');
  if (which === undefined || placeOf(document.activeElement)?.which === which) return undefined;
  return segment?.querySelector<HTMLButtonElement>(`[data-which="${which}"]`);
}

function placeOf(target: EventTarget | null): Place | undefined {
  const button = target instanceof Element ? target.closest<HTMLElement>('#pieces button') : null;
  const { which, index } = button?.dataset ?? {};
  return which === undefined ? undefined : { which: Number(which), index: Number(index) };
}

function button(piece: Piece, { which, index }: Place, content: Node[]): HTMLButtonElement {
  const attributes = {
    type: 'button',
    class: `chip ${kindClass(piece, index)}`,
    tabindex: -1,
    'data-which': which,
    'data-index': index,
  };
  return h('button', attributes, ...content);
}

/** Special tokens that the templates add stand before the text, and behind it. */
function withAdded(pieces: Two<readonly Piece[]>, segments: readonly Segment[]): Segment[] {
  const begins = pieces.map((list) => list.findIndex((piece) => !piece.added));
  const within = (isBefore: boolean) => (list: readonly Piece[], which: number) =>
    list.flatMap((piece, index) => {
      const begin = begins[which] ?? -1;
      const before = begin < 0 || index < begin;
      return piece.added && before === isBefore ? [{ piece, index }] : [];
    });
  const segment = (isBefore: boolean): Segment[] => {
    const [a = [], b = []] = pieces.map(within(isBefore));
    return a.length + b.length > 0 ? [{ start: 0, end: 0, pieces: [a, b], differs: false }] : [];
  };
  return [...segment(true), ...segments, ...segment(false)];
}

/** The pieces of both between two cuts that they share, line below line. */
function segmentView({ pieces, differs }: Segment): HTMLElement {
  return h(
    'li',
    { class: `segment${differs ? ' differs' : ''}` },
    differs && h('span', { class: 'hidden' }, 'Cut differently: '),
    ...pieces.map((list, which) =>
      h(
        'div',
        { class: 'gloss-line' },
        h('span', { class: 'hidden' }, `${LETTERS[which] ?? ''}: `),
        ...list.map(({ piece, index }) => button(piece, { which, index }, inside(piece))),
        list.length === 0 && h('span', { class: 'quiet' }, 'nothing'),
      ),
    ),
  );
}

function detailOf(piece: Piece, { which, index }: Place, two: boolean): (Node | string)[] {
  const { token, id, start, end, size, added } = piece;
  const facts = [
    `id ${id}`,
    `token ${index}`,
    !added && `place ${start}–${end}`,
    size !== undefined && counted(size, 'byte'),
    kindOf(piece),
  ].filter(Boolean);
  return [
    ...(two ? [badge(which), ' '] : []),
    h('code', {}, visible(token)),
    ` ${facts.join(', ')}`,
  ];
}
