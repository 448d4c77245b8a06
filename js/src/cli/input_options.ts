/** What a model is fed with where nobody gives texts: options that several commands share. */
import { InvalidArgumentError, type Command } from 'commander';
import { describe } from '../describe.js';
import { tensorsFromJson, type BenchOptions } from '../node_bench.js';
import { positiveInteger } from './options.js';
import { readTextFile } from './text_file.js';
import { UsageError } from './usage_error.js';

export interface InputArguments {
  readonly inputs?: string;
  readonly dimension?: Readonly<Record<string, number>>;
  readonly vocabulary?: number;
  readonly seed?: number;
}

export function addInputOptions(command: Command): Command {
  return command
    .option('--inputs <file>', 'a JSON file of tensors: { "name": { "type", "dims", "data" } }')
    .option(
      '--dimension <name=size>',
      'the size of a free dimension; as often as there are some',
      dimension,
    )
    .option(
      '--vocabulary <n>',
      'how many ids there are, where the model does not tell',
      positiveInteger,
    )
    .option('--seed <n>', 'of random inputs (default: 1)', wholeNumber);
}

export async function inputOptions(
  { inputs, dimension: dimensions, vocabulary, seed }: InputArguments,
  signal: AbortSignal,
): Promise<Pick<BenchOptions, 'inputs' | 'dimensions' | 'vocabularySize' | 'seed'>> {
  return {
    ...(inputs !== undefined && { inputs: await inputsOf(inputs, signal) }),
    ...(dimensions && { dimensions }),
    ...(vocabulary !== undefined && { vocabularySize: vocabulary }),
    ...(seed !== undefined && { seed }),
  };
}

async function inputsOf(
  file: string,
  signal: AbortSignal,
): Promise<BenchOptions['inputs'] & object> {
  const content = await readTextFile(file, '--inputs', signal);
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`expected JSON for --inputs in ${describe(file)}: ${reason}`);
  }
  return tensorsFromJson(document);
}

export function wholeNumber(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Expected a whole number ≥ 0.');
}

function dimension(
  value: string,
  others: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const [, name, size] = /^(.+)=(\d{1,10})$/.exec(value) ?? [];
  if (name !== undefined) return { ...others, [name]: Number(size) };
  throw new InvalidArgumentError('Expected a name and a size, as height=224.');
}
