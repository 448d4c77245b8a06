/** Simple lower case of what is not ASCII: Unicode 17.0, which is this engine's. */
import { Column, blocksOf, column, constant, writeHeader } from './output.mjs';
import { CODES, codesOf, isSurrogate, text } from './sources.mjs';

/** What `toLowerCase` makes of a character, where that is one other character; else nothing. */
export function lower(code) {
  if (isSurrogate(code)) return undefined;
  const to = codesOf(text(code).toLowerCase());
  return to.length === 1 && to[0] !== code ? to[0] : undefined; // the longer one, U+0130, is the core's
}

/** Characters one or two apart from each other that all move as far. */
function lowerRuns() {
  const runs = [];
  for (let code = 0x80; code < CODES; ++code) {
    const to = lower(code);
    if (to === undefined) continue;
    const run = runs.at(-1);
    const step = run && code - run.last;
    const goesOn = run && (step === run.step || (run.count === 1 && step <= 2));
    if (goesOn && to - code === run.delta)
      Object.assign(run, { last: code, step, count: run.count + 1 });
    else runs.push({ first: code, last: code, step: 1, delta: to - code, count: 1 });
  }
  return runs;
}

export function write() {
  const gaps = new Column();
  const counts = new Column();
  const deltas = new Column();
  let last = 0;
  const runs = lowerRuns();
  const numbers = new Uint8Array(CODES);
  runs.forEach(({ first, last: end }, i) => numbers.fill(i + 1, first, end + 1));
  for (const run of runs) {
    gaps.add(run.first - last);
    counts.add((run.count - 1) * 2 + run.step - 1);
    deltas.addSigned(run.delta);
    last = run.last;
  }
  writeHeader(
    'core/src/unicode/lowercase_tables.h',
    'Simple lower case of what is not ASCII, see lowercase.cc: Unicode 17.0.',
    [
      constant('int', 'kCaseRuns', 'How many runs there are.', runs.length),
      constant(
        'int',
        'kCaseBlocks',
        'What the table of lowercase.cc holds.',
        blocksOf((code) => numbers[code]),
      ),
      column('kCaseGaps', 'How far each starts behind the end of the one before.', gaps),
      column(
        'kCaseCounts',
        'Characters, less one, times 2; plus 1 where it is each second one.',
        counts,
      ),
      column('kCaseDeltas', 'What to add, signed.', deltas),
    ].join('\n'),
  );
}
