/** Two tokenizers side by side: the pieces of both between the cuts that they share, and what that comes to. */
import { compareCuts, type Indexed, type Segment, type Two } from '../pieces/cuts.js';
import { cellsOf, stripOf } from './strip.js';
import { number, print, printable, stylesFor, table, widthOf, type Styles } from './terminal.js';
import { documentOf, type Taken } from './tokenize.js';

export function comparisonOf(names: Two<string>, taken: Two<Taken>) {
  const [first, second] = taken;
  const [text = ''] = first.texts;
  const { cuts, segments } = compareCuts([first.pieces, second.pieces], text);
  const tokenizers = taken.map((each, i) => {
    const { ids, tokens, offsets, typeIds, specialTokensMask, counts } = documentOf(each);
    return { source: names[i], ids, tokens, offsets, typeIds, specialTokensMask, counts };
  });
  const difference = second.counts.tokens - first.counts.tokens;
  return { names, taken, segments, document: { tokenizers, difference, cuts } };
}

const LETTERS = ['A', 'B'] as const;
/** Of a table's line: offsets, the sign, and the spaces between. */
const BESIDE = 20;
const NARROWEST = 12;

export function printComparison({
  names,
  taken,
  segments,
  document,
}: ReturnType<typeof comparisonOf>): void {
  const styles = stylesFor(process.stdout);
  const width = widthOf(process.stdout);
  taken.forEach(({ pieces, texts }, i) => {
    print(`${styles.bold(LETTERS[i] ?? '')}  ${styles.dim(printable(names[i] ?? ''))}`);
    for (const line of stripOf(cellsOf(pieces, texts), styles, width)) print(line);
  });
  print('');
  const room = Math.max(NARROWEST, Math.floor((width - BESIDE) / 2));
  const rows = segments.flatMap((segment) => rowsOf(segment, room, styles));
  const columns = [{ title: 'offsets' }, { title: '' }, { title: 'A' }, { title: 'B' }] as const;
  print(table(columns, rows, styles));
  print('');
  printCounts(taken, document, styles);
}

/** A part of the text; where it takes more than a line, its columns go on below. */
function rowsOf(
  { start, end, pieces, differs }: Segment,
  room: number,
  styles: Styles,
): string[][] {
  const [a = [], b = []] = pieces.map((each) => linesOf(each, room, styles));
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [
    i === 0 ? `${start}–${end}` : '',
    differs ? styles.yellow('≠') : '',
    a[i] ?? '',
    b[i] ?? '',
  ]);
}

function linesOf(pieces: readonly Indexed[], room: number, styles: Styles): string[] {
  const cells = pieces.map(({ piece, index }) => ({ text: piece.label, piece, index }));
  return stripOf(cells, styles, room);
}

function printCounts(
  taken: Two<Taken>,
  { cuts, difference }: ReturnType<typeof comparisonOf>['document'],
  styles: Styles,
): void {
  const rows = taken.map(({ counts }, i) => [
    LETTERS[i] ?? '',
    number(counts.tokens),
    number(counts.special),
    counts.bytesPerToken?.toFixed(1) ?? '',
  ]);
  const columns = [
    { title: '' },
    { title: 'tokens', align: 'right' },
    { title: 'special', align: 'right' },
    { title: 'bytes a token', align: 'right' },
  ] as const;
  const base = taken[0].counts.tokens;
  const percent = base > 0 ? `${signed(Math.round((100 * difference) / base))} %` : '';
  print(table(columns, [...rows, ['B − A', signed(difference), percent, '']], styles));
  const { both, first, second } = cuts;
  print(
    styles.dim(
      `Cuts: ${number(both.length)} in both, ${number(first.length)} in A alone, ${number(second.length)} in B alone` +
        (first.length + second.length > 0 ? '; ≠ is where they differ' : ''),
    ),
  );
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${number(Math.abs(value))}`;
}
