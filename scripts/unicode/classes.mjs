/** Classes of characters: Unicode 8.0 to 17.0, see character_class.h. */
import { blocksOf, bytes, column, constant, corrections, writeHeader } from './output.mjs';
import { lower } from './lowercase.mjs';
import { isActive } from './normalization.mjs';
import {
  AGES,
  C,
  CODES,
  ageOf,
  categories16,
  categories8,
  isHangulSyllable,
  isSurrogate,
  read,
  text,
} from './sources.mjs';

/** In the order of CharacterClass. */
const BIT = {
  space: 1,
  punctuation: 2,
  numeric: 4,
  word: 8,
  control: 16,
  nonspacing: 32,
  nfdActive: 64,
  cased: 128,
};

const isPunctuation = (category) => category >= C.Pc && category <= C.Po;
const isControl = (category) => [C.Cc, C.Cf, C.Co].includes(category);

async function trueClasses() {
  const whiteSpace = await read('16.0.0', 'Binary_Property/White_Space');
  const word = new Set();
  for (const path of [
    'Binary_Property/Alphabetic',
    'General_Category/Mark',
    'General_Category/Decimal_Number',
    'General_Category/Connector_Punctuation',
    'Binary_Property/Join_Control',
  ])
    for (const code of await read('16.0.0', path)) word.add(code);
  const isAsciiPunctuation = (code) => code < 0x80 && /[!-/:-@[-`{-~]/.test(text(code));
  const has = [
    [BIT.space, (code) => whiteSpace.has(code)],
    [BIT.punctuation, (code) => isPunctuation(categories8[code]) || isAsciiPunctuation(code)],
    [BIT.numeric, (code) => /^\p{Number}$/u.test(text(code))],
    [BIT.word, (code) => word.has(code)],
    [BIT.control, (code) => isControl(categories8[code])],
    [BIT.nonspacing, (code) => categories8[code] === C.Mn],
    [BIT.nfdActive, (code) => isActive('NFD', code)],
    [BIT.cased, (code) => text(code).toLowerCase() !== text(code)],
  ];
  const classOf = (code) => has.reduce((bits, [bit, test]) => bits | (test(code) ? bit : 0), 0);
  return Uint8Array.from({ length: CODES }, (_, code) => (isSurrogate(code) ? 0 : classOf(code)));
}
export const classes = await trueClasses();

/** What ClassTable makes of category and age, of normalization and lower case; ASCII has a table of its own. */
function derived(code) {
  if (code < 0x80) return classes[code];
  const category = categories16[code];
  let bits = 0;
  if (category >= C.Zs && category <= C.Zp) bits |= BIT.space;
  if (category >= C.Nd && category <= C.No) bits |= BIT.numeric;
  if (category <= C.Nl || category === C.Pc) bits |= BIT.word;
  if (ageOf(code) === AGES.upTo8) {
    if (isPunctuation(category)) bits |= BIT.punctuation;
    if (isControl(category)) bits |= BIT.control;
    if (category === C.Mn) bits |= BIT.nonspacing;
  }
  if (isActive('NFD', code)) bits |= BIT.nfdActive;
  if (lower(code) !== undefined || code === 0x130) bits |= BIT.cased;
  return bits;
}

export function write() {
  // A character that NFD touches is marked alone, even where its block has one value in the end.
  const marked = (code) =>
    isActive('NFD', code) && !isHangulSyllable(code) ? 256 + (code & 1) : classes[code];
  const { gaps, counts, values } = corrections(derived, (code) => classes[code]);
  writeHeader(
    'core/src/unicode/character_class_tables.h',
    'Classes of characters where other tables do not say them: Unicode 8.0 to 17.0.',
    [
      bytes('kAsciiClasses', 'All classes of ASCII.', [...classes.slice(0, 0x80)]),
      constant('int', 'kClassBlocks', 'What ClassTable holds.', blocksOf(marked)),
      column('kClassGaps', 'Characters between runs of others than those that follow.', gaps),
      column('kClassCounts', 'How long they are, less one.', counts),
      bytes('kClassValues', 'Their classes.', values),
    ].join('\n'),
  );
}
