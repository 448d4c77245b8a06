import { throwIfAborted } from './abort.js';
import { describe, escaped } from './describe.js';
import { InferError } from './error.js';
import { localFiles } from './files.js';
import { fetchBytes, isBlob, readBlob } from './transfer.js';

/** Where bytes come from: a path (Node), a URL, a File or another Blob, or the bytes themselves. */
export type Source = string | URL | Blob | Uint8Array | ArrayBufferLike;

export interface ProgressEvent {
  /** What is being done: 'read', 'fetch', 'embed', … */
  readonly phase: string;
  readonly loaded: number;
  /** Absent when it isn't known. */
  readonly total?: number;
}

export interface ReadOptions {
  /** For messages: «expected … for the model». */
  what: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((event: ProgressEvent) => void) | undefined;
}

/** The local path that a source names, or undefined for bytes and for what has to be fetched. */
export function localPath(source: Source): string | undefined {
  const text = source instanceof URL ? source.href : source;
  if (typeof text !== 'string') return undefined;
  if (text.startsWith('file:')) return pathOfFileUrl(text);
  return localFiles() && !isUrl(text) ? text : undefined;
}

function isUrl(text: string): boolean {
  return /^(https?|blob|data):/.test(text);
}

/** Folders have a slash at their end, as far as an address tells. */
export function isFolderUrl(url: string): boolean {
  return /^[^?#]*\/$/.test(url);
}

function pathOfFileUrl(text: string): string {
  let path: string;
  try {
    path = decodeURIComponent(new URL(text).pathname);
  } catch {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a file: URL that can be read as one, received ${describe(text)}`,
    });
  }
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}

/**
 * The bytes of a source. Given bytes are viewed, not copied.
 *
 * @throws InferError NOT_FOUND where there is no such file or page, INVALID_INPUT for what is no source,
 *   RUNTIME_ERROR for a transfer that broke, ABORTED
 */
export async function readSource(source: Source, options: ReadOptions): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  const path = localPath(source);
  if (path !== undefined) return readFile(path, options);
  if (typeof source === 'string' || source instanceof URL) return fetchBytes(source, options);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  if (isBuffer(source)) return new Uint8Array(source);
  if (isBlob(source)) return readBlob(source, options);
  throw notASource(source, options.what);
}

export function notASource(value: unknown, what: string): InferError {
  return new InferError({
    code: 'INVALID_INPUT',
    message: `expected a path, a URL, a File or bytes for ${what}, received ${describe(value)}`,
  });
}

/** By its tag, because a buffer may come from another realm. */
export function isBuffer(value: unknown): value is ArrayBufferLike {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

async function readFile(path: string, options: ReadOptions): Promise<Uint8Array> {
  const bytes = await readBytes(path, options).catch((error: unknown) => {
    throwIfAborted(options.signal);
    throw fileError(path, options.what, error);
  });
  options.onProgress?.({ phase: 'read', loaded: bytes.length, total: bytes.length });
  return bytes;
}

async function readBytes(path: string, { what, signal }: ReadOptions): Promise<Uint8Array> {
  const files = localFiles();
  if (!files) throw new Error('there is no file system here');
  const info = await files.stat(path);
  // A pipe would keep a thread until somebody writes to it, and no signal ends that.
  if (!info.isFile() && !info.isDirectory()) {
    throw new InferError({
      code: 'NOT_FOUND',
      message: `expected a file for ${what}, ${escaped(path)} is a pipe, a socket or a device`,
      hint: 'read it yourself and pass the bytes',
    });
  }
  return files.readFile(path, signal ? { signal } : {});
}

/** What a failed file access means for the caller. */
export function fileError(path: string, what: string, error: unknown): InferError {
  if (error instanceof InferError) return error;
  const code = (error as { code?: string } | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InferError({
      code: 'NOT_FOUND',
      message: `expected a file for ${what}, there is none at ${escaped(path)}`,
      hint: 'a relative path counts from the working directory of the process',
    });
  }
  if (code === 'EISDIR') {
    return new InferError({
      code: 'NOT_FOUND',
      message: `expected a file for ${what}, ${escaped(path)} is a folder`,
      hint: 'name the file in it',
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new InferError(
    { code: 'RUNTIME_ERROR', message: `can't read ${escaped(path)} for ${what}: ${reason}` },
    { cause: error },
  );
}
