import type { Abort } from './abort.js';
import type { CoreBinding } from './binding.js';
import { describe } from './describe.js';
import { InferError, failureIn, unwrap } from './error.js';
import { loadExternalData } from './external_data.js';
import type { ExternalFile } from './external_data.js';
import { isObject } from './option.js';
import type { SessionOptions } from './session_options.js';
import { localPath, readSource } from './source.js';
import type { Source } from './source.js';
import { isBlob, nameOf } from './transfer.js';

/** A path (Node), a URL, a File or another Blob, or the bytes of a model. */
export type ModelSource = Source;

/** What a runtime loads: a path that it reads itself, or bytes. */
export type LoadedModel = ({ readonly path: string } | { readonly bytes: Uint8Array }) & {
  /** The files that it keeps its weights in, as far as the user gave them. */
  readonly external: readonly ExternalFile[];
};

/** The first bytes that the core looks at. */
const HEAD = 4096;

export interface CreateArguments {
  readonly source: ModelSource;
  readonly options: SessionOptions;
}

function invalid(message: string): InferError {
  return new InferError({ code: 'INVALID_INPUT', message });
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

function slice(buffer: ArrayBufferLike, offset: number, length: unknown): Uint8Array {
  const size = buffer.byteLength;
  if (!Number.isInteger(offset) || offset < 0 || offset > size) {
    throw invalid(
      `expected a whole number from 0 to ${size} for byteOffset, received ${describe(offset)}`,
    );
  }
  if (length === undefined) return new Uint8Array(buffer, offset);
  if (!Number.isInteger(length) || Number(length) < 0 || offset + Number(length) > size) {
    throw invalid(
      `expected a whole number from 0 to ${size - offset} for byteLength, received ${describe(length)}`,
    );
  }
  return new Uint8Array(buffer, offset, Number(length));
}

/** Tells the forms of InferenceSession.create apart: (model, options?) and (buffer, offset, length?, options?). */
export function createArguments(model: unknown, rest: readonly unknown[]): CreateArguments {
  const [first, ...others] = rest;
  if (typeof first !== 'number') {
    return { source: model as ModelSource, options: first ?? {} };
  }
  if (!isBuffer(model)) {
    throw invalid(`expected an ArrayBuffer before byteOffset, received ${describe(model)}`);
  }
  const [length, options] = isObject(others[0]) ? [undefined, others[0]] : others;
  return { source: slice(model, first, length), options: options ?? {} };
}

/**
 * Brings the model. A path is left to a runtime that reads files itself; everything else becomes bytes, which must
 * look like a model.
 *
 * @throws InferError NOT_FOUND, NOT_A_MODEL, INVALID_INPUT, RUNTIME_ERROR (a transfer that broke), ABORTED, TIMEOUT
 */
export async function loadModel(
  core: CoreBinding,
  source: ModelSource,
  readsFiles: boolean,
  { externalData, onProgress }: SessionOptions,
  abort: Abort,
): Promise<LoadedModel> {
  const path = localPath(source);
  const bring = () => loadExternalData(externalData, source, readsFiles, onProgress, abort);
  if (path !== undefined && readsFiles) return { path, external: await bring() };
  const bytes = await readSource(source, {
    what: 'the model',
    signal: abort.asSignal(),
    onProgress,
  });
  abort.check();
  try {
    unwrap(core.checkModelBytes(bytes.subarray(0, HEAD), bytes.length));
  } catch (error) {
    throw located(error, source);
  }
  return { bytes, external: await bring() };
}

/** Says where the bytes that are no model came from. */
function located(error: unknown, source: ModelSource): unknown {
  if (!(error instanceof InferError)) return error;
  const named = typeof source === 'string' || source instanceof URL;
  if (!named && !isBlob(source)) return error;
  const failure = failureIn(error);
  const name = named ? String(source) : nameOf(source);
  return new InferError({ ...failure, message: `${name}: ${failure.message}` });
}
