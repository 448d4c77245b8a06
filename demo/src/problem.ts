/** How the pages show what went wrong: the library's words, its code and its hint. */
import { InferError } from 'infercore/tokenizer';
import { h } from './dom.js';

/** The rest would only be scrolled past. */
const MOST_FAULTS = 8;

export function problem(title: string, error: unknown): HTMLElement {
  const box = h(
    'div',
    { class: 'problem', role: 'alert' },
    h('p', { class: 'problem-title' }, title),
  );
  if (!(error instanceof InferError)) {
    box.append(h('p', {}, error instanceof Error ? error.message : String(error)));
    return box;
  }
  const { code, hint, faults = [] } = error;
  // Hint and faults stand in the message, too; here they have lines of their own.
  const whole = hint ? error.message.replace(` (${hint})`, '') : error.message;
  const message = faults.length > 1 ? whole.split('\n', 1).join('') : whole;
  box.append(h('p', {}, h('code', {}, code), ` ${message}`));
  if (faults.length > 1) {
    const shown = faults.slice(0, MOST_FAULTS);
    box.append(h('ul', {}, ...shown.map((fault) => h('li', {}, fault.message))));
  }
  if (hint) box.append(h('p', { class: 'problem-hint' }, `What to do: ${hint}`));
  return box;
}

export function isAbort(error: unknown): boolean {
  return error instanceof InferError && error.code === 'ABORTED';
}
