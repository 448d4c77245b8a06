/** The texts inside of CSV, JSON and Markdown. */
import Papa from 'papaparse';

/**
 * One text a row: the column with the longest entries. A first row of short names is left out.
 *
 * @param separator found in the text when it is not given
 */
export function csvTexts(text: string, separator?: string): string[] {
  const { data: rows } = Papa.parse<string[]>(text, {
    delimiter: separator ?? '', // '': found by the parser
    skipEmptyLines: 'greedy',
  });
  const columns = Math.max(0, ...rows.slice(0, 100).map((row) => row.length));
  const sample = rows.slice(1, 200);
  const lengths = Array.from({ length: columns }, (_, c) =>
    sample.reduce((sum, row) => sum + (row[c]?.length ?? 0), 0),
  );
  const column = Math.max(0, lengths.indexOf(Math.max(...lengths)));
  const mean = (lengths[column] ?? 0) / Math.max(1, sample.length);
  const first = rows[0]?.[column] ?? '';
  const named = rows.length > 1 && columns > 1 && first.length < mean / 2;
  return (named ? rows.slice(1) : rows).map((row) => row[column] ?? '');
}

/** What fields with the text are usually called; otherwise the longest string of an entry is taken. */
const TEXT_FIELDS = ['text', 'content', 'sentence', 'body', 'passage', 'abstract', 'description'];

/**
 * A list of strings or objects, wherever it stands; or an object of texts.
 * @throws Error when it is no JSON
 */
export function jsonTexts(text: string, lines: boolean): string[] {
  const parse = (part: string, place: string): unknown => {
    try {
      return JSON.parse(part);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`it is not valid JSON${place}: ${why}`, { cause: error });
    }
  };
  if (!lines) return entriesOf(parse(text, '')).map(textOf);
  return text
    .split('\n')
    .map((line, i) => [line.trim(), i + 1] as const)
    .filter(([line]) => line !== '')
    .map(([line, number]) => textOf(parse(line, ` in line ${number}`)));
}

function entriesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [value];
  const lists = Object.values(value).filter((each) => Array.isArray(each));
  const longest = lists.reduce<readonly unknown[]>(
    (best, each: readonly unknown[]) => (each.length > best.length ? each : best),
    [],
  );
  return longest.length > 0 ? longest : Object.values(value);
}

function textOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return '';
  const fields = entry as Readonly<Record<string, unknown>>;
  const named = TEXT_FIELDS.map((name) => fields[name]).find((value) => typeof value === 'string');
  if (typeof named === 'string') return named;
  const texts = Object.values(fields).filter((value) => typeof value === 'string');
  return texts.reduce((best, each) => (each.length > best.length ? each : best), '');
}

/** Markdown without its signs: front matter and code are left out. */
export function markdownText(text: string): string {
  return text
    .replace(/^---\n[^]*?\n---\n/, '')
    .replace(/^(```|~~~)[^]*?^\1[^\n]*$/gm, '')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/^\s*\|?[\s:|-]+\|[\s:|-]*$/gm, '')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^\s{0,3}#{1,6}\s+(.*)$/gm, '\n$1\n')
    .replace(/^\s*(?:[-*+]|\d+\.)\s+/gm, '\n')
    .replace(/^\s*>\s?/gm, '')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2');
}
