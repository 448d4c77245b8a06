import {
  benchmark,
  toCsv,
  toMarkdown,
  type BenchProgress,
  type BenchResult,
} from '../node_bench.js';
import {
  bestSentences,
  bytes,
  commonAxes,
  latencyColumns,
  loadColumns,
  phaseColumns,
  warningSentences,
  type TableColumn,
} from '../bench/table.js';
import { firstResult } from '../bench/first_result.js';
import { addBenchOptions, benchOptions, type BenchArguments } from './bench_options.js';
import type { AddCommand } from './command.js';
import { withColdStarts } from './cold_start.js';
import { EXIT, report } from './failure.js';
import { expectWritable, writeText } from './files.js';
import { ProgressBar } from './progress.js';
import {
  note,
  print,
  printable,
  printFacts,
  printJson,
  stylesFor,
  table,
  type Fact,
} from './terminal.js';

export const addBench: AddCommand = (program, run) => {
  const command = program
    .command('bench')
    .summary('measure a model: latency, throughput, phases, in each configuration of a sweep')
    .description(
      'Measures a model in each combination of the given lists, with inputs made from its signature,\n' +
        'with texts, or with tensors of a file. Outputs are compared with those of the graph as it\n' +
        'stands: what is fast and wrong is marked. Ctrl-C keeps what was measured.',
    )
    .argument('[model]', 'a model folder or an .onnx file (default: the default model)');
  addBenchOptions(command).action((model: string | undefined, given: BenchArguments) =>
    run(async (signal) => {
      const options = await benchOptions(given, signal);
      if (given.firstResult) {
        await firstResult(model, options, printJson);
        return;
      }
      await expectFiles(given);
      const progress = new BenchBar();
      let result: BenchResult;
      try {
        result = await benchmark(model, {
          ...options,
          onProgress: (at) => {
            progress.update(at);
          },
        });
      } finally {
        progress.stop();
      }
      if (given.cold !== undefined && !signal.aborted) {
        result = await withColdStarts(result, given.cold, signal, (error) => {
          process.exitCode = report(error, { json: given.json === true, interrupted: false });
        });
      }
      await writeFiles(result, given);
      if (given.json) printJson(result);
      else printResult(result);
      if (signal.aborted) process.exitCode = EXIT.interrupted;
      else if (result.configurations.some(({ status }) => status === 'failed')) {
        process.exitCode = EXIT.failed;
      }
    }),
  );
};

async function expectFiles({ csv, markdown, out }: BenchArguments): Promise<void> {
  for (const [option, path] of Object.entries({
    '--csv': csv,
    '--markdown': markdown,
    '--out': out,
  })) {
    if (path !== undefined) await expectWritable(path, option);
  }
}

async function writeFiles(
  result: BenchResult,
  { csv, markdown, out }: BenchArguments,
): Promise<void> {
  if (out !== undefined) await writeText(out, `${JSON.stringify(result)}\n`, 'the result');
  if (csv !== undefined) await writeText(csv, toCsv(result), 'the table');
  if (markdown !== undefined) await writeText(markdown, toMarkdown(result), 'the tables');
}

/** Seconds that are spent, of those that it will take as far as anybody knows. */
class BenchBar {
  readonly #bar = new ProgressBar('seconds');
  readonly #start = performance.now();

  update({ remainingMs }: BenchProgress): void {
    if (remainingMs === undefined) return;
    const spent = performance.now() - this.#start;
    this.#bar.update(Math.round(spent / 1000), Math.ceil((spent + remainingMs) / 1000));
  }

  stop(): void {
    this.#bar.stop();
  }
}

function printResult(result: BenchResult): void {
  const styles = stylesFor(process.stdout);
  printFacts(factsOf(result));
  print('');
  print(tableOf(latencyColumns(result), result));
  print('');
  print(tableOf(phaseColumns(result), result));
  const loaded = loadColumns(result);
  if (loaded.length > 0) print(`\n${tableOf(loaded, result)}`);
  const best = bestSentences(result);
  if (best.length > 0) print('');
  for (const sentence of best) print(styles.green(printable(sentence)));
  const { yellow } = stylesFor(process.stderr);
  for (const warning of warningSentences(result))
    note(`${yellow('warning:')} ${printable(warning)}`);
}

function tableOf(columns: readonly TableColumn[], { configurations }: BenchResult): string {
  const rows = configurations.map((each) => columns.map(({ cell }) => printable(cell(each))));
  return table(columns, rows, stylesFor(process.stdout));
}

function factsOf(result: BenchResult): Fact[] {
  const { context, reference } = result;
  const { model, machine, versions, target, inputs, seed } = context;
  const { cpu } = machine;
  const files = model.files.map(({ dtype, bytes: size, sha256 }) =>
    [dtype, bytes(size), sha256 && `sha256 ${sha256.slice(0, 12)}`].filter(Boolean).join(', '),
  );
  const texts = inputs.texts === undefined ? '' : ` (${inputs.texts})`;
  return [
    ['model', [model.name, ...files]],
    [
      'machine',
      [`${cpu.model ?? machine.host}, ${cpu.usable ?? cpu.cores} cores, ${machine.system}`],
    ],
    [
      'versions',
      [`infercore ${versions.infercore} (${target}), ${versions.runtime}, ${machine.host}`],
    ],
    ['inputs', [`${inputs.kind}${texts}, seed ${seed}`]],
    ['reference', [`${reference.provider}, level ${reference.level}`]],
    ['all', commonAxes(result) === '' ? [] : [commonAxes(result)]],
  ];
}
