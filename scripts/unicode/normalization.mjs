/**
 * What NFC, NFD, NFKC and NFKD change: Unicode 9.0. Decompositions come from this engine, restricted to what 9.0
 * assigns. Canonical ones are stored a step at a time (one character, or two of which the first may go on), so that
 * they say what NFC composes as well; compatibility ones in full, where no canonical step leads to them.
 */
import { Column, blocksOf, bytes, column, constant, writeHeader } from './output.mjs';
import { derivedMark, mark9 } from './properties.mjs';
import {
  C,
  CODES,
  categories9,
  codesOf,
  hex,
  isHangulSyllable,
  isSurrogate,
  text,
} from './sources.mjs';

const assigned = [];
for (let code = 0; code < CODES; ++code)
  if (!isSurrogate(code) && categories9[code] !== C.Cn) assigned.push(code);

export const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'];
/** A character in a form; characters that 9.0 does not assign stay as they are. */
export const inForm = (code, form) =>
  isSurrogate(code) || categories9[code] === C.Cn ? text(code) : text(code).normalize(form);

const full = new Map();
for (const code of assigned) {
  const to = text(code).normalize('NFD');
  if (!isHangulSyllable(code) && to !== text(code)) full.set(code, to);
}

/** One character, or a pair that NFC makes it of. */
function stepOf(code, to) {
  const codes = codesOf(to);
  if (codes.length === 1) return codes;
  const head = codesOf(text(...codes.slice(0, -1)).normalize('NFC'));
  if (head.length === 1) return [head[0], codes.at(-1)];
  // What NFC does not compose: some character must stand for the head nevertheless.
  const [other] = [...full].find(([, each]) => each === text(...codes.slice(0, -1))) ?? [];
  if (other === undefined) throw new Error(`no pair makes ${hex(code)}`);
  return [other, codes.at(-1)];
}
const steps = new Map([...full].map(([code, to]) => [code, stepOf(code, to)]));
const stepsOf = (length) => [...steps].filter(([, step]) => step.length === length);

/** Compatibility decompositions that differ from the canonical one and from that of the canonical step. */
const compatible = new Map();
for (const code of assigned) {
  const to = text(code).normalize('NFKD');
  const step = steps.get(code);
  const derived = step ? text(...step).normalize('NFKD') : text(code).normalize('NFD');
  if (isHangulSyllable(code) || to === derived) continue;
  if (step) throw new Error(`${hex(code)} decomposes in two ways`);
  compatible.set(code, codesOf(to));
}

/** Combining classes as ranks: only their order matters, and the engine shows it by how it sorts two marks. */
function combiningRanks() {
  const top = 0x345; // the highest class of all: every other mark moves in front of it
  const swaps = (a, b) => text(0x61, a, b).normalize('NFD') !== text(0x61, a, b);
  const marks = assigned.filter(
    (code) => code === top || (!full.has(code) && !isHangulSyllable(code) && swaps(top, code)),
  );
  marks.sort((a, b) => (swaps(a, b) ? 1 : swaps(b, a) ? -1 : a - b));
  const ranks = new Map();
  let rank = 0;
  marks.forEach((mark, i) => {
    if (i === 0 || swaps(mark, marks[i - 1])) ++rank;
    ranks.set(mark, rank);
  });
  return ranks;
}
const ranks = combiningRanks();

/** What NFC does with a pair: puts it together, that but NFKC takes it apart, or neither. */
const STATES = { composed: 0, notByNFKC: 1, never: 2 };
function stateOf(code) {
  if (inForm(code, 'NFC') !== text(code)) return STATES.never;
  return inForm(code, 'NFKC') === text(code) ? STATES.composed : STATES.notByNFKC;
}

const seconds = new Set(
  stepsOf(2)
    .filter(([code]) => stateOf(code) !== STATES.never)
    .map(([, step]) => step[1]),
);
for (let vowel = 0x1161; vowel <= 0x1175; ++vowel) seconds.add(vowel);
for (let tail = 0x11a8; tail <= 0x11c2; ++tail) seconds.add(tail);

/** Characters that a form changes, moves, or may join to the one before: everything else is copied as it stands. */
export const isActive = (form, code) =>
  ranks.has(code) ||
  inForm(code, form) !== text(code) ||
  (!form.endsWith('D') && seconds.has(code));

function pairColumns() {
  const marks = [...new Set(stepsOf(2).map(([, step]) => step[1]))].sort((a, b) => a - b);
  const columns = { gaps: new Column(), firsts: new Column(), seconds: [], marks: new Column() };
  let [code, first] = [0, 0];
  for (const [at, step] of stepsOf(2)) {
    columns.gaps.add(at - code);
    columns.firsts.addSigned(step[0] - first - (at - code));
    columns.seconds.push(marks.indexOf(step[1]) * 3 + stateOf(at));
    [code, first] = [at, step[0]];
  }
  marks.forEach((mark, i) => columns.marks.add(mark - (marks[i - 1] ?? 0)));
  return { ...columns, count: stepsOf(2).length, markCount: marks.length };
}

