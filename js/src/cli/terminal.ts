/** What the command writes, and how it looks: colours and widths only where a person reads. */
import type { WriteStream } from 'node:tty';
import stringWidth from 'string-width';

type Stream = NodeJS.WriteStream & Partial<Pick<WriteStream, 'hasColors'>>;
type Style = (text: string) => string;

/** Colours for one stream; on files, pipes and with NO_COLOR they leave a text as it is. */
export interface Styles {
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly yellow: Style;
  readonly green: Style;
}

export function stylesFor(stream: Stream): Styles {
  const colored = stream.isTTY && (stream.hasColors?.() ?? false);
  const style =
    (on: number, off: number): Style =>
    (text) =>
      colored ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
  };
}

/** Text from files and models without what a terminal would obey: control characters are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const named = JSON.stringify(character).slice(1, -1);
    const code = character.codePointAt(0) ?? 0;
    return named === character ? `\\u${code.toString(16).padStart(4, '0')}` : named;
  });
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows under bold titles, aligned by what a terminal shows, two spaces apart. */
export function table(columns: readonly Column[], rows: readonly string[][], styles: Styles) {
  const widths = columns.map((column, i) =>
    Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[], style: Style = (text) => text) =>
    cells
      .map((cell, i) => {
        const last = i === cells.length - 1;
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(cell)));
        if (columns[i]?.align === 'right') return space + style(cell);
        return style(cell) + (last ? '' : space);
      })
      .join('  ');
  const titles = columns.map((column) => column.title);
  return [line(titles, styles.bold), ...rows.map((row) => line(row))].join('\n');
}

/** Breaks a text at spaces into lines of at most `width` columns. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON document on one line. Typed arrays become lists. */
export function printJson(value: unknown): void {
  print(
    JSON.stringify(value, (_key, part: unknown) =>
      ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>) : part,
    ),
  );
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
