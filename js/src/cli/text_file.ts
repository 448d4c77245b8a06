/** Texts as files hold them: whole, and in UTF-8 or not at all. */
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { describe } from '../describe.js';
import { InferError } from '../node.js';
import { fileError } from '../source.js';

/**
 * A text is encoded in one piece: no place is known beforehand where a tokenizer's pieces would be the same with a cut.
 * This is a little less than the longest string of JavaScript, and takes some gigabytes of memory.
 */
export const MOST_BYTES = 512_000_000;

/** @throws InferError that says why a file is no text to count */
export async function sizeOfText(path: string, what: string): Promise<number> {
  const info = await stat(path).catch((error: unknown) => {
    throw fileError(path, what, error);
  });
  const shown = describe(path);
  if (info.isDirectory()) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a file for ${what}, ${shown} is a folder`,
      hint: 'name its files, as folder/*.txt',
    });
  }
  if (!info.isFile()) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a file for ${what}, ${shown} is a pipe, a socket or a device`,
      hint: 'pass it to standard input, and - as the file',
    });
  }
  if (info.size > MOST_BYTES) throw tooLarge(shown, what, info.size);
  return info.size;
}

function tooLarge(shown: string, what: string, size: number): InferError {
  const million = (bytes: number) => (bytes / 1e6).toLocaleString('en');
  return new InferError({
    code: 'LIMIT_EXCEEDED',
    message: `expected at most ${million(MOST_BYTES)} MB for ${what}, ${shown} has ${million(size)} MB`,
    hint: 'cut it at the end of a line: a text is read whole, so that no token is cut',
  });
}

/** @throws InferError INVALID_INPUT for what is not UTF-8, and as sizeOfText does */
export async function readTextFile(
  path: string,
  what: string,
  signal: AbortSignal,
): Promise<string> {
  await sizeOfText(path, what);
  const bytes = await readFile(path, { signal }).catch((error: unknown) => {
    throw fileError(path, what, error);
  });
  return textOf(bytes, path, what);
}

/** @throws InferError as readTextFile does */
export function textOf(bytes: Buffer, name: string, what: string): string {
  if (bytes.length > MOST_BYTES) throw tooLarge(describe(name), what, bytes.length);
  if (isUtf8(bytes)) return bytes.toString();
  const at = firstFault(bytes);
  const utf16 = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2));
  throw new InferError({
    code: 'INVALID_INPUT',
    message:
      `expected UTF-8 for ${what}, ${describe(name)} has 0x${bytes.toString('hex', at, at + 1)}` +
      ` at byte ${at.toLocaleString('en')}`,
    hint: utf16 ? 'it begins as UTF-16 does: convert it' : 'is it text, in another encoding?',
  });
}

/** Where the first character begins that is none: what stands before is whole. */
function firstFault(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayBegin(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  // A character that was begun and not ended is the fault, not the byte behind it.
  while (!isUtf8(bytes.subarray(0, good))) good -= 1;
  return good;
}

function mayBegin(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
