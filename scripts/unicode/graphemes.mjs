/** What keeps characters together in a grapheme cluster (UAX 29): Unicode 16.0. */
import { blocksOf, bytes, column, constant, corrections, writeHeader } from './output.mjs';
import { C, CODES, categories16, read } from './sources.mjs';

/** In the order of Kind in grapheme.cc. */
const KINDS = [
  ...['Other', 'CR', 'LF', 'Control', 'Extend', 'ZWJ', 'Regional_Indicator', 'Prepend'],
  ...['SpacingMark', 'L', 'V', 'T', 'LV', 'LVT', 'Extended_Pictographic'],
];
const CONSONANT = 16;
const LINKER = 32;
const CONJUNCT_SCRIPTS = ['Bengali', 'Devanagari', 'Gujarati', 'Malayalam', 'Oriya', 'Telugu'];

async function kinds() {
  const values = new Uint8Array(CODES);
  for (const [number, name] of KINDS.entries()) {
    if (name === 'Other' || name === 'LV') continue;
    const kind = name === 'Extended_Pictographic' ? 'Binary_Property' : 'Grapheme_Cluster_Break';
    for (const code of await read('16.0.0', `${kind}/${name}`)) values[code] = number;
  }
  // Syllables without a tail: every 28th, the core counts them itself.
  for (const code of await read('16.0.0', 'Grapheme_Cluster_Break/LV'))
    values[code] = KINDS.indexOf('LVT');
  const conjuncts = new Set();
  for (const script of CONJUNCT_SCRIPTS)
    for (const code of await read('16.0.0', `Script/${script}`)) conjuncts.add(code);
  const mark = async (path, bit) => {
    for (const code of await read('16.0.0', path)) if (conjuncts.has(code)) values[code] |= bit;
  };
  await mark('Indic_Syllabic_Category/Consonant', CONSONANT);
  await mark('Indic_Syllabic_Category/Virama', LINKER);
  return values;
}
export const graphemeKinds = await kinds();

function derived(code) {
  const category = categories16[code];
  if ([C.Zl, C.Zp, C.Cc, C.Cf].includes(category)) return KINDS.indexOf('Control');
  if (category === C.Mn || category === C.Me) return KINDS.indexOf('Extend');
  return KINDS.indexOf(category === C.Mc ? 'SpacingMark' : 'Other');
}

export function write() {
  const { gaps, counts, values } = corrections(derived, (code) => graphemeKinds[code]);
  writeHeader(
    'core/src/unicode/grapheme_tables.h',
    'Where grapheme clusters differ from what the general categories say: Unicode 16.0.',
    [
      constant(
        'int',
        'kGraphemeBlocks',
        'What the table of grapheme.cc holds.',
        blocksOf((code) => graphemeKinds[code]),
      ),
      column('kGraphemeGaps', 'Characters between runs.', gaps),
      column('kGraphemeCounts', 'How long they are, less one.', counts),
      bytes('kGraphemeKinds', 'Their Kind, and the bits of Indic consonants and linkers.', values),
    ].join('\n'),
  );
}
