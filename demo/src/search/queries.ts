/** Queries as one types: one at a time, and of those that wait only the latest. */
import { Tokenizer } from 'infercore/tokenizer';
import { byId, debounced, h } from '../dom.js';
import { counted, milliseconds } from '../format.js';
import { chips, encoded } from '../pieces.js';
import { problem } from '../problem.js';
import { standardFile } from '../standard.js';
import type { Engine, Hit, Index } from './engine.js';
import { hitView, queryTimes } from './views.js';

const SAMPLES = [
  'The weather was terrible.',
  'What do they eat?',
  'I am afraid of him.',
  'a very old book',
];
/** Shown at once; the rest on demand. */
const FIRST = 6;
const RESULTS = 20;
const TO_BEGIN = 'Type, or take an example.';

const query = byId('query', HTMLInputElement);
const state = byId('query-state', HTMLParagraphElement);
const details = byId('query-details', HTMLDivElement);
const samples = byId('samples', HTMLDivElement);
const results = byId('results', HTMLOListElement);
const moreLine = byId('more-line', HTMLParagraphElement);
const more = byId('more', HTMLButtonElement);

interface Ready {
  readonly engine: Engine;
  readonly index: Index;
}

export class Queries {
  /** Counts what was asked; an answer to an earlier question is not shown. */
  #asked = 0;
  #busy = false;
  /** For the pieces: the pipeline's own may be in a worker. */
  #tokenizer: Promise<Tokenizer> | undefined;

  /** @param text what stands in the field at first */
  constructor(
    private readonly ready: () => Ready | undefined,
    private readonly problems: HTMLElement,
    text: string,
  ) {
    const ask = () => void this.ask();
    query.value = text;
    query.addEventListener('input', debounced(120, ask));
    byId('query-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      ask();
    });
    for (const sample of SAMPLES) {
      const button = h('button', { type: 'button', class: 'button plain', disabled: true }, sample);
      button.addEventListener('click', () => {
        query.value = sample;
        ask();
      });
      samples.append(button);
    }
  }

  get text(): string {
    return query.value;
  }

  /** There are texts to search, and a model. */
  open(): void {
    this.#setOpen(true, TO_BEGIN);
    // On a phone the keyboard would cover half of the page.
    if (matchMedia('(hover: hover)').matches) query.focus();
  }

  /** The texts or the model will be other ones: what is under way is not shown any more. */
  close(words = 'Index the texts first.'): void {
    this.#asked += 1;
    hideHits();
    this.#setOpen(false, words);
  }

  #setOpen(open: boolean, words: string): void {
    query.disabled = !open;
    for (const button of samples.querySelectorAll('button')) button.disabled = !open;
    state.textContent = words;
  }

  /**
   * Asks what stands in the field. A query under way is not aborted: it takes milliseconds, and ending a worker costs
   * seconds.
   */
  async ask(): Promise<void> {
    this.#asked += 1;
    if (this.#busy) return;
    this.#busy = true;
    for (let asked = 0; asked !== this.#asked;) {
      asked = this.#asked;
      await this.#answer(() => asked !== this.#asked);
    }
    this.#busy = false;
  }

  async #answer(isOld: () => boolean): Promise<void> {
    const text = query.value.trim();
    const ready = this.ready();
    if (!ready) return;
    if (text === '') {
      hideHits();
      state.textContent = TO_BEGIN;
      return;
    }
    try {
      const { engine, index } = ready;
      const { data } = await engine.vectors([text]);
      const { phases } = engine.report;
      const compared = performance.now();
      const hits = await index.nearest(data, RESULTS);
      const compareMs = performance.now() - compared;
      if (isOld()) return;
      this.problems.replaceChildren();
      showHits(hits);
      showTimes(index, phases, compareMs);
      tell(hits);
      await this.#showPieces(text);
    } catch (error) {
      if (!isOld()) this.problems.replaceChildren(problem('The query failed', error));
    }
  }

  async #showPieces(text: string): Promise<void> {
    this.#tokenizer ??= standardFile().then((file) => Tokenizer.from(file));
    const { pieces } = encoded(await this.#tokenizer, text, true);
    byId('query-pieces', HTMLDivElement).replaceChildren(chips(pieces));
    details.hidden = false;
  }
}

function showTimes(
  index: Index,
  phases: Readonly<Record<string, number>>,
  compareMs: number,
): void {
  byId('query-times', HTMLDivElement).replaceChildren(queryTimes(phases, compareMs));
  const names = ['tokenize', 'run', 'pool'];
  const all = names.reduce((sum, name) => sum + (phases[name] ?? 0), compareMs);
  state.textContent = `${counted(index.size, 'sentence')} compared, in ${milliseconds(all)}.`;
}

/** To who does not see the list change. */
function tell(hits: readonly Hit[]): void {
  const [best] = hits;
  const words = best ? `, the best: ${best.passage.sentences[best.sentence] ?? ''}` : '';
  byId('results-status', HTMLParagraphElement).textContent = counted(hits.length, 'result') + words;
}

function showHits(hits: readonly Hit[]): void {
  results.replaceChildren(...hits.slice(0, FIRST).map(hitView));
  results.hidden = false;
  const rest = hits.slice(FIRST);
  moreLine.hidden = rest.length === 0;
  more.onclick = () => {
    const views = rest.map(hitView);
    results.append(...views);
    moreLine.hidden = true;
    views[0]?.setAttribute('tabindex', '-1');
    views[0]?.focus();
  };
}

function hideHits(): void {
  results.hidden = true;
  moreLine.hidden = true;
  details.hidden = true;
}
