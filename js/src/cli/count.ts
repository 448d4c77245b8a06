import { Option } from 'commander';
import type { Tokenizer } from '../node.js';
import type { AddCommand } from './command.js';
import { countFiles, type Counted } from './counted_files.js';
import { EXIT, reportOne } from './failure.js';
import { jsonOption, type OutputOptions } from './options.js';
import { ratio } from '../pieces/pieces.js';
import { number, print, printable, printJson, stylesFor, table } from './terminal.js';
import {
  addTokenizerOption,
  chosenSource,
  loadTokenizer,
  type TokenizerChoice,
} from './tokenizer_source.js';
import { UsageError } from './usage_error.js';

const ORDERS = ['tokens', 'bytes', 'name', 'none'] as const;

interface CountOptions extends OutputOptions, TokenizerChoice {
  readonly sort: (typeof ORDERS)[number];
  readonly specialTokens: boolean;
}
/** The shape of `--json`. */
interface Row extends Counted {
  /** The tokens that the template adds, counted in `tokens`. */
  readonly special: number;
  /** Without those; null where there are no others. */
  readonly bytesPerToken: number | null;
}

const HELP = `
A file is read whole and encoded in one piece, so its number is exactly that of its whole text;
files above 512 MB are refused for that. A file that can't be counted is named with its reason,
the others are counted, and the exit code is 1. Bytes a token leave special tokens out.

Examples:
  infercore count docs/*.md                            a table, most tokens first, and the sum
  infercore count -t llama3.json --sort name *.txt     with another tokenizer
  git show HEAD:README.md | infercore count            standard input, as one text
  infercore count --json corpus/*.txt | tail -1        the sum, for programs
`;

export const addCount: AddCommand = (program, run) => {
  const command = program
    .command('count')
    .summary('count the tokens of files')
    .description('Counts the tokens of each text file (UTF-8), and of all of them together.')
    .usage('[options] FILE…')
    .argument('[file...]', 'files; - or none: standard input');
  addTokenizerOption(command)
    .addOption(
      new Option('--sort <by>', 'most tokens or bytes first, by name, or as given')
        .choices(ORDERS)
        .default(ORDERS[0]),
    )
    .addOption(new Option('--no-special-tokens', 'leave out the tokens that the template adds'))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((args: string[], options: CountOptions) =>
      run(async (signal) => {
        const files = filesOf(args);
        using tokenizer = await loadTokenizer(chosenSource(options), signal);
        const { specialTokens: addSpecialTokens, json = false } = options;
        const results = await countFiles(files, { tokenizer, addSpecialTokens, signal });
        const counted = results.filter((each) => 'tokens' in each);
        const failed = results.filter((each) => 'error' in each);
        for (const { file, error } of failed) reportOne(file, error, json);
        if (failed.length > 0) process.exitCode = EXIT.failed;
        const special = addSpecialTokens ? specialTokens(tokenizer) : 0;
        const rows = sorted(counted, options.sort).map((each) => rowOf(each, special));
        const total = totalOf(rows);
        if (json) printDocuments(rows, total, failed.length);
        else if (rows.length > 0) printTable(rows, total, failed.length);
      }),
    );
};

function filesOf(args: readonly string[]): readonly string[] {
  if (args.length === 0 && process.stdin.isTTY) {
    throw new UsageError(
      'expected files to count, received none',
      'infercore count notes.txt, or pipe a text in',
    );
  }
  if (args.filter((arg) => arg === '-').length > 1) {
    throw new UsageError('expected - once at most: standard input can be read once');
  }
  return args.length === 0 ? ['-'] : args;
}

/** Those that the template adds to any text. */
function specialTokens(tokenizer: Tokenizer): number {
  return tokenizer.countTokens('') - tokenizer.countTokens('', { addSpecialTokens: false });
}

function sorted(counted: readonly Counted[], by: CountOptions['sort']): Counted[] {
  if (by === 'none') return [...counted];
  const byName = (a: Counted, b: Counted) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
  return counted.toSorted(by === 'name' ? byName : (a, b) => b[by] - a[by] || byName(a, b));
}

function rowOf({ file, tokens, bytes }: Counted, special: number): Row {
  return { file, tokens, special, bytes, bytesPerToken: ratio(bytes, tokens - special) };
}

function totalOf(rows: readonly Row[]): Omit<Row, 'file'> {
  const sum = (key: 'tokens' | 'special' | 'bytes') =>
    rows.reduce((total, row) => total + row[key], 0);
  const { tokens, special, bytes } = {
    tokens: sum('tokens'),
    special: sum('special'),
    bytes: sum('bytes'),
  };
  return { tokens, special, bytes, bytesPerToken: ratio(bytes, tokens - special) };
}

function printDocuments(rows: readonly Row[], total: Omit<Row, 'file'>, failed: number): void {
  for (const row of rows) printJson(row);
  printJson({ total: { files: rows.length, failed, ...total } });
}

function printTable(rows: readonly Row[], total: Omit<Row, 'file'>, failed: number): void {
  const styles = stylesFor(process.stdout);
  const columns = [
    { title: 'tokens', align: 'right' },
    { title: 'bytes', align: 'right' },
    { title: 'bytes a token', align: 'right' },
    { title: 'file' },
  ] as const;
  const cells = ({ tokens, bytes, bytesPerToken }: Omit<Row, 'file'>, name: string) => [
    number(tokens),
    number(bytes),
    bytesPerToken?.toFixed(2) ?? '',
    name,
  ];
  const lines = rows.map((row) => cells(row, row.file === '-' ? '(stdin)' : printable(row.file)));
  if (rows.length > 1 || failed > 0) {
    const without = failed > 0 ? `, without ${number(failed)} that can’t be counted` : '';
    const files = `${number(rows.length)} ${rows.length === 1 ? 'file' : 'files'}`;
    lines.push(cells(total, `${files}${without}`));
  }
  print(table(columns, lines, styles));
}
