/** The tokenizer playground: a text, its pieces, and a tokenizer of the user's own. */
import { byId, debounced, definitions, h } from '../dom.js';
import { acceptFiles, bytesOf } from '../files.js';
import { bytes, count, counted, percent } from '../format.js';
import { chips, kindOf, piecesOf, visible, type Piece } from '../pieces.js';
import { problem } from '../problem.js';
import { shell } from '../shell.js';
import { readTokenizer, standardFile, type ReadTokenizer } from '../tokenizer_file.js';
import { SAMPLES } from './samples.js';
import { fromHash, MOST_SHARED, toHash } from './share.js';

/** More would make the page slow, and nobody reads on. */
const MOST_SHOWN = 2000;
/** The largest vocabularies take some tens of megabytes. */
const MOST_BYTES = 200_000_000;

interface Loaded extends ReadTokenizer {
  readonly name: string;
  readonly size: number;
}

const text = byId('text', HTMLTextAreaElement);
const special = byId('special', HTMLInputElement);
const problems = byId('problem', HTMLDivElement);
const piecesView = byId('pieces', HTMLDivElement);
const rows = document.querySelector('#rows') as HTMLTableSectionElement;

let standard: Loaded | undefined;
let current: Loaded | undefined;

async function load(name: string, file: Uint8Array): Promise<Loaded> {
  return { name, size: file.length, ...(await readTokenizer(file)) };
}

async function loadStandard(): Promise<Loaded> {
  return load('the default model’s', await standardFile());
}

function use(loaded: Loaded): void {
  if (current && current !== standard) current.tokenizer.dispose();
  current = loaded;
  byId('default', HTMLButtonElement).hidden = loaded === standard;
  const { tokenizer, name, size, unknown } = loaded;
  const { model, components, bytes: memory } = tokenizer.info;
  byId('about', HTMLDivElement).replaceChildren(
    definitions([
      ['In use', name],
      ['Kind', model],
      ['Vocabulary', counted(tokenizer.vocabSize, 'token')],
      [
        'Steps',
        components.length > 0 &&
          h('span', { class: 'steps' }, ...components.map((each) => h('code', {}, each))),
      ],
      ['Unknown', unknown === undefined ? 'none' : [h('code', {}, unknown), codePoint(unknown)]],
      ['File', `${bytes(size)}, ${bytes(memory)} in memory`],
    ]),
  );
  show();
}

/** Signs such as U+FFFD look like a fault of the page. */
function codePoint(token: string): string {
  const code = token.codePointAt(0) ?? 0;
  const alone = String.fromCodePoint(code) === token && code > 0x7f;
  return alone ? ` U+${code.toString(16).toUpperCase().padStart(4, '0')}` : '';
}

// ── What is shown of a text ──

function show(): void {
  if (!current) return;
  const { tokenizer, unknownId } = current;
  problems.replaceChildren();
  try {
    const options = { addSpecialTokens: special.checked, unknownId };
    const pieces = piecesOf(tokenizer, text.value, options);
    const shown = pieces.slice(0, MOST_SHOWN);
    piecesView.replaceChildren(
      shown.length > 0
        ? chips(shown)
        : h('p', { class: 'quiet' }, 'No tokens: write something, or take an example.'),
    );
    rows.replaceChildren(...shown.map(rowView));
    byId('one-by-one', HTMLElement).hidden = shown.length === 0;
    const cut = byId('cut', HTMLParagraphElement);
    cut.hidden = shown.length === pieces.length;
    cut.textContent = `The first ${count(MOST_SHOWN)} of ${counted(pieces.length, 'token')} are shown.`;
    showCounts(pieces);
    byId('decoded', HTMLParagraphElement).textContent = tokenizer.decode(
      pieces.map(({ id }) => id),
    );
  } catch (error) {
    problems.replaceChildren(problem('This text can’t be tokenized', error));
  }
}

const segmenter = new Intl.Segmenter();

/** As people count: an emoji of several parts is one. */
function characterCount(value: string): number {
  return [...segmenter.segment(value)].length;
}

