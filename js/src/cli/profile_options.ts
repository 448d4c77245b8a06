/** The command line of `infercore profile` as options of profileModel(). */
import { Option, type Command } from 'commander';
import type { ProfileOptions } from '../node_bench.js';
import { addInputOptions, inputOptions, type InputArguments } from './input_options.js';
import { jsonOption, positiveInteger, type OutputOptions } from './options.js';

export interface ProfileArguments extends OutputOptions, InputArguments {
  readonly batch?: number;
  readonly sequence?: number;
  readonly threads?: number;
  readonly provider?: string;
  readonly dtype?: ProfileOptions['dtype'];
  readonly level?: ProfileOptions['level'];
  readonly runs?: number;
  readonly trace?: string;
  readonly nodes?: number;
}

export function addProfileOptions(command: Command): Command {
  const configured = command
    .option('--batch <n>', 'rows of a run (default: 1)', positiveInteger)
    .option('--sequence <n>', 'tokens of a row (default: 128)', positiveInteger)
    .option('--threads <n>', 'threads of a run (default: chosen by the library)', positiveInteger)
    .option('--provider <name>', 'execution provider (default: cpu)')
    .addOption(
      new Option('--dtype <type>', 'which of the folder’s model files').choices([
        'fp32',
        'fp16',
        'q8',
        'q4',
      ]),
    )
    .addOption(
      new Option('--level <level>', 'optimisation of the graph (default: all)').choices([
        'disabled',
        'basic',
        'extended',
        'layout',
        'all',
      ]),
    );
  return addInputOptions(configured)
    .option('--runs <n>', 'runs that are recorded, after 5 others (default: 20)', positiveInteger)
    .option('--nodes <n>', 'how many of the slowest nodes are shown (default: 10)', positiveInteger)
    .option('--trace <file>', 'keep ONNX Runtime’s own file, for Perfetto and chrome://tracing')
    .addOption(jsonOption());
}

export async function profileOptions(
  given: ProfileArguments,
  signal: AbortSignal,
): Promise<ProfileOptions> {
  const { batch, sequence, threads, provider, dtype, level, runs, trace } = given;
  return {
    ...(batch !== undefined && { batch }),
    ...(sequence !== undefined && { sequence }),
    ...(threads !== undefined && { threads }),
    ...(provider !== undefined && { provider }),
    ...(dtype !== undefined && { dtype }),
    ...(level !== undefined && { level }),
    ...(runs !== undefined && { runs }),
    ...(trace !== undefined && { traceFile: trace }),
    ...(await inputOptions(given, signal)),
    signal,
  };
}
