/** The tokenizer playground: a text, its pieces, and tokenizers of the user's own, one or two side by side. */
import { Tokenizer } from 'infercore/tokenizer';
import { compareCuts } from '../../../js/src/pieces/cuts.js';
import { byId, debounced, h } from '../dom.js';
import { chosenFiles, droppedFiles } from '../files.js';
import { count, counted } from '../format.js';
import { countsOf, encoded, type Piece } from '../pieces.js';
import { problem } from '../problem.js';
import { shell } from '../shell.js';
import { standardFile } from '../standard.js';
import { about, type Loaded } from './about.js';
import { tokenizersIn, type Chosen } from './chosen.js';
import { badge, countsOfOne, countsOfTwo } from './counts.js';
import { MOST_SHOWN, PiecesView } from './pieces_view.js';
import { SAMPLES } from './samples.js';
import { fromHash, MOST_SHARED, toHash } from './share.js';
import { TableView } from './table_view.js';

/** The first tokenizer, and one that may stand beside it. */
type Slot = 0 | 1;

const text = byId('text', HTMLTextAreaElement);
const special = byId('special', HTMLInputElement);
const problems = byId('problem', HTMLDivElement);
const reading = byId('reading', HTMLParagraphElement);

let standard: Loaded | undefined;
const slots: [Loaded | undefined, Loaded | undefined] = [undefined, undefined];
/** The slot whose pieces stand one by one. */
let listed: Slot = 0;
let shown: readonly (readonly Piece[])[] = [];

const table = new TableView((index, on) => {
  pieces.light({ which: listed, index }, on);
});
const pieces = new PiecesView({
  light: (place) => {
    table.light(place?.which === listed ? place.index : undefined);
  },
  choose: ({ which, index }) => {
    showListed(which === 0 ? 0 : 1);
    table.light(index);
    table.scrollTo(index);
  },
});

// ── Tokenizers ──

function put(slot: Slot, loaded: Loaded | undefined): void {
  const old = slots[slot];
  slots[slot] = loaded;
  if (old && old !== standard && !slots.includes(old)) old.tokenizer.dispose();
  const [first, second] = slots;
  if (first) byId('about', HTMLDivElement).replaceChildren(about(first));
  byId('about-second', HTMLDivElement).replaceChildren(...(second ? [about(second)] : []));
  byId('second-use', HTMLParagraphElement).hidden = second !== undefined;
  byId('default', HTMLButtonElement).hidden = first === standard;
  byId('default-second', HTMLButtonElement).hidden = first === standard || second === standard;
  byId('remove-second', HTMLButtonElement).hidden = second === undefined;
  if (!second) listed = 0;
  document.body.classList.toggle('comparing', second !== undefined);
  show();
}

let turn = Promise.resolve();

/** One after the other: what comes last stands in the end, whatever takes longer to read. */
function take(files: readonly File[], slot: Slot): void {
  turn = turn.then(() => takeNow(files, slot));
}

/** Two at once are compared; one goes where it was dropped, or chosen. */
async function takeNow(files: readonly File[], slot: Slot): Promise<void> {
  if (files.length === 0) return;
  let chosen: Chosen[];
  try {
    chosen = tokenizersIn(files);
  } catch (error) {
    fail('That is no tokenizer yet', error);
    return;
  }
  const [only, other] = chosen;
  // There is no second without a first: the site's own may have failed to load.
  const to = other || !slots[0] ? 0 : slot;
  if (only && (await load(only, to)) && other) await load(other, 1);
}

async function load({ name, size, read }: Chosen, slot: Slot): Promise<boolean> {
  reading.textContent = `Reading ${name} …`;
  try {
    const tokenizer = await Tokenizer.from(await read());
    put(slot, { name, size, tokenizer });
    return true;
  } catch (error) {
    fail(`${name} can’t be used as a tokenizer`, error);
    return false;
  } finally {
    reading.textContent = '';
  }
}

