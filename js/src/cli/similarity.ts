import type { AddCommand } from './command.js';
import { embed, withModel, type Vectors } from './model.js';
import {
  addRunOptions,
  modelOption,
  poolingOption,
  type ModelOptions,
  type PoolingOptions,
} from './options.js';
import { print, printable, printJson, stylesFor, table } from './terminal.js';
import { textsFrom } from './texts.js';
import { UsageError } from './usage_error.js';

export const addSimilarity: AddCommand = (program, run) => {
  const command = program
    .command('similarity')
    .summary('compare texts by meaning')
    .description(
      'Compares texts by meaning: the cosine of their vectors, 1 for the same direction.\n' +
        'Two texts give one number, more give a table of all pairs.',
    )
    .argument('[text...]', 'two texts or more; - or none: the lines of standard input')
    .addOption(modelOption())
    .addOption(poolingOption());
  addRunOptions(command).action((args: string[], options: ModelOptions & PoolingOptions) =>
    run(async (signal) => {
      const texts = await textsFrom(args, signal);
      if (texts.length < 2) {
        throw new UsageError(
          `expected two texts or more, received ${texts.length}`,
          'quote texts that have spaces: infercore similarity "a cat" "a kitten"',
        );
      }
      const vectors = await withModel(options, signal, (extract) =>
        embed(extract, texts, options, signal),
      );
      const similarity = cosines(vectors);
      if (options.json) printJson({ texts, similarity });
      else if (texts.length === 2) print((similarity[0]?.[1] ?? 0).toFixed(3));
      else printMatrix(texts, similarity);
    }),
  );
};

/** Of vectors whose length is 1. */
function cosines({ data, count, dimensions }: Vectors): number[][] {
  const row = (i: number) => data.subarray(i * dimensions, (i + 1) * dimensions);
  const rows = Array.from({ length: count }, (_, i) => row(i));
  return rows.map((a) => rows.map((b) => a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0)));
}

function printMatrix(texts: readonly string[], similarity: readonly number[][]): void {
  const number = (_: unknown, i: number) => ({ title: String(i + 1), align: 'right' }) as const;
  const columns = [
    { title: '#', align: 'right' } as const,
    ...texts.map(number),
    { title: 'text' },
  ];
  const rows = similarity.map((row, i) => [
    String(i + 1),
    ...row.map((value) => value.toFixed(3)),
    printable(texts[i] ?? ''),
  ]);
  print(table(columns, rows, stylesFor(process.stdout)));
}
