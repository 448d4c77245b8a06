/** Where two tokenizers cut the same text, and the parts of it between the cuts that they share. */
import type { Piece } from './pieces.js';

export interface Segment {
  readonly start: number;
  readonly end: number;
  /** The pieces that end in it, of the first and of the second, each with its index. */
  readonly pieces: readonly [readonly Indexed[], readonly Indexed[]];
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

/**
 * What a tokenizer drops, as the spaces between words, belongs to the piece that comes after: so a word is cut off alike,
 * whether its space was dropped or not.
 */
function endsOf(pieces: readonly Piece[]): (Indexed & { end: number })[] {
  let end = 0;
  return pieces.flatMap((piece, index) => {
    if (piece.added) return [];
    end = Math.max(end, piece.end);
    return [{ piece, index, end }];
  });
}

export function compareCuts(first: readonly Piece[], second: readonly Piece[], length: number) {
  const ends = [endsOf(first), endsOf(second)] as const;
  const [a, b] = ends.map((each) => new Set(each.map(({ end }) => end))) as [
    Set<number>,
    Set<number>,
  ];
  const inside = (list: Iterable<number>) =>
    [...list].filter((end) => end > 0 && end < length).sort((one, other) => one - other);
  const cuts: Cuts = {
    both: inside(a).filter((end) => b.has(end)),
    first: inside(a).filter((end) => !b.has(end)),
    second: inside(b).filter((end) => !a.has(end)),
  };
  return { cuts, segments: segmentsOf(ends, [...cuts.both, length]) };
}

function segmentsOf(
  ends: readonly [ReturnType<typeof endsOf>, ReturnType<typeof endsOf>],
  shared: readonly number[],
): Segment[] {
  const taken = [0, 0];
  const upTo = (which: 0 | 1, end: number) => {
    const from = taken[which] ?? 0;
    let to = from;
    while (to < ends[which].length && (ends[which][to]?.end ?? 0) <= end) to += 1;
    taken[which] = to;
    return ends[which].slice(from, to);
  };
  let start = 0;
  return shared.flatMap((end) => {
    const pieces = [upTo(0, end), upTo(1, end)] as const;
    const segment = { start, end, pieces, differs: differ(...pieces) };
    start = end;
    return pieces[0].length + pieces[1].length > 0 ? [segment] : [];
  });
}

/** Between two shared cuts they part alike with one piece each, or with as many that all stand for the same characters. */
function differ(a: ReturnType<typeof endsOf>, b: ReturnType<typeof endsOf>): boolean {
  return a.length !== b.length || a.some(({ end }, i) => end !== b[i]?.end);
}
