import { Option, InvalidArgumentError } from 'commander';
import { describe } from '../describe.js';
import {
  compareResults,
  type BenchResult,
  type Comparison,
  type ConfigurationComparison,
  type NamedResult,
  type ResultComparison,
} from '../node_bench.js';
import { duration } from '../bench/table.js';
import type { AddCommand } from './command.js';
import { EXIT } from './failure.js';
import { jsonOption, type OutputOptions } from './options.js';
import { note, print, printable, printJson, stylesFor, table } from './terminal.js';
import { readTextFile } from './text_file.js';
import { UsageError } from './usage_error.js';

interface CompareArguments extends OutputOptions {
  readonly baseline?: string;
  readonly failAbove?: number;
}

export const addCompare: AddCommand = (program, run) => {
  program
    .command('compare')
    .summary('compare results of bench with a baseline, for people and for CI')
    .description(
      'Compares results that infercore bench --out wrote, configuration by configuration: the ratio\n' +
        'of medians with its 95 % confidence interval, and whether there is a difference at all.',
    )
    .argument('<file...>', 'results; the first is the baseline, unless --baseline names one')
    .option('--baseline <file>', 'the result that the others are compared with')
    .addOption(
      new Option(
        '--fail-above <percent>',
        'exit code 1 where one is slower by more, beyond what is noise: 10%',
      ).argParser(share),
    )
    .addOption(jsonOption())
    .action((files: string[], given: CompareArguments) =>
      run(async (signal) => {
        const { baseline = files[0] ?? '', failAbove } = given;
        const others =
          given.baseline === undefined ? files.slice(1) : files.filter((file) => file !== baseline);
        if (others.length === 0) {
          throw new UsageError(
            'expected a result beside the baseline, received none',
            'infercore compare before.json after.json',
          );
        }
        const read = (name: string) => readResult(name, signal);
        const [base, ...rest] = await Promise.all([baseline, ...others].map(read));
        if (!base) throw new Error('no baseline was read');
        const comparison = await compareResults(
          base,
          rest,
          failAbove === undefined ? {} : { failAbove },
        );
        if (given.json) printJson(comparison);
        else printComparison(comparison);
        if (comparison.regressions.length > 0) process.exitCode = EXIT.failed;
      }),
    );
};

/** "10%" and "10" are a tenth. */
function share(value: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(value.trim()) ?? [];
  if (number !== undefined) return Number(number) / 100;
  throw new InvalidArgumentError('Expected a share in percent, as 10%.');
}

async function readResult(name: string, signal: AbortSignal): Promise<NamedResult> {
  const text = await readTextFile(name, 'a result', signal);
  try {
    return { name, result: JSON.parse(text) as BenchResult };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `expected JSON in ${describe(name)}: ${reason}`,
      'infercore bench --out FILE.json writes it',
    );
  }
}

function printComparison({ baseline, others, regressions }: Comparison): void {
  for (const each of others) {
    print(`${printable(each.name)}, compared with ${printable(baseline)}`);
    printOne(each);
    print('');
  }
  const { red } = stylesFor(process.stderr);
  for (const { name, id, reason } of regressions) {
    note(`${red('regression:')} ${printable(`${name}: ${id}: ${reason}`)}`);
  }
}

const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;

function words({ verdict, ratio, wrong }: ConfigurationComparison): string {
  if (wrong) return 'WRONG';
  if (verdict === 'no difference') return verdict;
  return verdict === 'faster'
    ? `faster, ${(1 / ratio).toFixed(2)}×`
    : `slower by ${percent(ratio)}`;
}

function printOne({
  configurations,
  geometricMean,
  missing,
  added,
  differences,
}: ResultComparison): void {
  const styles = stylesFor(process.stdout);
  const right = (title: string) => ({ title, align: 'right' as const });
  const rows = configurations.map((each) => [
    printable(each.id),
    duration(each.baselineMedian),
    duration(each.median),
    each.ratio.toFixed(3),
    each.ratioCi95.map((value) => value.toFixed(3)).join(' – '),
    each.p < 0.001 ? '< 0.001' : each.p.toFixed(3),
    words(each),
  ]);
  const columns = [
    { title: 'configuration' },
    ...[right('baseline'), right('median'), right('ratio'), right('95 % CI'), right('p')],
    { title: '' },
  ];
  if (rows.length > 0) print(table(columns, rows, styles));
  else print('no configuration was measured in both');
  if (geometricMean !== undefined && rows.length > 1) {
    print(`geometric mean of the ratios: ${geometricMean.toFixed(3)}`);
  }
  for (const id of missing) print(styles.dim(`in the baseline alone: ${printable(id)}`));
  for (const id of added) print(styles.dim(`not in the baseline: ${printable(id)}`));
  const { yellow } = stylesFor(process.stderr);
  for (const difference of differences) note(`${yellow('warning:')} ${printable(difference)}`);
}
