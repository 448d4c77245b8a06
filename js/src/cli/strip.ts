/** A text as one strip of its pieces, in the colours of a terminal or parted by lines. */
import stringWidth from 'string-width';
import { charactersOf, visible, type Piece } from '../pieces/pieces.js';
import type { Styles } from './terminal.js';

interface Cell {
  readonly text: string;
  /** undefined for what of the text no piece stands for. */
  readonly piece: Piece | undefined;
  readonly index: number;
}

/** In lines of at most `width` columns, broken after each line of the text, too. */
export function stripOf(cells: readonly Cell[], styles: Styles, width: number): string[] {
  const lines: Cell[][] = [[]];
  let room = width;
  const put = (cell: Cell) => {
    const size = stringWidth(cell.text);
    if (size > room && room < width) {
      lines.push([]);
      room = width;
    }
    lines.at(-1)?.push(cell);
    room -= size + (styles.colored ? 0 : 1);
    if (!cell.text.endsWith('↵')) return;
    lines.push([]);
    room = width;
  };
  for (const cell of cells) for (const text of parts(cell.text, width)) put({ ...cell, text });
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines.map((line) => joined(line, styles));
}

/** Broken after line ends, and where it is wider than a line. */
function parts(text: string, width: number): string[] {
  return text
    .split(/(?<=↵)/)
    .flatMap((line) => (stringWidth(line) <= width ? [line] : cut(line, width)));
}

function cut(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let room = width;
  for (const segment of charactersOf(text)) {
    const size = stringWidth(segment);
    if (size > room) {
      lines.push(line);
      line = '';
      room = width;
    }
    line += segment;
    room -= size;
  }
  return [...lines, line];
}

function joined(line: readonly Cell[], styles: Styles): string {
  if (styles.colored) return line.map((cell) => painted(cell, styles)).join('');
  return line
    .map(({ text, index }, i) => (i > 0 && line[i - 1]?.index !== index ? `│${text}` : text))
    .join('');
}

function painted({ text, piece, index }: Cell, styles: Styles): string {
  if (!piece) return styles.dim(text);
  if (piece.kind === 'unknown') return styles.unknown(text);
  if (piece.kind === 'special') return styles.special(text);
  return styles.grounds[index % styles.grounds.length]?.(text) ?? text;
}

/** The pieces in order, and between them what of the texts none of them stands for. */
export function cellsOf(pieces: readonly Piece[], texts: readonly string[]): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  let sequence = 0;
  const skip = (to: number) => {
    const gap = texts[sequence]?.slice(at, to) ?? '';
    // White space that is dropped stays white: a dot would look like a token of its own.
    if (gap !== '')
      cells.push({ text: visible(gap).replaceAll('·', ' '), piece: undefined, index: -1 });
    at = Math.max(at, to);
  };
  const last = (of: number) => pieces.findLastIndex((each) => !each.added && each.sequence === of);
  const ends = [last(0), last(1)];
  pieces.forEach((piece, index) => {
    if (piece.added) {
      if (index > (ends[sequence] ?? -1)) skip(Infinity);
    } else {
      if (piece.sequence !== sequence) {
        skip(Infinity);
        ({ sequence } = piece);
        at = 0;
      }
      skip(piece.start);
      at = Math.max(at, piece.end);
    }
    cells.push({ text: piece.label, piece, index });
  });
  skip(Infinity);
  return cells;
}
