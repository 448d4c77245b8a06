/** How many there are, of one tokenizer or of two. */
import type { Cuts, Two } from '../../../js/src/pieces/cuts.js';
import { h } from '../dom.js';
import { count, percent } from '../format.js';
import { charactersOf, type Counts, type Piece } from '../pieces.js';

export function countsOfOne(
  { tokens, special, characters, bytes, bytesPerToken }: Counts,
  pieces: readonly Piece[],
): HTMLElement {
  const unknown = pieces
    .filter(({ kind }) => kind === 'unknown')
    .reduce((sum, { text }) => sum + [...charactersOf(text)].length, 0);
  const facts: [string, string][] = [
    [count(tokens), tokens === 1 ? 'token' : 'tokens'],
    [count(characters), characters === 1 ? 'character' : 'characters'],
    [count(bytes), bytes === 1 ? 'byte' : 'bytes'],
  ];
  if (bytesPerToken !== null) {
    facts.push([(characters / (tokens - special)).toFixed(1), 'characters a token']);
    facts.push([bytesPerToken.toFixed(1), 'bytes a token']);
  }
  if (unknown > 0) facts.push([percent(unknown / characters), 'of the text unknown']);
  return h(
    'ul',
    { class: 'counts' },
    ...facts.map(([value, name]) => h('li', {}, h('b', {}, value), ` ${name}`)),
  );
}

export function countsOfTwo(counts: Two<Counts>, names: Two<string>, cuts: Cuts): HTMLElement {
  const [a, b] = counts;
  const cell = (value: string) => h('td', { class: 'number' }, value);
  const rows = counts.map(({ tokens, special, bytesPerToken }, i) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, badge(i), ' ', h('span', { class: 'file-name' }, names[i] ?? '')),
      cell(count(tokens)),
      cell(count(special)),
      cell(bytesPerToken?.toFixed(1) ?? ''),
      cell(i === 0 ? '' : difference(b.tokens - a.tokens, a.tokens)),
    ),
  );
  const titles = ['Tokens', 'Special', 'Bytes a token', 'B − A'].map((title) =>
    h('th', { scope: 'col', class: 'number' }, title),
  );
  const differ = cuts.first.length + cuts.second.length > 0;
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'table-frame' },
      h(
        'table',
        { class: 'versus' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Tokenizer'), ...titles)),
        h('tbody', {}, ...rows),
      ),
    ),
    h(
      'p',
      { class: 'quiet small' },
      `Of ${count(a.bytes)} bytes: ${count(cuts.both.length)} cuts in both, `,
      `${count(cuts.first.length)} in A alone, ${count(cuts.second.length)} in B alone.`,
      differ && ' A frame stands where they part the text differently.',
    ),
  );
}

export const LETTERS = ['A', 'B'] as const;

export function badge(which: number): HTMLElement {
  return h('span', { class: 'badge' }, LETTERS[which] ?? '');
}

function difference(tokens: number, of: number): string {
  const sign = tokens > 0 ? '+' : tokens < 0 ? '−' : '';
  // In a narrow column the share goes below, in one piece.
  const share = of > 0 ? ` (${sign}${percent(Math.abs(tokens) / of).replace(' ', '\u00a0')})` : '';
  return `${sign}${count(Math.abs(tokens))}${tokens === 0 ? '' : share}`;
}
