/** Where two tokenizers cut the same text, and the parts of it between the cuts that they share. */
import type { Piece } from './pieces.js';

/** What is there of the first tokenizer, and of the second. */
export type Two<T> = readonly [T, T];

export interface Segment {
  readonly start: number;
  readonly end: number;
  /** The pieces that end in it. */
  readonly pieces: Two<readonly Indexed[]>;
  /** Do they part it differently? */
  readonly differs: boolean;
}
export interface Indexed {
  readonly piece: Piece;
  readonly index: number;
}
/** UTF-16 units from the text's begin: a piece ends there, and the text goes on. */
export interface Cuts {
  readonly both: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
}
interface Ended extends Indexed {
  readonly end: number;
}

/** Special tokens that templates add are in no segment. */
export function compareCuts(pieces: Two<readonly Piece[]>, text: string) {
  const { length } = text;
  const ends = [endsOf(pieces[0], text), endsOf(pieces[1], text)] as const;
  const inside = (list: readonly Ended[]) =>
    new Set(list.map(({ end }) => end).filter((end) => end > 0 && end < length));
  const [first, second] = [inside(ends[0]), inside(ends[1])];
  const cuts: Cuts = {
    both: [...first].filter((end) => second.has(end)),
    first: [...first].filter((end) => !second.has(end)),
    second: [...second].filter((end) => !first.has(end)),
  };
  return { cuts, segments: segmentsOf(ends, [...cuts.both, length]) };
}

/**
 * What a tokenizer drops, as the spaces between words, belongs to the piece that comes after: so a word is cut off alike,
 * whether its space was dropped or not. Dropped accents stay with the letter that they stood on.
 */
function endsOf(pieces: readonly Piece[], text: string): Ended[] {
  const own = pieces.flatMap((piece, index) => (piece.added ? [] : [{ piece, index }]));
  let end = 0;
  return own.map(({ piece, index }, i) => {
    const dropped = text.slice(piece.end, own[i + 1]?.piece.start);
    const marks = /^\p{M}*/u.exec(dropped)?.[0].length ?? 0;
    end = Math.max(end, piece.end + marks);
    return { piece, index, end };
  });
}

function segmentsOf(ends: Two<readonly Ended[]>, shared: readonly number[]): Segment[] {
  const at: [number, number] = [0, 0];
  const upTo = (which: 0 | 1, limit: number) => {
    const from = at[which];
    while ((ends[which][at[which]]?.end ?? Infinity) <= limit) at[which] += 1;
    return ends[which].slice(from, at[which]);
  };
  let start = 0;
  return shared.flatMap((end) => {
    const pieces = [upTo(0, end), upTo(1, end)] as const;
    const segment = { start, end, pieces, differs: differ(pieces) };
    start = end;
    return pieces[0].length + pieces[1].length > 0 ? [segment] : [];
  });
}

/** Between two shared cuts they part alike with one piece each, or with as many that all stand for the same characters. */
function differ([a, b]: Two<readonly Ended[]>): boolean {
  return a.length !== b.length || a.some(({ end }, i) => end !== b[i]?.end);
}
