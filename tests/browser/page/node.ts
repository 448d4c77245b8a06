/**
 * What tests/common uses of node:fs, node:os and node:path, in a page: the server of the tests reads and writes. Paths
 * count from the root of the repository, which is the root of the server too, so they are addresses at the same time.
 */

/** Synchronous, because the functions of node:fs are. */
function ask(method: 'GET' | 'POST', address: string, body?: unknown): XMLHttpRequest {
  const request = new XMLHttpRequest();
  request.open(method, address, false);
  // Bytes as characters: a synchronous request has no responseType.
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send(body === undefined ? null : JSON.stringify(body));
  return request;
}

function operate(operation: string, path: string, more: object = {}): unknown {
  const request = ask('POST', '/files', { operation, path, ...more });
  const { value, error } = JSON.parse(request.responseText) as { value: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

export function readFileSync(path: string): Uint8Array;
export function readFileSync(path: string, encoding: 'utf8'): string;
export function readFileSync(path: string, encoding?: 'utf8'): Uint8Array | string {
  const request = ask('GET', `/${path}`);
  if (request.status !== 200) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  const bytes = Uint8Array.from(
    request.responseText,
    (character) => character.charCodeAt(0) & 0xff,
  );
  return encoding ? new TextDecoder().decode(bytes) : bytes;
}

export function writeFileSync(path: string, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  operate('write', path, { base64: btoa(text) });
}

export const existsSync = (path: string) => operate('exists', path) as boolean;
export const readdirSync = (path: string) => operate('list', path) as string[];
export const mkdtempSync = (path: string) => operate('makeTemporary', path) as string;
export const cpSync = (path: string, to: string) => operate('copy', path, { to });
export const rmSync = (path: string) => operate('remove', path);

/** Imported by a test that a page skips. */
export const symlinkSync = (): never => {
  throw new Error('a page makes no links');
};

export const tmpdir = () => 'build/browser/tmp';

export const join = (...parts: readonly string[]) => parts.join('/').replace(/\/+/g, '/');
const dirname = (path: string) => path.replace(/\/[^/]*$/, '');
export default { join, dirname };
