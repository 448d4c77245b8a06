/** The model that is measured: a folder, or a single file. */
import type { ConstraintData } from '../binding.js';
import { fileExists, filesOf } from '../feature_extraction.js';
import { localFiles } from '../files.js';
import type { ModelFiles } from '../model_files.js';
import {
  findModelFile,
  modelFileNames,
  readModelFolder,
  type Dtype,
  type ModelFolder,
} from '../model_folder.js';
import type { ModelSource } from '../model_source.js';
import { isBuffer, localPath, readSource } from '../source.js';
import { isBlob } from '../transfer.js';
import type { ModelFacts } from './result.js';
import { currentSurroundings } from './surroundings.js';

/** A model folder (path, URL, files), or a model file (path, URL, File, bytes). */
export type BenchModel = ModelSource | ModelFiles;

/** A file, ready for any number of sessions. */
export interface ModelFile {
  readonly source: ModelSource;
  /** Its sum is computed when somebody asks. */
  readonly facts: () => Promise<ModelFacts>;
  /** Milliseconds that bringing it took, where it came from elsewhere. */
  readonly downloadMs?: number;
}

export interface ModelUnderTest {
  readonly name: string;
  /** What a pipeline takes; undefined for a single file. */
  readonly folder: string | URL | ModelFiles | undefined;
  /** The default model is one, too, that nobody named. */
  readonly isFolder: boolean;
  readonly limits: ConstraintData;
  /** Those that the folder has files of; undefined for a single file. */
  readonly dtypes: readonly Dtype[] | undefined;
  file(dtype: Dtype | null): Promise<ModelFile>;
}

const DTYPES: readonly Dtype[] = ['fp32', 'fp16', 'q8', 'q4'];
const SUFFIX = /\.(onnx|ort)$/i;

/** @throws InferError NOT_FOUND, INVALID_INPUT, ABORTED */
export async function openModel(
  model: BenchModel | undefined,
  asked: readonly Dtype[] | undefined,
  signal: AbortSignal | undefined,
): Promise<ModelUnderTest> {
  return (await isFile(model))
    ? singleFile(model as ModelSource, signal)
    : modelFolder(
        model as Exclude<BenchModel, ModelSource> | string | URL | undefined,
        asked,
        signal,
      );
}

