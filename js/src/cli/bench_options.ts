/** The command line of `infercore bench` as options of benchmark(). */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BenchOptions } from '../node_bench.js';
import { describe } from '../describe.js';
import {
  addInputOptions,
  inputOptions,
  wholeNumber,
  type InputArguments,
} from './input_options.js';
import { jsonOption, positiveInteger, type OutputOptions } from './options.js';
import { readTextFile } from './text_file.js';
import { linesOf, readStdin } from './texts.js';
import { UsageError } from './usage_error.js';

export interface BenchArguments extends OutputOptions, InputArguments {
  readonly batch?: number[];
  readonly sequence?: number[];
  readonly threads?: number[];
  readonly provider?: string[];
  readonly dtype?: string[];
  readonly level?: string[];
  readonly texts?: string;
  readonly runs?: number;
  readonly warmups?: number;
  readonly minTime?: number;
  readonly warmupTime?: number;
  readonly budget?: number;
  readonly tolerance?: number;
  readonly arrivals?: number;
  readonly arrivalsTime?: number;
  readonly eventLoop?: boolean;
  readonly cold?: number;
  readonly firstResult?: boolean;
  readonly csv?: string;
  readonly markdown?: string;
  readonly out?: string;
}

export function addBenchOptions(command: Command): Command {
  const swept = command
    .option('--batch <list>', 'rows of a run (default: 1,4,16)', wholeNumbers)
    .option('--sequence <list>', 'tokens of a row (default: 128)', wholeNumbers)
    .option('--threads <list>', 'threads of a run (default: chosen by the library)', wholeNumbers)
    .option('--provider <list>', 'execution providers, each measured alone (default: cpu)', names)
    .option('--dtype <list>', 'which of the folder’s model files: fp32, fp16, q8, q4', names)
    .option(
      '--level <list>',
      'optimisation of the graph: disabled, basic, extended, layout, all',
      names,
    )
    .option('--texts <file>', 'texts instead of tensors, one a line; - for standard input');
  return addInputOptions(swept)
    .option('--runs <n>', 'samples of each configuration, at least (default: 100)', positiveInteger)
    .option('--warmups <n>', 'runs before them, at least (default: 10)', wholeNumber)
    .option('--min-time <time>', 'time of the samples, at least (default: 3s)', time)
    .option('--warmup-time <time>', 'time of the warm-up, at least (default: 500ms)', time)
    .option('--budget <time>', 'end after so long, with what was measured by then: 60s, 5m', time)
    .addOption(
      new Option('--tolerance <n>', 'of outputs beside the reference’s (default: 0.001)').argParser(
        number,
      ),
    )
    .option('--arrivals <rate>', 'then also requests at random times, so many a second', number)
    .option('--arrivals-time <time>', 'for so long (default: 10s)', time)
    .option('--event-loop', 'then also how late timers fire while runs are under way')
    .option(
      '--cold <n>',
      'then also n new processes each, timed to their first result',
      positiveInteger,
    )
    .addOption(new Option('--first-result').hideHelp())
    .option('--csv <file>', 'write a table for spreadsheets')
    .option('--markdown <file>', 'write tables for documents')
    .option('--out <file>', 'write the whole result as JSON, for infercore compare')
    .addOption(jsonOption());
}

export async function benchOptions(
  given: BenchArguments,
  signal: AbortSignal,
): Promise<BenchOptions> {
  if (given.cold !== undefined && given.texts === '-') {
    throw new UsageError(
      'expected a file for --texts beside --cold: standard input can be read once',
      'write the texts to a file',
    );
  }
  const { batch, sequence, threads, provider, dtype, level, runs, warmups, tolerance } = given;
  const axes = { batch, sequence, threads, provider, dtype, level };
  const others = { runs, warmups, tolerance };
  const times = { minMs: given.minTime, warmupMs: given.warmupTime, budgetMs: given.budget };
  return {
    ...(defined({
      ...axes,
      ...others,
      ...times,
    }) as BenchOptions),
    ...(given.texts !== undefined && { texts: await textsOf(given.texts, signal) }),
    ...(await inputOptions(given, signal)),
    ...arrivalsOf(given),
    ...(given.eventLoop && { eventLoop: true }),
    signal,
  };
}

function arrivalsOf({ arrivals, arrivalsTime }: BenchArguments): Pick<BenchOptions, 'arrivals'> {
  if (arrivals === undefined) return {};
  const seconds = arrivalsTime === undefined ? {} : { seconds: arrivalsTime / 1000 };
  return { arrivals: { rate: arrivals, ...seconds } };
}

function defined(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

async function textsOf(file: string, signal: AbortSignal): Promise<string[]> {
  const content =
    file === '-' ? await readStdin(signal) : await readTextFile(file, '--texts', signal);
  const texts = linesOf(content);
  if (texts.length > 0) return texts;
  throw new UsageError(`expected texts for --texts, one a line; ${describe(file)} has none`);
}

function wholeNumbers(value: string): number[] {
  return names(value).map(positiveInteger);
}

function names(value: string): string[] {
  const list = value.split(',').map((name) => name.trim());
  if (list.every((name) => name !== '')) return list;
  throw new InvalidArgumentError('Expected values with commas between them.');
}

function number(value: string): number {
  if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  throw new InvalidArgumentError('Expected a number.');
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  '': 1000,
  m: 60_000,
  min: 60_000,
};

/** In milliseconds. */
export function time(value: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|)$/.exec(value.trim()) ?? [];
  if (amount !== undefined) return Number(amount) * (UNITS[unit] ?? 1000);
  throw new InvalidArgumentError('Expected a time, as 60s, 500ms or 5m.');
}
