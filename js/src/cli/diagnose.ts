import { InferenceSession, type SessionReport } from '../node.js';
import type { AddCommand } from './command.js';
import { defaultModelFolder } from '../default_model.js';
import { operatorText } from '../placement.js';
import { sessionOptions, withModel } from './model.js';
import { addRunOptions, type ModelOptions } from './options.js';
import { reportFacts } from './report_facts.js';
import { number, print, printFacts, printJson, printable, stylesFor, table } from './terminal.js';
import { isFolder } from './tokenizer_source.js';

type Options = Omit<ModelOptions, 'model'>;

/** Memory of this process in bytes, before the model was loaded and with it. */
interface Memory {
  readonly before: number;
  readonly loaded: number;
}

export const addDiagnose: AddCommand = (program, run) => {
  const command = program
    .command('diagnose')
    .summary('show where a model runs and why: providers, nodes, times, memory')
    .description(
      'Loads a model and shows on what it runs: which providers were asked for and why one is not\n' +
        'used, how many nodes each got and which operators fell back, threads, times, memory.',
    )
    .argument('[model]', 'a model folder or an .onnx file (default: the default model)');
  addRunOptions(command).action((source: string | undefined, given: Options) =>
    run(async (signal) => {
      const before = process.memoryUsage.rss();
      const report = await load(source ?? defaultModelFolder(), given, signal);
      const memory = { before, loaded: process.memoryUsage.rss() };
      if (given.json) printJson({ ...report, memory });
      else printReport(report, memory);
    }),
  );
};

async function load(source: string, options: Options, signal: AbortSignal): Promise<SessionReport> {
  if (await isFolder(source)) {
    return withModel({ ...options, model: source }, signal, ({ report }) =>
      Promise.resolve(report),
    );
  }
  await using session = await InferenceSession.create(source, sessionOptions(options, signal));
  return session.report;
}

function printReport(report: SessionReport, { before, loaded }: Memory): void {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  printFacts([
    ...reportFacts(report),
    ['library', report.runtime.path ? [report.runtime.path] : []],
    [
      'memory',
      [`${megabytes(loaded)} of the process, ${megabytes(loaded - before)} more than before`],
    ],
    ['warnings', report.warnings.map(({ code, message }) => `${code}: ${message}`)],
  ]);
  if (!report.placement) return;
  const styles = stylesFor(process.stdout);
  print('');
  print(
    table(
      [{ title: 'provider' }, { title: 'nodes', align: 'right' }, { title: 'operators' }],
      report.placement.map(({ provider, nodes, operators }) => [
        provider,
        number(nodes),
        printable(operatorText(operators)),
      ]),
      styles,
    ),
  );
  print(styles.dim('as they were before nodes are fused'));
}
