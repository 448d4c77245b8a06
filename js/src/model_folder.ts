import type { ConstraintData, Pooling } from './binding.js';
import { describe, quoted } from './describe.js';
import { InferError } from './error.js';
import { describeSource, isPage, jsonIfThere, type Json } from './folder_file.js';
import type { FolderFiles } from './model_files.js';
import { limitsOf, positionsOf } from './model_limits.js';
import { localPath, readSource, type ReadOptions, type Source } from './source.js';
import { isLength } from './tokenizer_config.js';

export type Dtype = 'fp32' | 'fp16' | 'q8' | 'q4';

/** The name transformers.js gives a model file of each precision. */
const SUFFIX: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  q4: '_q4',
};

/** What a sentence-transformers folder says is to be done with the model's output. */
export interface SentenceModules {
  readonly pooling: Pooling;
  /** Folders of Dense layers, in order. */
  readonly dense: readonly string[];
  readonly normalize: boolean;
}

/** A model folder as transformers.js or sentence-transformers lay it out: read, but no weights loaded. */
export interface ModelFolder extends FolderFiles {
  /** What its config.json says of feeds. */
  readonly limits: ConstraintData;
  /** The model's maximum number of tokens, 0 when the folder does not say. */
  readonly maxLength: number;
  /** Does sentence_bert_config.json want its texts in lower case, before the tokenizer sees them? */
  readonly lowerCase: boolean;
  readonly modules: SentenceModules | undefined;
  /** tokenizer_config.json as it stands. */
  readonly tokenizerConfig: Json | undefined;
}

/**
 * Reads the small files of a model folder.
 *
 * @throws InferError NOT_FOUND for no such folder, UNSUPPORTED_COMPONENT for a module that is none of Transformer,
 *   Pooling, Dense, Normalize, INVALID_INPUT for a file that is no JSON
 */
export async function readModelFolder(
  files: FolderFiles,
  signal?: AbortSignal,
): Promise<ModelFolder> {
  const json = (name: string) => jsonIfThere(files.source(name), name, signal);
  const [config, tokenizerConfig, sentenceConfig, modules] = await Promise.all([
    json('config.json'),
    json('tokenizer_config.json'),
    json('sentence_bert_config.json'),
    json('modules.json'),
  ]);
  if (!config && !tokenizerConfig && !modules) throw noFolder(files.location);
  return {
    ...files,
    limits: limitsOf(config),
    maxLength: smallest([
      positionsOf(config),
      tokenizerConfig?.['model_max_length'],
      sentenceConfig?.['max_seq_length'],
    ]),
    lowerCase: sentenceConfig?.['do_lower_case'] === true,
    tokenizerConfig,
    modules:
      modules === undefined
        ? undefined
        : await readModules(modules, (name) => describeSource(files.source(name), name), json),
  };
}

function noFolder(location: string): InferError {
  return new InferError({
    code: 'NOT_FOUND',
    message:
      `expected a model folder at ${location}, with config.json, tokenizer.json and onnx/model.onnx; ` +
      'none of its configuration files is there',
    hint: 'names of models on a hub are not looked up: download the folder and give its path or URL',
  });
}

function smallest(values: unknown[]): number {
  const lengths = values.filter(isLength);
  return lengths.length ? Math.min(...lengths) : 0;
}

