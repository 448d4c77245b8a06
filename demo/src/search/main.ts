/** The search page: texts → index → queries. */
import { byId, h } from '../dom.js';
import { bytes, count, counted, remaining } from '../format.js';
import { isAbort, problem } from '../problem.js';
import { shell } from '../shell.js';
import { Engine, Index, needsNewPage, type Progress, type Settings } from './engine.js';
import { Queries } from './queries.js';
import { settings, setUpSettings } from './settings.js';
import { documents, setUpSources, sourceName, type KeptTexts } from './sources.js';
import { sentenceCount } from './texts.js';
import { indexView, usedView } from './views.js';

const KEPT = 'infercore.search';

const start = byId('start', HTMLDivElement);
const startButton = byId('index', HTMLButtonElement);
const cancelButton = byId('cancel', HTMLButtonElement);
const problems = byId('problem', HTMLDivElement);

interface Kept {
  readonly settings: Settings;
  readonly texts: KeptTexts;
  readonly query: string;
  /** Index again after the reload. */
  readonly again: boolean;
}

// First: it may load the page anew, and what was kept over a reload can be taken only once.
await shell();
const kept = takeKept();
let engine: Engine | undefined;
let index: Index | undefined;
let work: AbortController | undefined;
const queries = new Queries(
  () => (engine && index ? { engine, index } : undefined),
  problems,
  kept?.query ?? '',
);

// ── Index ──

/** Loads the model where needed, then makes the vectors: with progress, until it is done or cancelled. */
async function makeIndex(): Promise<void> {
  work?.abort();
  const { signal } = (work = new AbortController());
  setIndex(undefined);
  try {
    const texts = await documents();
    if (sentenceCount(texts) === 0)
      throw new Error('there are no texts yet: paste some, or add files');
    showWork('Loading the model');
    engine ??= await Engine.start(settings(), signal, showProgress('bytes'));
    showUsed();
    showWork('Indexing');
    setIndex(await Index.build(engine, texts, signal, showProgress('texts')));
    showUsed();
  } catch (error) {
    if (!isAbort(error) && !signal.aborted)
      problems.replaceChildren(problem('That did not work', error));
  } finally {
    if (work.signal === signal) endWork();
  }
  if (index) await queries.ask();
}

function setIndex(made: Index | undefined): void {
  index = made;
  problems.replaceChildren();
  byId('index-done', HTMLDivElement).replaceChildren(...(made ? [indexView(made)] : []));
  if (made) queries.open();
  else queries.close();
}

function showWork(title: string): void {
  queries.close('Ready as soon as the texts are indexed.');
  const focused = document.activeElement === startButton;
  start.hidden = true;
  byId('progress', HTMLDivElement).hidden = false;
  if (focused) cancelButton.focus();
  byId('progress-title', HTMLElement).textContent = title;
  byId('progress-note', HTMLElement).textContent = '';
  byId('progress-bar', HTMLProgressElement).removeAttribute('value');
  byId('results-status', HTMLParagraphElement).textContent = title;
}

function showProgress(unit: 'bytes' | 'texts'): (progress: Progress) => void {
  const started = performance.now();
  const bar = byId('progress-bar', HTMLProgressElement);
  const note = byId('progress-note', HTMLElement);
  const say = unit === 'bytes' ? bytes : count;
  const what = unit === 'bytes' ? '' : ' sentences';
  return ({ loaded, total }) => {
    if (total === undefined) {
      note.textContent = say(loaded);
      return;
    }
    bar.value = loaded / total;
    const elapsed = performance.now() - started;
    // Too early an estimate only jumps about.
    const known = elapsed > 400 && loaded > 0 && loaded < total;
    const left = known ? `, ${remaining((elapsed / loaded) * (total - loaded))}` : '';
    note.textContent = `${say(loaded)} of ${say(total)}${what}${left}`;
  };
}

function endWork(): void {
  byId('progress', HTMLDivElement).hidden = true;
  if (!index) queries.close();
  start.hidden = index !== undefined;
  byId('results-status', HTMLParagraphElement).textContent = index ? 'Ready to search' : '';
}

function showUsed(): void {
  if (engine) byId('used', HTMLDivElement).replaceChildren(usedView(engine));
}

// ── Changes ──

function textsChanged(): void {
  work?.abort();
  setIndex(undefined);
  endWork();
  void showNote();
}

async function showNote(): Promise<void> {
  const note = byId('index-note', HTMLSpanElement);
  const model = engine ? '' : 'loads the model once, 28 MB';
  try {
    const number = sentenceCount(await documents());
    startButton.disabled = number === 0;
    startButton.textContent =
      number === 0 ? 'Index the texts' : `Index ${counted(number, 'sentence')}`;
    if (sourceName() === 'novel') {
      byId('novel-note', HTMLElement).textContent =
        `${counted(number, 'sentence')} of the first chapters`;
    }
    note.textContent = number === 0 ? 'Paste texts or add files first.' : model;
  } catch (error) {
    problems.replaceChildren(problem('The texts can’t be loaded', error));
  }
}

async function settingsChanged(keep: (again: boolean) => boolean): Promise<void> {
  if (needsNewPage(settings()) && keep(index !== undefined)) {
    location.reload();
    return;
  }
  const old = engine;
  const again = index !== undefined;
  if (!old) return;
  work?.abort();
  engine = undefined;
  byId('used', HTMLDivElement).replaceChildren(
    h('p', { class: 'quiet small' }, 'The model is loaded anew …'),
  );
  await old.dispose().catch(() => undefined);
  if (again) await makeIndex();
  else textsChanged();
}

function takeKept(): Kept | undefined {
  try {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const keptTexts = setUpSources(kept?.texts, textsChanged);
  setUpSettings(kept?.settings, () => {
    void settingsChanged((again) => {
      const now: Kept = { settings: settings(), texts: keptTexts(), query: queries.text, again };
      try {
        sessionStorage.setItem(KEPT, JSON.stringify(now));
        return true;
      } catch {
        problems.replaceChildren(
          problem(
            'These texts are too large to keep over a reload',
            new Error('the number of threads stays as it was'),
          ),
        );
        return false;
      }
    });
  });
  startButton.addEventListener('click', () => void makeIndex());
  cancelButton.addEventListener('click', () => {
    work?.abort();
    endWork();
    startButton.focus();
  });
  await showNote();
  if (kept?.again) await makeIndex();
}

await main();
