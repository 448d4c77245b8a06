/** What the search page shows of results, times and of what was used. */
import type { SessionReport } from 'infercore';
import { definitions, h } from '../dom.js';
import { count, counted, milliseconds } from '../format.js';
import type { Engine, Hit, Index } from './engine.js';

/** Sentences before and after the best one: enough to understand it. */
const AROUND = 1;

export function hitView({ document, passage, sentence, score }: Hit): HTMLElement {
  const from = Math.max(0, sentence - AROUND);
  const to = Math.min(passage.sentences.length, sentence + AROUND + 1);
  const text = h('p', { class: 'hit-text' });
  if (from > 0) text.append('… ');
  for (let i = from; i < to; i++) {
    const words = passage.sentences[i] ?? '';
    text.append(i === sentence ? h('mark', {}, words) : h('span', {}, words), ' ');
  }
  if (to < passage.sentences.length) text.append('…');
  const meter = h(
    'span',
    { class: 'score-bar', 'aria-hidden': true },
    h('span', { class: 'bar-fill' }),
  );
  (meter.firstElementChild as HTMLElement).style.width = `${Math.max(0, score) * 100}%`;
  return h(
    'li',
    { class: 'hit' },
    h('div', { class: 'score' }, h('span', { class: 'hidden' }, 'Score '), score.toFixed(2), meter),
    h(
      'div',
      { class: 'hit-body' },
      text,
      h('p', { class: 'hit-place' }, [document.title, passage.place].filter(Boolean).join(', ')),
    ),
  );
}

const PHASE_NAMES: Readonly<Record<string, string>> = {
  spawn: 'worker',
  fetch: 'download',
  runtime: 'runtime',
  read: 'read',
  create: 'session',
  tokenize: 'tokenize',
  run: 'run the model',
  pool: 'pool',
  compare: 'compare',
  rest: 'the rest',
};

/** Times side by side, as wide as they took. */
export function phaseBar(phases: Readonly<Record<string, number>>): HTMLElement {
  const known = Object.entries(phases).filter(([name, ms]) => name in PHASE_NAMES && ms >= 0.005);
  const bar = h('div', { class: 'phase-bar', 'aria-hidden': true });
  const legend = h('ul', { class: 'phase-legend' });
  known.forEach(([name, ms], i) => {
    const part = h('span', { class: `phase deep-${i % 6}` });
    part.style.flexGrow = String(ms);
    bar.append(part);
    legend.append(
      h(
        'li',
        {},
        h('span', { class: `dot deep-${i % 6}`, 'aria-hidden': true }),
        `${PHASE_NAMES[name] ?? name} `,
        h('b', {}, milliseconds(ms)),
      ),
    );
  });
  return h('div', { class: 'phases' }, bar, legend);
}

const pick = (phases: Readonly<Record<string, number>>, names: readonly string[]) =>
  Object.fromEntries(
    names.filter((name) => name in phases).map((name) => [name, phases[name] ?? 0]),
  );

export function queryTimes(
  phases: Readonly<Record<string, number>>,
  compareMs: number,
): HTMLElement {
  return phaseBar({ ...pick(phases, ['tokenize', 'run', 'pool']), compare: compareMs });
}

export function indexView(index: Index): HTMLElement {
  const rate = index.size / (index.ms / 1000);
  return h(
    'div',
    { class: 'index-done' },
    h(
      'p',
      {},
      h('b', {}, counted(index.size, 'sentence')),
      ` in ${milliseconds(index.ms)}: `,
      h('b', {}, `${count(rate)} a second`),
    ),
    phaseBar(pick(index.phases, ['tokenize', 'run', 'pool'])),
  );
}

const PROVIDERS: Readonly<Record<string, string>> = {
  wasm: 'WebAssembly',
  webgpu: 'WebGPU',
  webnn: 'WebNN',
};
const providerName = (name: string) => PROVIDERS[name] ?? name;

/** What the library says about itself: nothing here is guessed. */
export function usedView(engine: Engine): HTMLElement {
  const { report } = engine;
  const { core, providers, threads, runtime, warnings, worker } = report;
  return h(
    'div',
    { class: 'stack' },
    definitions([
      ['Device', providers.used.map(providerName).join(', ')],
      ...providers.skipped.map(
        ({ name, reason }) => ['Not used', `${providerName(name)}: ${reason}`] as const,
      ),
      ['Where', worker ? 'in a worker: the page stays free' : 'in the page itself'],
      [
        'Model',
        [
          `${runtime.name} ${runtime.version}, ${counted(threads.intraOp, 'thread')}`,
          note(threads.reason),
        ],
      ],
      ['Core', [`${core.build} build, ${counted(core.threads, 'thread')}`, note(core.reason)]],
      ['Ready after', milliseconds(engine.startMs)],
    ]),
    phaseBar(startPhases(engine)),
    warnings.length > 0 && warningList(warnings),
  );
}

/** With what no phase tells of: the core, the tokenizer, the way between page and worker. */
function startPhases({ report, startMs }: Engine): Record<string, number> {
  const phases = pick(report.phases, ['spawn', 'fetch', 'runtime', 'read', 'create']);
  const known = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
  return { ...phases, rest: Math.max(0, startMs - known) };
}

function note(text: string): HTMLElement | undefined {
  return text === '' ? undefined : h('small', { class: 'note' }, text);
}

function warningList(warnings: SessionReport['warnings']): HTMLElement {
  return h(
    'ul',
    { class: 'warnings' },
    ...warnings.map(({ code, message, hint }) =>
      h(
        'li',
        {},
        h('code', {}, code),
        ` ${message}`,
        hint ? h('span', { class: 'quiet' }, ` → ${hint}`) : false,
      ),
    ),
  );
}
