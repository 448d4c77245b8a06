/** Files that a command writes when its work is done: whether they can be, is asked before it begins. */
import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe } from '../describe.js';
import { InferError } from '../node.js';
import { UsageError } from './usage_error.js';

/** @throws UsageError for a folder, and where no file can be made */
export async function expectWritable(path: string, option: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) {
    throw new UsageError(`expected a file for ${option}, ${describe(path)} is a folder`);
  }
  try {
    await access(info ? path : dirname(path), constants.W_OK);
  } catch {
    throw new UsageError(
      `expected a file for ${option} that can be written, received ${describe(path)}`,
      info ? 'it is there and write-protected' : 'is its folder there?',
    );
  }
}

/** @throws InferError RUNTIME_ERROR */
export async function writeText(path: string, text: string, what: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferError(
      { code: 'RUNTIME_ERROR', message: `can't write ${what}: ${reason}` },
      { cause: error },
    );
  }
}
