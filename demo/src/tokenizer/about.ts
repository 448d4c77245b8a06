/** What is known of a tokenizer. */
import type { Tokenizer } from 'infercore/tokenizer';
import { definitions, h } from '../dom.js';
import { bytes, counted } from '../format.js';

export interface Loaded {
  readonly name: string;
  /** Of its files, in bytes. */
  readonly size: number;
  readonly tokenizer: Tokenizer;
}

export function about({ tokenizer, name, size }: Loaded): HTMLElement {
  const { model, components, bytes: memory, unknownId } = tokenizer.info;
  const unknown = unknownId === undefined ? undefined : tokenizer.idToToken(unknownId);
  return definitions([
    ['In use', h('span', { class: 'file-name' }, name)],
    ['Kind', model],
    ['Vocabulary', counted(tokenizer.vocabSize, 'token')],
    ['Steps', components.length > 0 && h('span', { class: 'steps' }, ...components.map(step))],
    ['Unknown', unknown === undefined ? 'none' : [h('code', {}, unknown), codePoint(unknown)]],
    ['File', `${bytes(size)}, ${bytes(memory)} in memory`],
  ]);
}

/** Where it is too long for a line it breaks behind the stage. */
function step(component: string): HTMLElement {
  const [stage = '', name] = component.split(':');
  return h('code', {}, ...(name === undefined ? [stage] : [`${stage}:`, h('wbr'), name]));
}

/** Signs such as U+FFFD look like a fault of the page. */
function codePoint(token: string): string {
  const code = token.codePointAt(0) ?? 0;
  const alone = String.fromCodePoint(code) === token && code > 0x7f;
  return alone ? ` U+${code.toString(16).toUpperCase().padStart(4, '0')}` : '';
}