function showCounts(pieces: readonly Piece[]): void {
  const characters = characterCount(text.value);
  const size = new TextEncoder().encode(text.value).length;
  const own = pieces.filter((piece) => !piece.special);
  const unknown = own
    .filter((piece) => piece.unknown)
    .reduce((sum, piece) => sum + characterCount(piece.text), 0);
  const facts: [string, string][] = [
    [count(pieces.length), pieces.length === 1 ? 'token' : 'tokens'],
    [count(characters), characters === 1 ? 'character' : 'characters'],
    [count(size), size === 1 ? 'byte' : 'bytes'],
  ];
  if (own.length > 0) {
    facts.push([(characters / own.length).toFixed(1), 'characters a token']);
    facts.push([(size / own.length).toFixed(1), 'bytes a token']);
  }
  if (unknown > 0) facts.push([percent(unknown / characters), 'of the text unknown']);
  byId('counts', HTMLUListElement).replaceChildren(
    ...facts.map(([value, name]) => h('li', {}, h('b', {}, value), ` ${name}`)),
  );
}

function rowView(piece: Piece, i: number): HTMLElement {
  const kind = kindOf(piece);
  const { start, end } = piece;
  return h(
    'tr',
    { 'data-index': i },
    h('td', { class: 'number quiet' }, String(i)),
    h('td', { class: 'number' }, String(piece.id)),
    h('td', {}, h('code', {}, visible(piece.token))),
    h('td', {}, piece.text === '' ? '' : h('code', {}, visible(piece.text))),
    h('td', { class: 'number' }, piece.text === '' ? '' : `${start}–${end}`),
    h('td', { class: 'number' }, piece.size === undefined ? '' : count(piece.size)),
    h('td', { class: kind }, kind),
  );
}

/** A piece and its row light up together. */
function linkPiecesAndRows(): void {
  const light = (event: Event, on: boolean) => {
    const target = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const i = target?.getAttribute('data-index');
    if (i == null) return;
    for (const each of [piecesView.querySelector(`[data-index="${i}"]`), rows.rows[Number(i)]]) {
      each?.classList.toggle('lit', on);
    }
  };
  for (const view of [piecesView, rows]) {
    view.addEventListener('pointerover', (event) => {
      light(event, true);
    });
    view.addEventListener('pointerout', (event) => {
      light(event, false);
    });
  }
}

// ── Files, links ──

async function takeFile(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    use(await load(file.name, await bytesOf(file, MOST_BYTES)));
  } catch (error) {
    problems.replaceChildren(problem(`${file.name} can’t be used as a tokenizer`, error));
  }
}

async function share(): Promise<void> {
  const note = byId('share-note', HTMLSpanElement);
  if (text.value.length > MOST_SHARED) {
    note.textContent = `Too long for a link: ${counted(MOST_SHARED, 'character')} at most.`;
    return;
  }
  history.replaceState(null, '', toHash({ text: text.value, special: special.checked }));
  try {
    await navigator.clipboard.writeText(location.href);
    note.textContent = 'Copied.';
  } catch {
    note.textContent = 'The link stands in the address bar.';
  }
}

function takeShared(): boolean {
  const shared = fromHash(location.hash);
  if (!shared) return false;
  text.value = shared.text;
  special.checked = shared.special;
  return true;
}

function setUp(): void {
  if (!takeShared()) text.value = SAMPLES[0]?.[1] ?? '';
  byId('samples', HTMLDivElement).append(
    ...SAMPLES.map(([name, sample]) => {
      const button = h('button', { type: 'button', class: 'button plain' }, name);
      button.addEventListener('click', () => {
        text.value = sample;
        show();
      });
      return button;
    }),
  );
  text.addEventListener('input', debounced(60, show));
  special.addEventListener('change', show);
  window.addEventListener('hashchange', () => {
    if (takeShared()) show();
  });
  byId('share', HTMLButtonElement).addEventListener('click', () => void share());
  byId('default', HTMLButtonElement).addEventListener('click', () => {
    if (standard) use(standard);
    byId('file', HTMLInputElement).focus();
  });
  acceptFiles(byId('file', HTMLInputElement), ([file]) => void takeFile(file));
  linkPiecesAndRows();
}

await shell();
setUp();
try {
  standard = await loadStandard();
  use(standard);
} catch (error) {
  piecesView.replaceChildren();
  problems.replaceChildren(problem('The tokenizer can’t be loaded', error));
}
