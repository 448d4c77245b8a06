import type { AddCommand } from './command.js';
import { embed, withModel } from './model.js';
import {
  addRunOptions,
  modelOption,
  poolingOption,
  type ModelOptions,
  type PoolingOptions,
} from './options.js';
import { print, printable, printJson, stylesFor, wrap } from './terminal.js';
import { textsFrom } from './texts.js';

interface EmbedOptions extends ModelOptions, PoolingOptions {
  readonly normalize: boolean;
}

/** Enough to see that it is a vector; all of it is what --json is for. */
const SHOWN_NUMBERS = 8;

export const addEmbed: AddCommand = (program, run) => {
  const command = program
    .command('embed')
    .summary('turn texts into vectors')
    .description('Turns each text into a vector. People see its first numbers, --json gives all.')
    .argument('[text...]', 'texts; - or none: the lines of standard input')
    .addOption(modelOption())
    .addOption(poolingOption())
    .option('--no-normalize', 'keep the vectors’ lengths (default: length 1)');
  addRunOptions(command).action((args: string[], options: EmbedOptions) =>
    run(async (signal) => {
      const texts = await textsFrom(args, signal);
      if (texts.length === 0) return;
      const { data, dimensions } = await withModel(options, signal, (extract) =>
        embed(extract, texts, options, signal),
      );
      texts.forEach((text, i) => {
        const vector = data.subarray(i * dimensions, (i + 1) * dimensions);
        if (options.json) printJson({ text, vector });
        else printVector(text, vector);
      });
    }),
  );
};

function printVector(text: string, vector: Float32Array): void {
  const styles = stylesFor(process.stdout);
  const [title = ''] = wrap(printable(text), (process.stdout.columns || 100) - 1);
  const numbers = [...vector.subarray(0, SHOWN_NUMBERS)]
    .map((value) => value.toFixed(4).padStart(7))
    .join(' ');
  const rest = vector.length > SHOWN_NUMBERS ? ' …' : '';
  print(styles.bold(title));
  print(`  [${numbers}${rest}]  ${styles.dim(`${vector.length} dimensions`)}`);
}
