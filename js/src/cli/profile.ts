import { profileModel, type ModelProfile, type ProfileOptions } from '../node_bench.js';
import { idOf } from '../bench/configuration.js';
import { duration } from '../bench/table.js';
import { addProfileOptions, profileOptions, type ProfileArguments } from './profile_options.js';
import type { AddCommand } from './command.js';
import { expectWritable } from './files.js';
import { number, print, printable, printFacts, printJson, stylesFor, table } from './terminal.js';

export const addProfile: AddCommand = (program, run) => {
  const command = program
    .command('profile')
    .summary('show where the time of a run goes: operators, nodes, providers')
    .description(
      'Runs a model with ONNX Runtime’s profiler, with inputs made from its signature or with those\n' +
        'of a file, and shows which operators and which nodes take the time. The profiler takes some of\n' +
        'it, too: how long a run takes, infercore bench tells.',
    )
    .argument('[model]', 'a model folder or an .onnx file (default: the default model)');
  addProfileOptions(command).action((model: string | undefined, given: ProfileArguments) =>
    run(async (signal) => {
      const options: ProfileOptions = await profileOptions(given, signal);
      if (given.trace !== undefined) await expectWritable(given.trace, '--trace');
      const profile = await profileModel(model, options);
      if (given.json) printJson(profile);
      else printProfile(profile, given.nodes ?? 10);
    }),
  );
};

function printProfile(profile: ModelProfile, most: number): void {
  const { runs, runMs, nodeMs, configuration, providers, threads, traceFile } = profile;
  printFacts([
    ['runs', [`${runs} of ${duration(runMs / runs)}, ${percent(nodeMs / runMs)} of it in nodes`]],
    ['all', [`${idOf(configuration)}; ran on ${providers.join(', ')}, ${threads} threads`]],
    ['trace', traceFile === undefined ? [] : [`${traceFile}, for ui.perfetto.dev`]],
  ]);
  const styles = stylesFor(process.stdout);
  const perRun = (ms: number) => duration(ms / runs);
  print('');
  print(
    table(
      [
        { title: 'operator' },
        { title: 'provider' },
        { title: 'nodes', align: 'right' },
        { title: 'time of a run', align: 'right' },
        { title: 'share', align: 'right' },
      ],
      profile.operators.map(({ operator, provider, nodes, ms, share }) => [
        printable(operator),
        printable(provider),
        number(nodes),
        perRun(ms),
        percent(share),
      ]),
      styles,
    ),
  );
  const nodes = profile.nodes.slice(0, most);
  if (nodes.length === 0) return;
  print('');
  print(
    table(
      [
        { title: 'node' },
        { title: 'operator' },
        { title: 'time of a run', align: 'right' },
        { title: 'share', align: 'right' },
      ],
      nodes.map(({ name, operator, ms, share }) => [
        printable(name),
        printable(operator),
        perRun(ms),
        percent(share),
      ]),
      styles,
    ),
  );
  const left = profile.nodes.length - nodes.length;
  if (left > 0) print(styles.dim(`and ${number(left)} nodes more (--nodes N shows N)`));
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
