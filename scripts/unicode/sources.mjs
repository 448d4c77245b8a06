/**
 * What the tables are made from: the packages of Unicode's data, and what this JavaScript engine knows. Properties of
 * all characters come as arrays with a number for each of the 0x110000 code points.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CODES = 0x110000;

export const isSurrogate = (code) => code >= 0xd800 && code < 0xe000;
export const isHangulSyllable = (code) => code >= 0xac00 && code <= 0xd7a3;
export const text = (...codes) => String.fromCodePoint(...codes);
export const codesOf = (string) => [...string].map((c) => c.codePointAt(0));
export const hex = (number) => `0x${number.toString(16)}`;

function endWithout(name) {
  console.error(`${name} is missing: npm install --no-save ${name.split('/', 2).join('/')}`);
  process.exit(2);
}

/** The characters that have a property, as a set. */
export async function read(version, path) {
  const name = `@unicode/unicode-${version}/${path}/ranges.mjs`;
  const ranges = await import(name).then((module) => module.default).catch(() => endWithout(name));
  return new Set(ranges.flatMap((range) => [...range.keys()]));
}

/** General categories in the order of `unicode::Category`. */
export const CATEGORIES = [
  ...[
    'Uppercase_Letter',
    'Lowercase_Letter',
    'Titlecase_Letter',
    'Modifier_Letter',
    'Other_Letter',
  ],
  ...['Nonspacing_Mark', 'Spacing_Mark', 'Enclosing_Mark'],
  ...['Decimal_Number', 'Letter_Number', 'Other_Number'],
  ...['Connector_Punctuation', 'Dash_Punctuation', 'Open_Punctuation', 'Close_Punctuation'],
  ...['Initial_Punctuation', 'Final_Punctuation', 'Other_Punctuation'],
  ...['Math_Symbol', 'Currency_Symbol', 'Modifier_Symbol', 'Other_Symbol'],
  ...['Space_Separator', 'Line_Separator', 'Paragraph_Separator'],
  ...['Control', 'Format', 'Surrogate', 'Private_Use', 'Unassigned'],
];
/** Their numbers by the short names: C.Lu, C.Mn, … */
export const C = Object.fromEntries(
  'Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn'
    .split(' ')
    .map((name, number) => [name, number]),
);
export const isMark = (category) => category >= C.Mn && category <= C.Me;

function folderOf(version, kind) {
  const name = `@unicode/unicode-${version}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), kind);
  } catch {
    return endWithout(name);
  }
}

/** What has a folder of its own in the package: "undefined" is what its maker could not name. */
const namesOf = (version, kind) =>
  readdirSync(folderOf(version, kind))
    .filter((name) => !name.includes('.') && name !== 'undefined')
    .sort();

/** Scripts of Unicode 16.0 by their names, "Unknown" among them; 9.0 has no others. */
export const SCRIPTS = namesOf('16.0.0', 'Script');

async function numbersOf(version, kind, names, rest) {
  const numbers = new Uint8Array(CODES).fill(names.indexOf(rest));
  for (const name of namesOf(version, kind)) {
    const number = names.indexOf(name);
    if (name === rest || (kind === 'General_Category' && number < 0)) continue;
    if (number < 0) throw new Error(`${kind} ${name} of Unicode ${version} has no number`);
    for (const code of await read(version, `${kind}/${name}`)) numbers[code] = number;
  }
  return numbers;
}
export const categoriesOf = (version) =>
  numbersOf(version, 'General_Category', CATEGORIES, 'Unassigned');
export const scriptsOf = (version) => numbersOf(version, 'Script', SCRIPTS, 'Unknown');

export const categories8 = await categoriesOf('8.0.0');
export const categories9 = await categoriesOf('9.0.0');
export const categories16 = await categoriesOf('16.0.0');
export const scripts9 = await scriptsOf('9.0.0');
export const scripts16 = await scriptsOf('16.0.0');

/** Which version first assigned a character, as far as the tables ask. */
export const AGES = { upTo8: 0, of9: 1, upTo16: 2, unassigned: 3 };
export function ageOf(code) {
  if (categories16[code] === C.Cn) return AGES.unassigned;
  if (categories8[code] !== C.Cn) return AGES.upTo8;
  return categories9[code] !== C.Cn ? AGES.of9 : AGES.upTo16;
}

/** Runs of neighbours for which `valueOf` gives the same: {first, count, value}. */
export function runsOf(valueOf) {
  const runs = [];
  for (let code = 0; code < CODES; ++code) {
    const value = valueOf(code);
    if (runs.at(-1)?.value === value) ++runs.at(-1).count;
    else runs.push({ first: code, count: 1, value });
  }
  return runs;
}