async function isFile(model: BenchModel | undefined): Promise<boolean> {
  if (isBlob(model) || ArrayBuffer.isView(model) || isBuffer(model)) return true;
  if (typeof model !== 'string' && !(model instanceof URL)) return false;
  if (SUFFIX.test(String(model).replace(/[?#].*$/, ''))) return true;
  const path = localPath(model);
  return path !== undefined && (await isPlainFile(path));
}

async function isPlainFile(path: string): Promise<boolean> {
  const info = await localFiles()
    ?.stat(path)
    .catch(() => undefined);
  return info?.isFile() ?? false;
}

function singleFile(source: ModelSource, signal: AbortSignal | undefined): ModelUnderTest {
  const named = typeof source === 'string' || source instanceof URL;
  const name = named ? nameIn(String(source)) : isBlob(source) ? (source as File).name : 'bytes';
  const file = once(() => fileOf(source, null, signal));
  return { name, folder: undefined, isFolder: false, limits: {}, dtypes: undefined, file };
}

async function modelFolder(
  model: string | URL | ModelFiles | undefined,
  asked: readonly Dtype[] | undefined,
  signal: AbortSignal | undefined,
): Promise<ModelUnderTest> {
  const files = filesOf(model);
  const folder = await readModelFolder(files, signal);
  const byDtype = new Map<Dtype | null, () => Promise<ModelFile>>();
  const bring = async (dtype: Dtype | null): Promise<ModelFile> => {
    const start = performance.now();
    const found = await findModelFile(folder, dtype ?? 'fp32', { signal, exists: fileExists });
    const took = performance.now() - start;
    return fileOf(found, dtype, signal, typeof found === 'string' ? undefined : took);
  };
  const file = (dtype: Dtype | null): Promise<ModelFile> => {
    const known = byDtype.get(dtype) ?? once(() => bring(dtype));
    byDtype.set(dtype, known);
    return known();
  };
  const dtypes = await dtypesIn(folder, asked);
  // Far away only asking tells; the reference wants it, as long as there is one.
  const isFar = !dtypes.includes('fp32') && isElsewhere(folder.source('config.json'));
  const unasked =
    isFar &&
    (await file('fp32').then(
      () => true,
      () => false,
    ));
  return {
    name: model === undefined ? '@infercore/default-model' : nameIn(files.location),
    folder: model,
    isFolder: true,
    limits: folder.limits,
    dtypes: unasked ? ['fp32', ...dtypes] : dtypes,
    file,
  };
}

/** Neither on this machine nor in memory. */
function isElsewhere(source: ModelSource | undefined): boolean {
  const named = typeof source === 'string' || source instanceof URL;
  return named && localPath(source) === undefined;
}

/** What a folder far away has, only asking for it would tell: there it is what was asked for. */
async function dtypesIn(
  folder: ModelFolder,
  asked: readonly Dtype[] | undefined,
): Promise<readonly Dtype[]> {
  const isThere = async (name: string, dtype: Dtype): Promise<boolean> => {
    const place = folder.source(name);
    if (place === undefined) return false;
    const path = localPath(place);
    if (path !== undefined) return fileExists(path);
    return !isElsewhere(place) || (asked ?? ['fp32']).includes(dtype);
  };
  const found: Dtype[] = [];
  for (const dtype of DTYPES) {
    for (const name of modelFileNames(dtype)) {
      if (!found.includes(dtype) && (await isThere(name, dtype))) found.push(dtype);
    }
  }
  return found;
}

async function fileOf(
  source: ModelSource,
  dtype: Dtype | null,
  signal: AbortSignal | undefined,
  downloadMs?: number,
): Promise<ModelFile> {
  const path = localPath(source);
  if (path !== undefined) {
    return { source, facts: once(() => factsOf(dtype, path)) };
  }
  const far = typeof source === 'string' || source instanceof URL;
  const start = performance.now();
  const bytes = await readSource(source, { what: 'the model', signal });
  const took = far ? performance.now() - start : downloadMs;
  const facts = once(async () => withSum({ dtype, bytes: bytes.length }, await sumOf(bytes)));
  return { source: bytes, facts, ...(took !== undefined && { downloadMs: took }) };
}

async function factsOf(dtype: Dtype | null, path: string): Promise<ModelFacts> {
  const info = await localFiles()
    ?.stat(path)
    .catch(() => undefined);
  const sum = info?.isFile() ? await sumOfFile(path) : undefined;
  return withSum({ dtype, bytes: info?.size ?? 0 }, sum);
}

const withSum = (facts: ModelFacts, sha256: string | undefined): ModelFacts =>
  sha256 === undefined ? facts : { ...facts, sha256 };

async function sumOfFile(path: string): Promise<string | undefined> {
  const surroundings = currentSurroundings();
  if (surroundings.sha256) return surroundings.sha256(path);
  const bytes = await localFiles()?.readFile(path);
  return bytes && sumOf(bytes);
}

/** A page that came over plain http has no digests. */
async function sumOf(bytes: Uint8Array): Promise<string | undefined> {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  // Shared memory is refused; it is a copy that is hashed.
  const own =
    bytes.buffer instanceof ArrayBuffer
      ? (bytes as Uint8Array<ArrayBuffer>)
      : new Uint8Array(bytes);
  const sum = await crypto?.subtle?.digest('SHA-256', own);
  return sum && [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** No whole path: results are passed on. */
function nameIn(location: string): string {
  const parts = location
    .replace(/[?#].*$/, '')
    .split(/[\\/]/)
    .filter((part) => part !== '');
  return parts.slice(-2).join('/');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
