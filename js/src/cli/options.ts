/** The options that several commands share, and what their values may be. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Pooling } from '../binding.js';

const DTYPES = ['fp32', 'fp16', 'q8', 'q4'] as const;

export interface OutputOptions {
  readonly json?: boolean;
}
export interface ModelOptions extends OutputOptions {
  readonly model?: string;
  readonly dtype?: (typeof DTYPES)[number];
  readonly provider?: string[];
  readonly threads?: number;
}
export interface PoolingOptions {
  readonly pooling?: Exclude<Pooling, 'none'>;
}

export const jsonOption = () =>
  new Option('--json', 'one JSON document a line, for programs (shapes: docs/cli.md)');

export const poolingOption = () =>
  new Option(
    '--pooling <kind>',
    'how the vectors of the tokens become one (default: what the model folder says)',
  ).choices(['mean', 'cls', 'last']);

export const modelOption = () =>
  new Option(
    '-m, --model <folder>',
    'a model folder or its URL (default: @infercore/default-model)',
  );

/** How a model runs. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(new Option('--dtype <type>', 'which of the folder’s model files').choices(DTYPES))
    .option('--provider <names>', 'execution providers in order, as cuda,cpu', nameList)
    .option('--threads <n>', 'threads that one run may use', positiveInteger)
    .addOption(jsonOption());
}

export function positiveInteger(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

function nameList(value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('Expected names with commas between them.');
}