/** Characters that stand for one other: gaps between them, and how far their targets are apart. */
function singleColumns(singles) {
  const columns = { gaps: new Column(), targets: new Column(), count: singles.length };
  let [code, target] = [0, 0];
  for (const [at, [to]] of singles) {
    columns.gaps.add(at - code);
    columns.targets.addSigned(to - target);
    [code, target] = [at, to];
  }
  return columns;
}

/**
 * Text as bytes: ASCII as it is, others as their place in a page of 128 characters, with the highest bit. A zero turns to
 * another page: its number follows.
 */
function pagedText(strings) {
  const paged = new Column();
  let page = 0;
  for (const code of strings.flat()) {
    if (code >= 128 && code >> 7 !== page) paged.add(0).add((page = code >> 7));
    paged.bytes.push(code < 128 ? code : 128 | (code & 127));
  }
  return paged;
}

/** Ranks of the marks of 9.0, one after the other: how many have the same, and which. */
function rankColumns() {
  const marks = assigned.filter(derivedMark);
  const strange = [...ranks.keys()].filter((code) => !derivedMark(code));
  if (strange.length > 0) throw new Error(`${strange.map(hex)}: a rank, but no mark`);
  const columns = { counts: new Column(), ranks: [] };
  for (let i = 0; i < marks.length;) {
    const rank = ranks.get(marks[i]) ?? 0;
    let count = 0;
    for (; i < marks.length && (ranks.get(marks[i]) ?? 0) === rank; ++i) ++count;
    columns.counts.add(count - 1);
    columns.ranks.push(rank);
  }
  return columns;
}

/** All that a cell of the core's table depends on. */
function cellOf(code) {
  if (isHangulSyllable(code)) return 'syllable';
  const flags = [mark9(code), ranks.get(code), ...FORMS.map((form) => isActive(form, code))];
  if (!flags.some(Boolean)) return 0;
  return steps.has(code) || compatible.has(code) ? `${code}` : flags.join();
}

export function write() {
  const pairs = pairColumns();
  const singles = singleColumns(stepsOf(1));
  const one = singleColumns([...compatible].filter(([, to]) => to.length === 1));
  const many = [...compatible].filter(([, to]) => to.length > 1);
  const gaps = new Column();
  many.forEach(([code], i) => gaps.add(code - (many[i - 1]?.[0] ?? 0)));
  const paged = pagedText(many.map(([, to]) => to));
  const order = rankColumns();
  const changes = [...mark9Changes()];
  const marks = new Column();
  changes.forEach((code, i) => marks.add(code - (changes[i - 1] ?? 0)));
  const pool = 2 * pairs.count + singles.count + one.count + many.flatMap(([, to]) => to).length;
  const int = (name, comment, value) => constant('int', name, comment, value);
  writeHeader(
    'core/src/unicode/normalization_tables.h',
    'What NFC, NFD, NFKC and NFKD change, see normalization_table.cc: Unicode 9.0.',
    [
      int('kNormalizationBlocks', 'What NormalizationTable holds.', blocksOf(cellOf)),
      int('kNormalizationPool', 'All characters that others become.', pool),
      int('kPairCount', 'Canonical decompositions into two characters.', pairs.count),
      column('kPairGaps', 'From one to the next.', pairs.gaps),
      column(
        'kPairFirsts',
        'The first of the two: how much further than the gap it is from one to the next, signed.',
        pairs.firsts,
      ),
      bytes(
        'kPairSeconds',
        'The second as a place in kSeconds, times 3, plus a PairState.',
        pairs.seconds,
      ),
      int('kSecondCount', 'How many kSeconds are.', pairs.markCount),
      column('kSeconds', 'From one to the next.', pairs.marks),
      int('kSingleCount', 'Canonical decompositions into one character.', singles.count),
      column('kSingleGaps', 'From one to the next.', singles.gaps),
      column('kSingleTargets', 'From one to the next, signed.', singles.targets),
      int('kCompatibleCount', 'Compatibility decompositions into one character.', one.count),
      column('kCompatibleGaps', 'From one to the next.', one.gaps),
      column('kCompatibleTargets', 'From one to the next, signed.', one.targets),
      int('kStringCount', 'Compatibility decompositions into more.', many.length),
      column('kStringGaps', 'From one to the next.', gaps),
      bytes(
        'kStringLengths',
        'How many characters.',
        many.map(([, to]) => to.length),
      ),
      column(
        'kStrings',
        'They: ASCII, or 128 + the place in a page; behind 0 stands its number.',
        paged,
      ),
      column('kRankCounts', 'Marks of one rank after the other, less one.', order.counts),
      bytes('kRanks', 'Ranks of the combining classes, 1 the lowest, 0 for none.', order.ranks),
      column('kMarkChanges', 'What became a mark after 9.0 or was one only then: gaps.', marks),
      int('kMarkChangeCount', 'How many those are.', changes.length),
    ].join('\n'),
  );
}

function* mark9Changes() {
  for (let code = 0; code < CODES; ++code) if (mark9(code) !== derivedMark(code)) yield code;
}
