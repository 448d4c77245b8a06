/** The small files of a model folder, which may be there or not. */
import { escaped } from './describe.js';
import { InferError } from './error.js';
import { localPath, readSource, type Source } from './source.js';

export type Json = Readonly<Record<string, unknown>>;

/** The bytes of a file, undefined where there is none. `what`: for messages. */
export async function bytesIfThere(
  source: Source | undefined,
  what: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  if (source === undefined) return undefined;
  try {
    const bytes = await readSource(source, { what, signal });
    return isPage(source, bytes) ? undefined : bytes;
  } catch (error) {
    if (error instanceof InferError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** @throws InferError INVALID_INPUT for a file that is no JSON */
export async function jsonIfThere(
  source: Source | undefined,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Json | undefined> {
  const bytes = await bytesIfThere(source, 'the model folder', signal);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch (error) {
    // The engine's words hold some of the file's.
    const reason = escaped(error instanceof Error ? error.message : String(error));
    throw new InferError(
      {
        code: 'INVALID_INPUT',
        message: `expected JSON in ${describeSource(source, name)}: ${reason}`,
      },
      { cause: error },
    );
  }
}

/** For messages: its address, or the name it goes by in the folder. */
export function describeSource(source: Source | undefined, name: string): string {
  return typeof source === 'string' || source instanceof URL ? String(source) : name;
}

/** Many servers answer with a page of theirs and status 200 where there is no such file. */
export function isPage(source: Source, bytes: Uint8Array): boolean {
  if (typeof source !== 'string' || localPath(source) !== undefined) return false;
  return /^\s*<(!doctype|html)/i.test(new TextDecoder().decode(bytes.subarray(0, 100)));
}
