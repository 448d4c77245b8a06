/** General categories and scripts of Unicode 16.0, and which characters 8.0 and 9.0 had already. */
import { Column, blocksOf, bytes, column, constant, corrections, writeHeader } from './output.mjs';
import {
  AGES,
  C,
  SCRIPTS,
  ageOf,
  categories16,
  categories9,
  runsOf,
  scripts16,
  scripts9,
} from './sources.mjs';

const UNKNOWN = SCRIPTS.indexOf('Unknown');

/** A script counts by how long ago it was the last one: the one before is 0. */
class Recency {
  #order = SCRIPTS.map((_, number) => number);

  place(script) {
    const place = this.#order.indexOf(script);
    this.#order.splice(place, 1);
    this.#order.unshift(script);
    return place;
  }
}

function propertyRuns() {
  const counts = new Column();
  const scripts = [];
  const recency = new Recency();
  const runs = runsOf((code) => categories16[code] * 256 + scripts16[code]);
  for (const { count, value } of runs) {
    counts.add(count - 1);
    const known = value >> 8 < C.Cs; // the rest has no script, and no other character lacks one
    if (known === ((value & 255) === UNKNOWN)) throw new Error('a script that is not expected');
    if (known) scripts.push(recency.place(value & 255));
  }
  const ages = new Column();
  const assigned = runsOf(ageOf).filter(({ value }) => value !== AGES.unassigned);
  for (let i = 0; i < assigned.length;) {
    let count = 0;
    const { value } = assigned[i];
    for (; assigned[i]?.value === value; ++i) count += assigned[i].count;
    ages.add((count - 1) * 3 + value);
  }
  return { counts, categories: runs.map(({ value }) => value >> 8), scripts, ages };
}

/** Scripts of 9.0 as the reference tokenizer counts them: 0 for none, else one more than their place in SCRIPTS. */
export function script9(code) {
  const script = scripts9[code];
  if (code === 0x20 || script === UNKNOWN) return 0;
  const isKana = ['Hiragana', 'Katakana'].includes(SCRIPTS[script]) || code === 0x30fc;
  return (isKana ? SCRIPTS.indexOf('Han') : script) + 1;
}
const derivedScript = (code) => {
  if (ageOf(code) > AGES.of9 || scripts16[code] === UNKNOWN) return 0;
  const isKana = ['Hiragana', 'Katakana'].includes(SCRIPTS[scripts16[code]]);
  return (isKana ? SCRIPTS.indexOf('Han') : scripts16[code]) + 1;
};

export function write() {
  const { counts, categories, scripts, ages } = propertyRuns();
  const names = SCRIPTS.map((name) => name.toLowerCase().replaceAll('_', ''));
  const differing = corrections(derivedScript, script9);
  const number = (name) => SCRIPTS.indexOf(name);
  writeHeader(
    'core/src/unicode/property_tables.h',
    'General categories, scripts and ages of all characters, see property_runs.h: Unicode 16.0.',
    [
      column('kRunCounts', 'Characters of a run, less one.', counts),
      bytes('kRunCategories', 'Its general category, in the order of Category.', categories),
      bytes(
        'kRunScripts',
        'How many other scripts were seen since its own was, where it has one.',
        scripts,
      ),
      column('kAgeRuns', 'How many assigned characters, less one, times 3, plus their Age.', ages),
      `/// Scripts as regular expressions name them: in small letters, without underlines.\ninline constexpr char kScriptNames[] =\n${names.map((name) => `    "${name} "`).join('\n')};\n`,
      constant('std::uint8_t', 'kScriptCount', 'How many those are.', SCRIPTS.length),
      constant('std::uint8_t', 'kUnknownScript', 'The one of characters that have none.', UNKNOWN),
      ...['Han', 'Hiragana', 'Katakana'].map((name) =>
        constant('std::uint8_t', `k${name}`, 'A place among the names.', number(name)),
      ),
      constant(
        'int',
        'kCategoryBlocks',
        'What CategoryTable holds.',
        blocksOf((code) => categories16[code]),
      ),
      constant('int', 'kScriptBlocks', 'What the table of script.cc holds.', blocksOf(script9)),
      column(
        'kScriptGaps',
        'Where Unicode 9.0 had another script: gaps between runs,',
        differing.gaps,
      ),
      column('kScriptCounts', '… how long they are, less one,', differing.counts),
      bytes('kScriptValues', '… and what script_of() says there.', differing.values),
    ].join('\n'),
  );
}

/** Marks of Unicode 9.0 as the core derives them, and as they were. */
export const derivedMark = (code) =>
  ageOf(code) <= AGES.of9 && categories16[code] >= C.Mn && categories16[code] <= C.Me;
export const mark9 = (code) => categories9[code] >= C.Mn && categories9[code] <= C.Me;
