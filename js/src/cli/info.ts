import { InferenceSession, type SessionReport, type Tokenizer } from '../node.js';
import type { AddCommand } from './command.js';
import { defaultModelFolder } from '../default_model.js';
import { sessionOptions, withModel } from './model.js';
import { addRunOptions, type ModelOptions } from './options.js';
import { print, printable, printJson, stylesFor } from './terminal.js';
import { isFolder, isTokenizer, loadTokenizer } from './tokenizer_source.js';

type Options = Omit<ModelOptions, 'model'>;

/** The shape of `--json`: what does not apply to a source is absent. */
interface Info {
  readonly source: string;
  readonly infercore: string;
  readonly node: string;
  readonly tokenizer?: TokenizerInfo;
  readonly model?: ModelInfo;
}
interface TokenizerInfo {
  readonly model: string;
  readonly vocabSize: number;
  readonly bytes: number;
  readonly components: readonly string[];
}
interface ModelInfo {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly report: SessionReport;
}
interface ValueInfo {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

export const addInfo: AddCommand = (program, run) => {
  const command = program
    .command('info')
    .summary('show what a model or a tokenizer is, and how it would run here')
    .description(
      'Shows inputs, outputs and providers of a model, components of a tokenizer, versions.\n' +
        'Everything is loaded, nothing is run.',
    )
    .argument(
      '[source]',
      'a model folder, an .onnx file, a tokenizer’s file (default: the default model)',
    );
  addRunOptions(command).action((source: string | undefined, given: Options) =>
    run(async (signal) => {
      const info = await inspect(source ?? defaultModelFolder(), given, signal);
      if (given.json) printJson(info);
      else printInfo(info);
    }),
  );
};

async function inspect(source: string, options: Options, signal: AbortSignal): Promise<Info> {
  const versions = { source, infercore: __VERSION__, node: process.version };
  if (await isTokenizer(source)) {
    using tokenizer = await loadTokenizer(source, signal);
    return { ...versions, tokenizer: tokenizerInfo(tokenizer) };
  }
  if (await isFolder(source)) {
    return withModel({ ...options, model: source }, signal, (extract) =>
      Promise.resolve({
        ...versions,
        ...(extract.tokenizer ? { tokenizer: tokenizerInfo(extract.tokenizer) } : {}),
        ...(extract.session ? { model: modelInfo(extract.session) } : {}),
      }),
    );
  }
  await using session = await InferenceSession.create(source, sessionOptions(options, signal));
  return { ...versions, model: modelInfo(session) };
}

function tokenizerInfo({ info, vocabSize }: Tokenizer): TokenizerInfo {
  const { model, bytes, components } = info;
  return { model, vocabSize, bytes, components };
}

function modelInfo(session: InferenceSession): ModelInfo {
  const values = (list: InferenceSession['inputMetadata']): ValueInfo[] =>
    list.map((value) =>
      value.isTensor
        ? { name: value.name, type: value.type, dims: value.shape }
        : { name: value.name, type: 'no tensor', dims: [] },
    );
  const { inputMetadata, outputMetadata, report } = session;
  return { inputs: values(inputMetadata), outputs: values(outputMetadata), report };
}

function printInfo({ source, infercore, node, tokenizer, model }: Info): void {
  const styles = stylesFor(process.stdout);
  const line = (name: string, value: string) => {
    print(`${styles.dim(name.padEnd(12))}${printable(value)}`);
  };
  const list = (name: string, values: readonly string[]) => {
    values.forEach((value, i) => {
      line(i === 0 ? name : '', value);
    });
  };
  line('source', source);
  if (model) {
    const { runtime, providers, threads, phases, target } = model.report;
    list('inputs', model.inputs.map(signature));
    list('outputs', model.outputs.map(signature));
    line('runtime', `${runtime.name} ${runtime.version} (${target})`);
    line(
      'providers',
      `asked ${providers.asked.join(', ') || 'for none'}; used ${providers.used.join(', ')}`,
    );
    line('', `available ${providers.available.join(', ')}`);
    list(
      'skipped',
      providers.skipped.map(({ name, reason }) => `${name}: ${reason}`),
    );
    line('threads', `${threads.intraOp} in a run (${threads.reason})`);
    line('phases', phaseText(phases));
  }
  if (tokenizer) {
    line('tokenizer', `${tokenizer.model}, ${tokenizer.vocabSize.toLocaleString('en')} tokens`);
    list('components', tokenizer.components);
    line('memory', `${(tokenizer.bytes / 1e6).toFixed(1)} MB of tables`);
  }
  line('versions', `infercore ${infercore}, Node ${node}`);
}

function signature({ name, type, dims }: ValueInfo): string {
  return `${name}  ${type} [${dims.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]`;
}

function phaseText(phases: Readonly<Record<string, number>>): string {
  return Object.entries(phases)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
    .join(', ');
}
