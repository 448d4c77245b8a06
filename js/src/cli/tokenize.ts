import { Option } from 'commander';
import type { EncodeOptions, Encoding, Tokenizer } from '../node.js';
import type { AddCommand } from './command.js';
import { jsonOption, positiveInteger, type OutputOptions } from './options.js';
import { countsOf, piecesOf, visible, type Counts, type Piece } from '../pieces/pieces.js';
import { cellsOf, stripOf } from './strip.js';
import { number, print, printable, printJson, stylesFor, table, widthOf } from './terminal.js';
import { textsFrom } from './texts.js';
import { printComparison, comparisonOf } from './tokenize_compare.js';
import {
  addTokenizerOption,
  chosenSource,
  loadTokenizer,
  type TokenizerChoice,
} from './tokenizer_source.js';

interface TokenizeOptions extends OutputOptions, TokenizerChoice {
  readonly file?: string[];
  readonly pair?: string;
  readonly compare?: string;
  readonly maxLength?: number;
  readonly specialTokens: boolean;
}

/** One text as one tokenizer takes it apart. */
export interface Taken {
  readonly texts: readonly string[];
  readonly encoding: Encoding;
  readonly pieces: readonly Piece[];
  readonly counts: Counts;
}

const HELP = `
A piece shows the text that it stands for: · is a space, ↵ a line break, ⇥ a tab, ⟨F0⟩ a byte of
a character that neighbours share. On a terminal pieces have coloured grounds, special tokens are
underlined, unknown ones red; elsewhere │ parts them, and FORCE_COLOR=2 brings the colours.

Examples:
  infercore tokenize "Call me Ishmael."                 pieces, ids, offsets, counts
  infercore tokenize --file poem.txt --json             a whole file, for programs
  infercore tokenize -t gpt2.json "naïve café 🐳"       with another tokenizer
  infercore tokenize -t gpt2.json --compare bert.json "a text"   two of them side by side
`;

export const addTokenize: AddCommand = (program, run) => {
  const command = program
    .command('tokenize')
    .summary('show the tokens of texts: pieces, ids, offsets')
    .description(
      'Shows the tokens of each text: its pieces, their ids, and where they stand in the text\n' +
        '(UTF-16 units, as text.slice(start, end) counts them); how many there are.',
    )
    .argument('[text...]', 'texts; - or none: the lines of standard input');
  addTokenizerOption(command)
    .option(
      '-f, --file <path>',
      'a file that is one text, - for standard input; may be given again',
      (path, paths?: string[]) => [...(paths ?? []), path],
    )
    .option(
      '--compare <source>',
      'a second tokenizer: both side by side, and where they cut differently',
    )
    .addOption(
      new Option('--pair <text>', 'a second text, encoded together with each text').conflicts(
        'compare',
      ),
    )
    .addOption(
      new Option('--max-length <n>', 'cut to so many tokens (default: what the file says)')
        .argParser(positiveInteger)
        .conflicts('compare'),
    )
    .addOption(new Option('--no-special-tokens', 'leave out the tokens that the template adds'))
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((args: string[], options: TokenizeOptions) =>
      run(async (signal) => {
        const texts = await textsFrom(args, signal, options.file);
        const { compare, json } = options;
        const source = chosenSource(options);
        using tokenizer = await loadTokenizer(source, signal);
        using other = compare === undefined ? undefined : await loadTokenizer(compare, signal);
        texts.forEach((text, i) => {
          const taken = take(tokenizer, text, options);
          if (!json && i > 0) print('');
          if (other && compare !== undefined) {
            const both = [taken, take(other, text, options)] as const;
            const comparison = comparisonOf([source, compare], both);
            if (json) printJson({ text, ...comparison.document });
            else printComparison(comparison);
          } else if (json) printJson(documentOf(taken));
          else printTaken(taken);
        });
      }),
    );
};

function take(tokenizer: Tokenizer, text: string, options: TokenizeOptions): Taken {
  const encoding = tokenizer.encode(text, encodeOptions(options));
  const texts = options.pair === undefined ? [text] : [text, options.pair];
  return {
    texts,
    encoding,
    pieces: piecesOf(tokenizer, encoding, texts),
    counts: countsOf(encoding, texts),
  };
}

function encodeOptions({
  pair,
  compare,
  maxLength,
  specialTokens,
}: TokenizeOptions): EncodeOptions {
  return {
    addSpecialTokens: specialTokens,
    padding: false,
    ...(pair === undefined ? {} : { pair }),
    // What was cut off can't be compared.
    ...(compare === undefined ? {} : { truncation: false }),
    ...(maxLength ? { truncation: { maxLength } } : {}),
  };
}

/** What a document has of one tokenizer. */
export function documentOf({ texts, encoding, counts }: Taken) {
  const [text, pair] = texts;
  const { ids, tokens, offsets, typeIds, specialTokensMask } = encoding;
  const pairPart = pair === undefined ? {} : { pair };
  return { text, ...pairPart, ids, tokens, offsets, typeIds, specialTokensMask, counts };
}

function printTaken({ texts, encoding, pieces, counts }: Taken): void {
  const styles = stylesFor(process.stdout);
  for (const line of stripOf(cellsOf(pieces, texts), styles, widthOf(process.stdout))) print(line);
  print('');
  const columns = [
    { title: '#', align: 'right' },
    { title: 'id', align: 'right' },
    { title: 'piece' },
    { title: 'offsets' },
    { title: 'text' },
    { title: 'kind' },
  ] as const;
  const rows = pieces.map((piece, i) => [
    String(i),
    String(piece.id),
    printable(piece.token),
    piece.added ? '' : `${piece.start}–${piece.end}`,
    visible(piece.text),
    kindOf(piece),
  ]);
  if (rows.length > 0) print(table(columns, rows, styles));
  print(styles.dim(countsText(counts)));
  if (encoding.overflowing.length > 0) {
    print(
      styles.yellow('What comes after them was cut off: --max-length, or the tokenizer’s file.'),
    );
  }
}

function kindOf({ kind }: Piece): string {
  return kind === 'text' ? '' : kind;
}

export function countsText({ tokens, special, characters, bytes, bytesPerToken }: Counts): string {
  return [
    `${number(tokens)} ${tokens === 1 ? 'token' : 'tokens'}${special > 0 ? ` (${special} special)` : ''}`,
    `${number(characters)} ${characters === 1 ? 'character' : 'characters'}`,
    `${number(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`,
    ...(bytesPerToken === null ? [] : [`${bytesPerToken.toFixed(1)} bytes a token`]),
  ].join(', ');
}
