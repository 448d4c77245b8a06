/** `externalData`: the files that a model keeps its weights in. */
import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { Abort } from './abort.js';
import { describe } from './describe.js';
import { failureIn, InferError } from './error.js';
import type { Faults } from './fault.js';
import { isObject } from './option.js';
import { isBuffer, localPath, readSource } from './source.js';
import type { ReadOptions, Source } from './source.js';
import { isBlob } from './transfer.js';

type Given = NonNullable<Ort.SessionOptions['externalData']>;

/** A file by the name that the model has for it, as a runtime takes it: its path where that reads files, or bytes. */
export interface ExternalFile {
  readonly path: string;
  readonly data: string | Uint8Array;
}

/** Relative, and nowhere outside the model's folder: another file of the machine is none of the model's. */
function isInside(path: string): boolean {
  const outside = /^[/\\]|^[a-z][a-z\d+.-]*:|\0/i;
  return path !== '' && !outside.test(path) && !path.split(/[/\\]/).includes('..');
}

const withoutDot = (path: string): string => path.replace(/^(?:\.\/+)+/, '');

function isData(value: unknown): boolean {
  return (
    (typeof value === 'string' && value !== '') ||
    ArrayBuffer.isView(value) ||
    isBuffer(value) ||
    isBlob(value)
  );
}

/** Reads nothing yet. */
export function checkExternalData(value: unknown, faults: Faults): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    faults.add(
      'externalData',
      `expected an array of files for externalData, received ${describe(value)}`,
    );
    return;
  }
  const names = new Set<string>();
  value.forEach((file: unknown, i) => {
    const path = `externalData[${i}]`;
    if (typeof file === 'string' && file !== '') return;
    if (!isObject(file) || typeof file['path'] !== 'string') {
      const expected = 'a path, a URL or an object of path and data';
      faults.add(path, `expected ${expected} for ${path}, received ${describe(file)}`);
      return;
    }
    if (!isInside(file['path'])) {
      faults.add(
        `${path}.path`,
        `expected a path inside the model's folder for ${path}.path, received ${describe(file['path'])}`,
      );
    }
    if (!isData(file['data'])) {
      const expected = 'a path, a URL, a Blob or bytes';
      faults.add(
        `${path}.data`,
        `expected ${expected} for ${path}.data, received ${describe(file['data'])}`,
      );
    }
    const name = withoutDot(file['path']);
    if (names.has(name)) {
      faults.add(
        `${path}.path`,
        `expected each path once, received ${describe(name)} again as ${path}.path`,
      );
    }
    names.add(name);
  });
}

/** The folder that a model lies in, with the slash at its end; '' where it has no address. */
function folderOf(model: Source): string {
  const address = typeof model === 'string' ? model : model instanceof URL ? model.href : '';
  return address.slice(0, address.lastIndexOf('/') + 1);
}

/**
 * What the model calls a file that is given by its address alone: the way to it from the model's folder, where it lies
 * in there; else its last part.
 */
function nameOf(address: string, folder: string): string {
  if (folder !== '' && address.startsWith(folder)) return address.slice(folder.length);
  const path = withoutDot(address);
  return isInside(path) ? path : path.slice(path.lastIndexOf('/') + 1);
}

/** Each file with its name. */
export function nameExternalData(
  given: Given | undefined,
  model: Source,
): { path: string; data: Source }[] {
  const folder = withoutDot(folderOf(model));
  return (given ?? []).map((file) => {
    if (typeof file !== 'string') return { path: withoutDot(file.path), data: file.data };
    return { path: nameOf(withoutDot(file), folder), data: file };
  });
}

/** How both runtimes begin to say that a file is not as the model says. */
const COMPLAINTS = /external (data|file|initializer)/i;

/** What loading a model failed with, and what to do where its external data are to blame. */
export function withDataHint(error: unknown, files: readonly ExternalFile[]): unknown {
  if (!(error instanceof InferError) || error.hint || !COMPLAINTS.test(error.message)) return error;
  const given = files.length > 0 ? files.map(({ path }) => describe(path)).join(', ') : 'nothing';
  return new InferError(
    {
      ...failureIn(error),
      hint: `externalData gives ${given}; it must give all files of the model, by the names that the model has for them`,
    },
    { cause: error.cause },
  );
}

/**
 * Brings the files. Paths are left to a runtime that reads files itself.
 *
 * @throws InferError as readSource does
 */
export async function loadExternalData(
  given: Given | undefined,
  model: Source,
  readsFiles: boolean,
  onProgress: ReadOptions['onProgress'],
  abort: Abort,
): Promise<ExternalFile[]> {
  const files: ExternalFile[] = [];
  for (const { path, data } of nameExternalData(given, model)) {
    const local = readsFiles ? localPath(data) : undefined;
    const what = `the external data ${describe(path)}`;
    const bytes = local ?? (await readSource(data, { what, signal: abort.asSignal(), onProgress }));
    abort.check();
    files.push({ path, data: bytes });
  }
  return files;
}
