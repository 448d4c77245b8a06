/** What a user gives to a session or pipeline, so that it can go into a worker, now and again later. */
import { InferError } from '../error.js';
import { modelFileEntries } from '../model_files.js';
import type { ModelFiles } from '../model_files.js';
import { isObject } from '../option.js';
import { isBuffer, notASource } from '../source.js';
import type { Source } from '../source.js';
import { isBlob } from '../transfer.js';
import type { PipelineRecipe, SessionRecipe } from './protocol.js';

/** A relative address counts from the page here, and would from the script in the worker. */
export function absolute(address: string): string {
  try {
    return new URL(address, globalThis.document?.baseURI ?? location.href).href;
  } catch {
    return address;
  }
}

/** What a worker can be made of again: addresses are absolute, bytes copied at once. */
export function portableSource(source: Source): SessionRecipe['source'] {
  if (typeof source === 'string' || source instanceof URL) return absolute(String(source));
  if (isBlob(source)) return source;
  if (!ArrayBuffer.isView(source) && !isBuffer(source)) throw notASource(source, 'the model');
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  // A blob takes no shared memory.
  const own = bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
  return { bytes: new Blob([own as Uint8Array<ArrayBuffer>]) };
}

/** @throws InferError INVALID_INPUT for what is neither an address nor files */
export function portableModel(
  model: string | URL | ModelFiles | undefined,
): PipelineRecipe['model'] {
  if (model === undefined) return undefined;
  if (typeof model === 'string' || model instanceof URL) return absolute(String(model));
  const sources = modelFileEntries(model).map(([name, source]) => {
    const file = portableSource(source);
    return [name, typeof file === 'object' && !isBlob(file) ? file.bytes : file] as const;
  });
  return new Map(sources);
}

type ExternalData = string | { path: string; data: unknown };

/** onnxruntime-web takes addresses, blobs and bytes: addresses become absolute, bytes are copied at once. */
function externalFile(file: ExternalData): ExternalData {
  if (typeof file === 'string') return { path: file, data: absolute(file) };
  const { path, data } = file;
  if (typeof data === 'string') return { path, data: absolute(data) };
  return { path, data: data instanceof Blob ? data : new Blob([data as BlobPart]) };
}

/** A list of known inputs, each with feeds by name, each a tensor. */
const KNOWN_INPUTS_DEPTH = 4;

/** Tensors as plain data, as deep as they may be: their class does not outlive the way, its fields do. */
function plain(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((each) => plain(each, depth - 1));
  if (!isObject(value)) return value;
  if ('type' in value && 'dims' in value && 'data' in value) {
    const { type, dims, data } = value;
    return { type, dims, data };
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, plain(each, depth - 1)]),
  );
}

/** Options without what only the page can use: `names` of callbacks, signals, limits. */
export function sendable(options: object, names: readonly string[]): Record<string, unknown> {
  const kept = Object.fromEntries(
    Object.entries(options).filter(([name]) => !names.includes(name)),
  ) as Record<string, unknown>;
  if (kept['verify'] !== undefined) kept['verify'] = plain(kept['verify'], KNOWN_INPUTS_DEPTH);
  const files = kept['externalData'];
  if (Array.isArray(files)) kept['externalData'] = files.map(externalFile);
  return kept;
}

/** INVALID_OPTION for what can't be sent to a worker. */
export function notSendable(error: unknown): Error {
  if (!(error instanceof DOMException && error.name === 'DataCloneError')) return error as Error;
  return new InferError(
    {
      code: 'INVALID_OPTION',
      message: `expected options that can be sent to a worker: ${error.message}`,
      hint: 'plain data can be sent; functions, devices and such can not',
    },
    { cause: error },
  );
}
