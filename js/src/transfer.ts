import { throwIfAborted } from './abort.js';
import { quoted } from './describe.js';
import { InferError } from './error.js';
import type { ReadOptions } from './source.js';

/** Where the page is; nothing in Node. */
interface Page {
  readonly location?: { readonly origin: string; readonly protocol: string; readonly href: string };
  readonly navigator?: { readonly onLine?: boolean };
}

/**
 * The bytes that an address answers with.
 *
 * @throws InferError NOT_FOUND for 404 and 410, RUNTIME_ERROR for a transfer that broke, LIMIT_EXCEEDED for more than
 *   there is memory for, ABORTED
 */
export async function fetchBytes(source: string | URL, options: ReadOptions): Promise<Uint8Array> {
  const url = String(source);
  const broken = (error: unknown): never => {
    throwIfAborted(options.signal);
    throw transferError(url, options.what, error);
  };
  const response = await fetch(url, options.signal ? { signal: options.signal } : {}).catch(broken);
  if (!response.ok) throw statusError(url, response, options.what);
  // A compressed transfer announces its compressed length: no total to compare with.
  const encoded = response.headers.get('content-encoding') !== null;
  const header = response.headers.get('content-length');
  const total = header !== null && !encoded ? Number(header) : undefined;
  // Another origin shows the length, but seldom that the transfer is compressed: there it is a guess.
  const from = { phase: 'fetch', place: url, total, exact: response.type !== 'cors' };
  return readStream(response.body, from, options, broken);
}

/**
 * The bytes of a file that the user chose or dropped, or of any other Blob.
 *
 * @throws InferError NOT_FOUND, RUNTIME_ERROR for one that can be read no more, ABORTED
 */
export async function readBlob(blob: Blob, options: ReadOptions): Promise<Uint8Array> {
  const place = nameOf(blob);
  const broken = (error: unknown): never => {
    throwIfAborted(options.signal);
    const gone = error instanceof Error && error.name === 'NotFoundError';
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferError(
      {
        code: gone ? 'NOT_FOUND' : 'RUNTIME_ERROR',
        message: `can't read ${place} for ${options.what}: ${reason}`,
        hint: 'a file that was changed or moved since it was chosen must be chosen again; a folder is no file',
      },
      { cause: error },
    );
  };
  const from = { phase: 'read', place, total: blob.size, exact: true };
  return readStream(blob.stream(), from, options, broken);
}

/** `the file "model.onnx"`, or what stands for bytes without a name. */
export function nameOf(blob: Blob): string {
  return 'name' in blob && typeof blob.name === 'string' && blob.name !== ''
    ? `the file ${quoted(blob.name)}`
    : 'the Blob';
}

/** By its tag: a File may come from another window. */
export function isBlob(value: unknown): value is Blob {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Blob]' || tag === '[object File]';
}

interface From {
  readonly phase: string;
  readonly place: string;
  readonly total: number | undefined;
  /** Less than `total` is too little. */
  readonly exact: boolean;
}

/** @param broken throws what a failed transfer means; what a callback throws is the caller's own */
async function readStream(
  body: ReadableStream<Uint8Array> | null,
  { phase, place, total, exact }: From,
  options: ReadOptions,
  broken: (error: unknown) => never,
): Promise<Uint8Array> {
  const reader = body?.getReader();
  const read = () => reader?.read().catch(broken);
  // An abort also ends a stream that has no signal of its own.
  const onAbort = () => void reader?.cancel().catch(() => undefined);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const bytes = new Collector(total, exact, `${options.what} from ${place}`);
    for (let part = await read(); part && !part.done; part = await read()) {
      bytes.add(part.value);
      const { length: loaded } = bytes;
      const known = total !== undefined && loaded <= total;
      options.onProgress?.({ phase, loaded, ...(known ? { total } : {}) });
    }
    throwIfAborted(options.signal);
    return bytes.result();
  } catch (error) {
    onAbort();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Where the length is known, memory is taken once and each part goes to its place. */
class Collector {
  length = 0;
  private readonly whole: Uint8Array | undefined;
  private readonly parts: Uint8Array[] = [];

  constructor(
    private readonly total: number | undefined,
    private readonly exact: boolean,
    private readonly what: string,
  ) {
    if (total !== undefined && Number.isFinite(total)) this.whole = this.take(total);
  }

  add(part: Uint8Array): void {
    const fits = this.whole && this.length + part.length <= this.whole.length;
    if (fits && this.parts.length === 0) this.whole.set(part, this.length);
    else this.parts.push(part);
    this.length += part.length;
  }

  /** @throws InferError RUNTIME_ERROR when less came than was announced */
  result(): Uint8Array {
    const { whole, length, total } = this;
    if (this.exact && total !== undefined && length < total) {
      throw new InferError({
        code: 'RUNTIME_ERROR',
        message: `expected ${total} bytes of ${this.what}, received ${length}`,
        hint: 'the connection was cut; try again',
      });
    }
    if (whole?.length === length && this.parts.length === 0) return whole;
    // Without a length, or with one of a compressed transfer whose headers another origin hides.
    const bytes = this.take(length);
    let offset = 0;
    const placed = length - this.parts.reduce((sum, part) => sum + part.length, 0);
    for (const part of whole ? [whole.subarray(0, placed), ...this.parts] : this.parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  private take(length: number): Uint8Array {
    try {
      return new Uint8Array(length);
    } catch (error) {
      throw new InferError(
        {
          code: 'LIMIT_EXCEEDED',
          message: `there is no memory for ${length} bytes of ${this.what}`,
          hint: 'take a smaller or quantized model',
        },
        { cause: error },
      );
    }
  }
}

function statusError(url: string, response: Response, what: string): InferError {
  const gone = response.status === 404 || response.status === 410;
  return new InferError({
    code: gone ? 'NOT_FOUND' : 'RUNTIME_ERROR',
    message: `expected a file for ${what} at ${url}, the server answered ${response.status} ${response.statusText}`,
  });
}

function transferError(url: string, what: string, error: unknown): InferError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InferError(
    {
      code: 'RUNTIME_ERROR',
      message: `can't fetch ${url} for ${what}: ${reason}`,
      hint: likelyCause(url, globalThis),
    },
    { cause: error },
  );
}

/** A page is told that a transfer failed, never why: what can be seen from here speaks for one cause or another. */
function likelyCause(url: string, { location: page, navigator }: Page): string {
  if (!page) return 'is the address right, and does the server answer?';
  if (navigator?.onLine === false) return 'this device is offline';
  const target = parsed(url, page.href);
  if (!target) return 'the address is none';
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(target.hostname);
  if (page.protocol === 'https:' && target.protocol === 'http:' && !local) {
    return 'a page that came over https may not fetch over http: serve the file over https';
  }
  if (target.origin !== page.origin) {
    return (
      `the browser does not say why; most likely ${target.origin} does not allow this page (CORS): ` +
      `it must answer with Access-Control-Allow-Origin: ${page.origin}`
    );
  }
  return "does the server answer, and does the page's Content-Security-Policy (connect-src) or a service worker stand between?";
}

function parsed(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