async function readModules(
  modules: unknown,
  place: (name: string) => string,
  json: (name: string) => Promise<Json | undefined>,
): Promise<SentenceModules> {
  const path = place('modules.json');
  if (!Array.isArray(modules)) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a list of modules in ${path}`,
    });
  }
  let pooling: Pooling = 'none';
  let normalize = false;
  const dense: string[] = [];
  let last = -1;
  for (const module of modules as readonly unknown[]) {
    const { type, folder } = moduleOf(module, path);
    // Vectors made in another order are other vectors.
    if (ORDER.indexOf(type) < last) throw unknownOrder(path);
    last = ORDER.indexOf(type);
    if (type === 'Pooling') {
      pooling = poolingOf((await json(`${folder}/config.json`)) ?? {}, place(folder));
    } else if (type === 'Dense') dense.push(folder);
    else if (type === 'Normalize') normalize = true;
  }
  return { pooling, dense, normalize };
}

const ORDER: readonly string[] = ['Transformer', 'Pooling', 'Dense', 'Normalize'];

function moduleOf(module: unknown, where: string): { type: string; folder: string } {
  const { type, path } = (typeof module === 'object' && module !== null ? module : {}) as Json;
  // Only the last part: the package has moved its classes between its own folders.
  const name = (typeof type === 'string' ? type : '').split('.').pop() ?? '';
  if (!ORDER.includes(name)) throw unknownModule(describe(type), where);
  return { type: name, folder: moduleFolder(path, where) };
}

function unknownOrder(path: string): InferError {
  return new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message: `expected the modules of ${path} in the order ${ORDER.join(', ')}, received another`,
  });
}

/** A module's folder is inside the model's: nothing else is read on the word of a downloaded file. */
function moduleFolder(path: unknown, where: string): string {
  const folder = typeof path === 'string' ? path : '';
  if (!/^[\w][\w.-]*$|^$/.test(folder) || folder.includes('..')) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected the name of a folder beside ${where} for a module's path, received ${quoted(folder)}`,
    });
  }
  return folder;
}

function unknownModule(type: string, path: string): InferError {
  return new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message: `expected Transformer, Pooling, Dense or Normalize in ${path}, received ${type}`,
    hint: 'without modules.json the folder gives a vector a token, which { pooling, normalize } make one',
  });
}

const POOLING_MODES: Readonly<Record<string, Pooling>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_lasttoken: 'last',
};

function poolingOf(config: Json, folder: string): Pooling {
  const modes = Object.keys(config).filter(
    (key) => key.startsWith('pooling_mode_') && config[key] === true,
  );
  const [mode = ''] = modes;
  const pooling = POOLING_MODES[mode];
  if (modes.length === 1 && pooling) return pooling;
  throw new InferError({
    code: 'UNSUPPORTED_COMPONENT',
    message:
      `expected exactly one of ${Object.keys(POOLING_MODES).join(', ')} in ${folder}/config.json, ` +
      `received ${modes.map(quoted).join(' and ') || 'none'}`,
    hint: 'without modules.json the folder gives a vector a token, which { pooling } makes one',
  });
}

/** Where a folder may have it, as transformers.js lays it out, or beside its other files. */
export function modelFileNames(dtype: Dtype): readonly string[] {
  return [`onnx/model${SUFFIX[dtype]}.onnx`, `model${SUFFIX[dtype]}.onnx`];
}

/**
 * Where the model file of a folder is: onnx/model.onnx, as transformers.js has it, or model.onnx.
 *
 * @returns a path where there is a file system, else the bytes
 * @throws InferError NOT_FOUND that lists what was tried
 */
export async function findModelFile(
  folder: ModelFolder,
  dtype: Dtype,
  options: Omit<ReadOptions, 'what'> & { exists: (path: string) => Promise<boolean> },
): Promise<string | Uint8Array> {
  const names = modelFileNames(dtype);
  let page = false;
  for (const name of names) {
    const source = folder.source(name);
    const local = source === undefined ? undefined : localPath(source);
    if (local !== undefined) {
      if (await options.exists(local)) return local;
    } else if (source !== undefined) {
      const bytes = await readSource(source, { ...options, what: 'the model' }).catch(ifMissing);
      if (bytes && !isPage(source, bytes)) return bytes;
      page ||= bytes !== undefined;
    }
  }
  throw new InferError({
    code: 'NOT_FOUND',
    message:
      `expected a model file for dtype ${dtype} in ${folder.location}, tried ${names.join(' and ')}` +
      (page ? '; the server answered with an HTML page instead' : ''),
  });
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof InferError && error.code === 'NOT_FOUND')) throw error;
}

/** @throws InferError NOT_FOUND: the folder lacks what it needs */
export function sourceIn(folder: ModelFolder, name: string): Source {
  const source = folder.source(name);
  if (source !== undefined) return source;
  throw new InferError({
    code: 'NOT_FOUND',
    message: `expected ${name} in ${folder.location}`,
  });
}
