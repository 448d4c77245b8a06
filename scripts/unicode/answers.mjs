/**
 * What the core must answer about every character, as hashes: made from the sources alone, not from what the other
 * sections pack. tests/core/unicode_test.cc asks the core.
 */
import { classes } from './classes.mjs';
import { graphemeKinds } from './graphemes.mjs';
import { lower } from './lowercase.mjs';
import { FORMS, inForm, isActive } from './normalization.mjs';
import { constant, writeHeader } from './output.mjs';
import { mark9, script9 } from './properties.mjs';
import { CODES, SCRIPTS, categories16, codesOf, hex, isSurrogate, scripts16 } from './sources.mjs';

/** FNV-1a, 32 bits a step. */
class Hash {
  value = 0x811c9dc5;

  add(number) {
    this.value = Math.imul(this.value ^ number, 0x01000193) >>> 0;
  }
}

function hashOf(...answersOf) {
  const hash = new Hash();
  for (let code = 0; code < CODES; ++code)
    for (const answers of answersOf) for (const answer of [answers(code)].flat()) hash.add(answer);
  return `${hex(hash.value)}`;
}

const ANSWERS = {
  Class: ['classes_of().', (code) => classes[code]],
  Category: ['category().', (code) => categories16[code]],
  Script: ['script_of().', script9],
  Lower: ['to_lower().', (code) => (code === 0x130 ? 0x69 : (lower(code) ?? code))],
  Mark: ['is_mark().', (code) => Number(mark9(code))],
  Grapheme: ['grapheme_class().', (code) => graphemeKinds[code]],
  Active: [
    'is_active(), all forms.',
    ...FORMS.map((form) => (code) => Number(isActive(form, code))),
  ],
  Normal: [
    'Each character but the surrogates in all forms, and a 0 behind each.',
    ...FORMS.map(
      (form) => (code) => (isSurrogate(code) ? [] : [...codesOf(inForm(code, form)), 0]),
    ),
  ],
};

/** Each script's characters, as the places where it starts and ends. */
function scriptRanges() {
  const hash = new Hash();
  for (const number of SCRIPTS.keys()) {
    for (let code = 0; code <= CODES; ++code)
      if ((scripts16[code] === number) !== (scripts16[code - 1] === number)) hash.add(code);
  }
  return hex(hash.value);
}

export function write() {
  writeHeader(
    'tests/core/unicode_answers.h',
    'Hashes of what is true of all characters from U+0000 to U+10FFFF, see unicode_test.cc.',
    [
      ...Object.entries(ANSWERS).map(([name, [comment, ...answersOf]]) =>
        constant('std::uint32_t', `k${name}Answers`, comment, hashOf(...answersOf)),
      ),
      constant(
        'std::uint32_t',
        'kScriptRangeAnswers',
        'script_ranges(), script by script.',
        scriptRanges(),
      ),
    ].join('\n'),
  );
}
