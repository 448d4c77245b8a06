import { writeFile } from 'node:fs/promises';
import { InferError } from '../node.js';
import type { AddCommand } from './command.js';
import { jsonOption, type OutputOptions } from './options.js';
import { print, printable, printJson } from './terminal.js';
import { chosenSource, loadTokenizer } from './tokenizer_source.js';

interface CompileOptions extends OutputOptions {
  readonly output: string;
}

export const addCompile: AddCommand = (program, run) => {
  program
    .command('compile')
    .summary('make a tokenizer that loads in milliseconds')
    .description(
      'Writes a tokenizer with its tables built: Tokenizer.from takes the file as it stands.\n' +
        'It is for the version of infercore that made it.',
    )
    .argument(
      '[source]',
      "a model folder, a tokenizer's file, or the URL of one (default: @infercore/default-model)",
    )
    .requiredOption('-o, --output <file>', 'the file to write')
    .addOption(jsonOption())
    .action((source: string | undefined, options: CompileOptions) =>
      run(async (signal) => {
        const from = chosenSource(source === undefined ? {} : { tokenizer: source });
        const tokenizer = await loadTokenizer(from, signal);
        const bytes = tokenizer.compile();
        tokenizer.dispose();
        await write(options.output, bytes, signal);
        if (options.json) {
          printJson({ source: from, output: options.output, bytes: bytes.length });
        } else {
          const megabytes = (bytes.length / 1e6).toFixed(1);
          print(`${printable(options.output)}: ${megabytes} MB`);
        }
      }),
    );
};

async function write(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  try {
    await writeFile(path, bytes, { signal });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferError(
      { code: 'RUNTIME_ERROR', message: `can't write the compiled tokenizer: ${reason}` },
      { cause: error },
    );
  }
}