function fail(title: string, error: unknown): void {
  problems.replaceChildren(problem(title, error));
  problems.scrollIntoView({ block: 'nearest' });
}

// ── What is shown of a text ──

function show(): void {
  const used = slots.filter((slot) => slot !== undefined);
  if (used.length === 0) return;
  problems.replaceChildren();
  try {
    const results = used.map(({ tokenizer }) => {
      const { encoding, pieces: list } = encoded(tokenizer, text.value, special.checked);
      const decoded = tokenizer.decode(encoding.ids);
      return { list, counts: countsOf(encoding, [text.value]), decoded };
    });
    shown = results.map(({ list }) => list);
    showPieces(used, results);
    showListed(listed);
    byId('decoded', HTMLDivElement).replaceChildren(
      ...results.map(({ decoded }, i) =>
        h('p', { class: 'decoded' }, ...(results.length > 1 ? [badge(i), ' '] : []), decoded),
      ),
    );
  } catch (error) {
    fail('This text can’t be tokenized', error);
  }
}

interface Result {
  readonly list: readonly Piece[];
  readonly counts: ReturnType<typeof countsOf>;
}

function showPieces(used: readonly Loaded[], [a, b]: readonly Result[]): void {
  const counts = byId('counts', HTMLDivElement);
  if (!a) return;
  if (b) {
    const { cuts, segments } = compareCuts([a.list, b.list], text.value);
    const names = [used[0]?.name ?? '', used[1]?.name ?? ''] as const;
    counts.replaceChildren(countsOfTwo([a.counts, b.counts], names, cuts));
    pieces.showTwo([a.list, b.list], segments);
  } else {
    counts.replaceChildren(countsOfOne(a.counts, a.list));
    pieces.showOne(a.list);
  }
  const all = a.list.length + (b?.list.length ?? 0);
  const cut = byId('cut', HTMLParagraphElement);
  cut.hidden = all <= MOST_SHOWN;
  cut.textContent = `The first ${count(MOST_SHOWN)} of ${counted(all, 'token')} are shown.`;
}

/** Whose pieces stand one by one. */
function showListed(slot: Slot): void {
  listed = slot;
  for (const each of document.querySelectorAll<HTMLInputElement>('[name="listed"]')) {
    each.checked = each.value === String(slot);
  }
  table.show(shown[slot] ?? []);
}

// ── Links, controls ──

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

function setUpText(): void {
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
}

function setUpTokenizers(): void {
  const inputs = [byId('file', HTMLInputElement), byId('file-second', HTMLInputElement)] as const;
  chosenFiles(inputs[0], (files) => {
    take(files, 0);
  });
  chosenFiles(inputs[1], (files) => {
    take(files, 1);
  });
  droppedFiles((files, target) => {
    take(files, target?.closest('#second') ? 1 : 0);
  });
  // A button that goes away hands the focus on.
  const act = (id: string, work: () => void, next: HTMLInputElement) => {
    byId(id, HTMLButtonElement).addEventListener('click', () => {
      work();
      next.focus();
    });
  };
  const useStandard = (slot: Slot) => () => {
    put(slot, standard);
  };
  act('default', useStandard(0), inputs[0]);
  act('default-second', useStandard(1), inputs[1]);
  act(
    'remove-second',
    () => {
      put(1, undefined);
    },
    inputs[1],
  );
  for (const each of document.querySelectorAll<HTMLInputElement>('[name="listed"]')) {
    each.addEventListener('change', () => {
      showListed(each.value === '1' ? 1 : 0);
    });
  }
}

await shell();
setUpText();
setUpTokenizers();
try {
  const file = await standardFile();
  standard = {
    name: 'the default model’s',
    size: file.length,
    tokenizer: await Tokenizer.from(file),
  };
  put(0, standard);
} catch (error) {
  byId('pieces', HTMLDivElement).replaceChildren();
  fail('The tokenizer can’t be loaded', error);
}
