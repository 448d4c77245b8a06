/** What the command writes, and how it looks: colours and widths only where a person reads. */
import { WriteStream } from 'node:tty';
import stringWidth from 'string-width';

type Stream = NodeJS.WriteStream & Partial<Pick<WriteStream, 'getColorDepth'>>;
type Style = (text: string) => string;

/** Colours for one stream; on files, pipes and with NO_COLOR they leave a text as it is. */
export interface Styles {
  /** Are there any? What colours would say has to be said by signs where there are none. */
  readonly colored: boolean;
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly yellow: Style;
  readonly green: Style;
  /** Grounds that repeat, each other than the one before; the ink is black, so that they read on light and on dark. */
  readonly grounds: readonly Style[];
  readonly special: Style;
  readonly unknown: Style;
}

/** Cyan, orange, violet, green, pink, yellow; with 16 colours four of them. */
const GROUNDS = ['48;5;116', '48;5;216', '48;5;147', '48;5;150', '48;5;218', '48;5;186'];
const FEW_GROUNDS = ['46', '43', '45', '42'];

export function stylesFor(stream: Stream): Styles {
  const depth = colorDepth(stream);
  const style =
    (on: string, off: string): Style =>
    (text) =>
      depth > 1 ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  const many = depth >= 8;
  return {
    colored: depth > 1,
    bold: style('1', '22'),
    dim: style('2', '22'),
    red: style('31', '39'),
    yellow: style('33', '39'),
    green: style('32', '39'),
    grounds: many
      ? GROUNDS.map((ground) => style(`38;5;16;${ground}`, '39;49'))
      : FEW_GROUNDS.map((ground) => style(`30;${ground}`, '39;49')),
    special: style('1;4', '22;24'),
    unknown: many ? style('38;5;231;48;5;160', '39;49') : style('97;41', '39;49'),
  };
}

/** In bits, 1 for none, as Node counts them from the environment. FORCE_COLOR holds for pipes, too. */
function colorDepth(stream: Stream): number {
  const { FORCE_COLOR } = process.env;
  const asked = FORCE_COLOR !== undefined || stream.isTTY;
  return asked ? WriteStream.prototype.getColorDepth.call(stream) : 1;
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
    rows.reduce(
      (width, row) => Math.max(width, stringWidth(row[i] ?? '')),
      stringWidth(column.title),
    ),
  );
  const line = (cells: readonly string[], style: Style = (text) => text) =>
    cells
      .map((cell, i) => {
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(cell)));
        const styled = cell === '' ? cell : style(cell);
        return columns[i]?.align === 'right' ? space + styled : styled + space;
      })
      .join('  ')
      .trimEnd();
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

/** What there is to say about something, in lines; none where there is nothing. */
export type Fact = readonly [name: string, lines: readonly string[]];

/** Names on the left, what there is to say on the right. */
export function printFacts(facts: readonly Fact[]): void {
  const styles = stylesFor(process.stdout);
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  for (const [name, lines] of facts) {
    lines.forEach((line, i) => {
      print(`${styles.dim((i === 0 ? name : '').padEnd(width))}${printable(line)}`);
    });
  }
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

/** Columns of a line, where a person reads. */
export function widthOf(stream: Stream): number {
  return stream.isTTY ? Math.max(20, stream.columns || 80) : Infinity;
}

/** As people read it: 1,234. */
export function number(value: number): string {
  return value.toLocaleString('en');
}
