import { describe } from './describe.js';
import { InferError } from './error.js';
import { localFiles } from './files.js';

/** Where bytes come from: a path (Node), a URL, or the bytes themselves. */
export type Source = string | URL | Uint8Array | ArrayBufferLike;

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
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected a path, a URL or bytes for ${options.what}, received ${describe(source)}`,
  });
}

/** By its tag, because a buffer may come from another realm. */
function isBuffer(value: unknown): value is ArrayBufferLike {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

/** The error for an aborted call; what the caller gave as reason is its cause. */
export function aborted(signal: AbortSignal): InferError {
  return new InferError(
    { code: 'ABORTED', message: 'the call was aborted by its signal' },
    { cause: signal.reason },
  );
}

async function readFile(path: string, options: ReadOptions): Promise<Uint8Array> {
  const bytes = await readBytes(path, options).catch((error: unknown) => {
    throwIfAborted(options.signal);
    throw fileError(path, options.what, error);
  });
  options.onProgress?.({ phase: 'read', loaded: bytes.length, total: bytes.length });
  return bytes;
}

async function readBytes(path: string, { signal }: ReadOptions): Promise<Uint8Array> {
  const files = localFiles();
  if (!files) throw new Error('there is no file system here');
  return files.readFile(path, signal ? { signal } : {});
}

/** What a failed file access means for the caller. */
export function fileError(path: string, what: string, error: unknown): InferError {
  const code = (error as { code?: string } | null)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new InferError({
      code: 'NOT_FOUND',
      message: `expected a file for ${what}, there is none at ${path}`,
      hint: 'a relative path counts from the working directory of the process',
    });
  }
  if (code === 'EISDIR') {
    return new InferError({
      code: 'NOT_FOUND',
      message: `expected a file for ${what}, ${path} is a folder`,
      hint: 'name the file in it',
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new InferError(
    { code: 'RUNTIME_ERROR', message: `can't read ${path} for ${what}: ${reason}` },
    { cause: error },
  );
}

async function fetchBytes(source: string | URL, options: ReadOptions): Promise<Uint8Array> {
  const url = String(source);
  const broken = (error: unknown): never => {
    throwIfAborted(options.signal);
    throw transferError(url, options.what, error);
  };
  const response = await fetch(url, options.signal ? { signal: options.signal } : {}).catch(broken);
  if (!response.ok) throw statusError(url, response, options.what);
  return readBody(url, response, options, broken);
}

function transferError(url: string, what: string, error: unknown): InferError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InferError(
    {
      code: 'RUNTIME_ERROR',
      message: `can't fetch ${url} for ${what}: ${reason}`,
      hint: 'is the address right, does the server answer, and does it allow this origin (CORS)?',
    },
    { cause: error },
  );
}

function statusError(url: string, response: Response, what: string): InferError {
  const gone = response.status === 404 || response.status === 410;
  return new InferError({
    code: gone ? 'NOT_FOUND' : 'RUNTIME_ERROR',
    message: `expected a file for ${what} at ${url}, the server answered ${response.status} ${response.statusText}`,
  });
}

/** @param broken throws what a failed transfer means; what a callback throws is the caller's own */
async function readBody(
  url: string,
  response: Response,
  options: ReadOptions,
  broken: (error: unknown) => never,
): Promise<Uint8Array> {
  // A compressed transfer announces its compressed length: no total to compare with.
  const encoded = response.headers.get('content-encoding') !== null;
  const header = response.headers.get('content-length');
  const total = header !== null && !encoded ? Number(header) : undefined;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = response.body?.getReader();
  const read = () => reader?.read().catch(broken);
  try {
    for (let part = await read(); part && !part.done; part = await read()) {
      chunks.push(part.value);
      loaded += part.value.length;
      options.onProgress?.({ phase: 'fetch', loaded, ...(total === undefined ? {} : { total }) });
    }
  } catch (error) {
    void reader?.cancel().catch(() => undefined);
    throw error;
  }
  if (total !== undefined && loaded !== total) {
    throw new InferError({
      code: 'RUNTIME_ERROR',
      message: `expected ${total} bytes of ${options.what} from ${url}, received ${loaded}`,
      hint: 'the connection was cut; try again',
    });
  }
  return joined(chunks, loaded);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
