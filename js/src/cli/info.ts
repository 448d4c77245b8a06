import { InferenceSession, type SessionReport, type Tokenizer } from '../node.js';
import type { AddCommand } from './command.js';
import { defaultModelFolder } from '../default_model.js';
import { sessionOptions, withModel } from './model.js';
import { addRunOptions, type ModelOptions } from './options.js';
import { reportFacts } from './report_facts.js';
import { number, printFacts, printJson, type Fact } from './terminal.js';
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
  printFacts([
    ['source', [source]],
    ...(model ? modelFacts(model) : []),
    ...(tokenizer ? tokenizerFacts(tokenizer) : []),
    ['versions', [`infercore ${infercore}, Node ${node}`]],
  ]);
}

function modelFacts({ inputs, outputs, report }: ModelInfo): Fact[] {
  return [
    ['inputs', inputs.map(signature)],
    ['outputs', outputs.map(signature)],
    ...reportFacts(report),
  ];
}

function tokenizerFacts({ model, vocabSize, components, bytes }: TokenizerInfo): Fact[] {
  return [
    ['tokenizer', [`${model}, ${number(vocabSize)} tokens`]],
    ['components', components],
    ['memory', [`${(bytes / 1e6).toFixed(1)} MB of tables`]],
  ];
}

function signature({ name, type, dims }: ValueInfo): string {
  return `${name}  ${type} [${dims.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]`;
}
