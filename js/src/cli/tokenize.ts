import { Option } from 'commander';
import { Tokenizer, type EncodeOptions, type Encoding } from '../node.js';
import type { AddCommand } from './command.js';
import { jsonOption, positiveInteger, type OutputOptions } from './options.js';
import { print, printable, printJson, stylesFor, table } from './terminal.js';
import { textsFrom } from './texts.js';
import { tokenizerSource } from './tokenizer_source.js';

interface TokenizeOptions extends OutputOptions {
  readonly model?: string;
  readonly pair?: string;
  readonly maxLength?: number;
  readonly specialTokens: boolean;
}

export const addTokenize: AddCommand = (program, run) => {
  program
    .command('tokenize')
    .summary('show the tokens of texts: pieces, ids, offsets')
    .description(
      'Shows the tokens of each text: its pieces, their ids, and where they stand in the text\n' +
        '(UTF-16 units, as text.slice(start, end) counts them).',
    )
    .argument('[text...]', 'texts; - or none: the lines of standard input')
    .option(
      '-m, --model <source>',
      'a model folder, a tokenizer.json, or the URL of one (default: @infercore/default-model)',
    )
    .option('--pair <text>', 'a second text, encoded together with each text')
    .option(
      '--max-length <n>',
      'cut to so many tokens (default: what the file says)',
      positiveInteger,
    )
    .addOption(new Option('--no-special-tokens', 'leave out the tokens that the template adds'))
    .addOption(jsonOption())
    .action((args: string[], options: TokenizeOptions) =>
      run(async (signal) => {
        const texts = await textsFrom(args, signal);
        const tokenizer = await Tokenizer.from(await tokenizerSource(options.model), { signal });
        try {
          texts.forEach((text, i) => {
            const encoding = tokenizer.encode(text, encodeOptions(options));
            if (options.json) printJson(documentOf(text, options.pair, encoding));
            else printTokens(text, encoding, texts.length > 1, i);
          });
        } finally {
          tokenizer.dispose();
        }
      }),
    );
};

function encodeOptions(options: TokenizeOptions): EncodeOptions {
  return {
    addSpecialTokens: options.specialTokens,
    padding: false,
    ...(options.pair === undefined ? {} : { pair: options.pair }),
    ...(options.maxLength ? { truncation: { maxLength: options.maxLength } } : {}),
  };
}

function documentOf(text: string, pair: string | undefined, encoding: Encoding) {
  const { ids, tokens, offsets, typeIds, specialTokensMask } = encoding;
  const pairPart = pair === undefined ? {} : { pair };
  return { text, ...pairPart, ids, tokens, offsets, typeIds, specialTokensMask };
}

function printTokens(text: string, encoding: Encoding, titled: boolean, index: number): void {
  const styles = stylesFor(process.stdout);
  if (titled) print(`${index > 0 ? '\n' : ''}${styles.dim(printable(text))}`);
  const rows = encoding.tokens.map((token, i) => {
    const [start, end] = encoding.offsets[i] ?? [0, 0];
    return [String(i), String(encoding.ids[i] ?? 0), printable(token), `${start}–${end}`];
  });
  const columns = [
    { title: '#', align: 'right' },
    { title: 'id', align: 'right' },
    { title: 'piece' },
    { title: 'offsets' },
  ] as const;
  print(table(columns, rows, styles));
  print(styles.dim(`${encoding.length} tokens`));
}
