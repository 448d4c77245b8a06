/** How the tables are written: columns of packed numbers, as C++ headers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runsOf } from './sources.mjs';

const root = join(import.meta.dirname, '../..');

/** Numbers in bytes, seven bits each, low ones first: the highest bit says that more follow. */
export class Column {
  bytes = [];

  add(number) {
    if (!Number.isInteger(number) || number < 0) throw new Error(`no number to pack: ${number}`);
    for (; number >= 0x80; number >>>= 7) this.bytes.push((number & 0x7f) | 0x80);
    this.bytes.push(number);
    return this;
  }

  /** Numbers near zero on both sides are small ones: 0, −1, 1, −2, 2, … */
  addSigned(number) {
    return this.add(number < 0 ? -2 * number - 1 : 2 * number);
  }
}

/** Rows of a C++ array, as many on a line as fit 100 columns. */
export function rows(items) {
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

export const array = (type, name, comment, items) =>
  `/// ${comment}\ninline constexpr ${type} ${name}[] = {\n${rows(items.map(String))}\n};\n`;
export const bytes = (name, comment, numbers) => array('std::uint8_t', name, comment, numbers);
export const column = (name, comment, { bytes: packed }) => bytes(name, comment, packed);
export const constant = (type, name, comment, value) =>
  `/// ${comment}\ninline constexpr ${type} ${name} = ${value};\n`;

/** How many blocks of 256 characters a `CodeTable` needs: each uniform value has one, all others their own. */
export function blocksOf(valueOf) {
  const uniform = new Set([0]);
  let own = 0;
  const runs = runsOf((code) => code >> 8);
  for (const { first, count } of runs) {
    const value = valueOf(first);
    let end = first + 1;
    while (end < first + count && valueOf(end) === value) ++end;
    if (end === first + count) uniform.add(value);
    else ++own;
  }
  return uniform.size + own;
}

/** What differs from what the core would derive: gaps, lengths and values of runs, in three columns. */
export function corrections(predict, truth) {
  const columns = { gaps: new Column(), counts: new Column(), values: [] };
  let end = 0;
  const differing = (code) => (predict(code) === truth(code) ? -1 : truth(code));
  for (const { first, count, value } of runsOf(differing)) {
    if (value < 0) continue;
    columns.gaps.add(first - end);
    columns.counts.add(count - 1);
    columns.values.push(value);
    end = first + count;
  }
  return columns;
}

/** Writes a header; with --check it says instead whether the one that is there is the same. */
export function writeHeader(path, purpose, body, headers = ['cstdint']) {
  const guard = `INFERCORE_${path
    .replace(/^core\/src\//, '')
    .replace(/[/.]/g, '_')
    .toUpperCase()}_`;
  const content = [
    `// ${purpose}`,
    '// Made by scripts/unicode-tables.mjs: do not edit.',
    `#ifndef ${guard}`,
    `#define ${guard}`,
    '',
    '// clang-format off',
    ...headers.map((header) => `#include <${header}>`),
    '',
    'namespace infercore::unicode {',
    '',
    body,
    '}  // namespace infercore::unicode',
    '',
    `#endif  // ${guard}`,
    '',
  ].join('\n');
  const at = join(root, path);
  if (!process.argv.includes('--check')) return writeFileSync(at, content);
  if (readFileSync(at, 'utf8') === content) return;
  console.error(`${path} is not what its sources say`);
  process.exitCode = 1;
}
