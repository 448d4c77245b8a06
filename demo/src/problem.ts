/** How the pages show what went wrong: the library's words, its code and its hint. */
import { InferError } from 'infercore/tokenizer';
import { h } from './dom.js';

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
  const { code, hint, faults } = error;
  // The hint stands at the end of the message, in brackets; here it has a line of its own.
  const message = hint ? error.message.replace(` (${hint})`, '') : error.message;
  box.append(h('p', {}, h('code', {}, code), ' ', message));
  if (faults && faults.length > 1) {
    box.append(h('ul', {}, ...faults.slice(0, 8).map(({ message: fault }) => h('li', {}, fault))));
  }
  if (hint) box.append(h('p', { class: 'problem-hint' }, `What to do: ${hint}`));
  return box;
}

export function isAbort(error: unknown): boolean {
  return error instanceof InferError && error.code === 'ABORTED';
}
