import { addAbortSignal } from 'node:stream';
import { buffer, text as readAll } from 'node:stream/consumers';
import { readTextFile, textOf } from './text_file.js';
import { UsageError } from './usage_error.js';

/**
 * The texts of a command: its arguments, or the lines of standard input for `-` and for no argument at all.
 * Blank lines are skipped. Each of `files` is one text, as it is; - is standard input there, too.
 */
export async function textsFrom(
  args: readonly string[],
  signal: AbortSignal,
  files: readonly string[] = [],
): Promise<string[]> {
  const wanted = args.length === 0 && files.length === 0 ? ['-'] : args;
  if (args.length === 0 && wanted.length > 0 && process.stdin.isTTY) {
    throw new UsageError(
      'expected a text, received none',
      'give texts as arguments, or pipe them in, one a line',
    );
  }
  if ([...wanted, ...files].filter((arg) => arg === '-').length > 1) {
    throw new UsageError('expected - once at most: standard input can be read once');
  }
  const texts: string[][] = [];
  for (const arg of wanted) {
    texts.push(arg === '-' ? linesOf(await readStdin(signal)) : [arg]);
  }
  for (const file of files) texts.push([await wholeText(file, signal)]);
  return texts.flat();
}

async function wholeText(file: string, signal: AbortSignal): Promise<string> {
  if (file !== '-') return readTextFile(file, 'the text', signal);
  return textOf(await buffer(addAbortSignal(signal, process.stdin)), '(stdin)', 'the text');
}

/** Ctrl-C ends the reading: nothing else would, while somebody thinks about what to type. */
export function readStdin(signal: AbortSignal): Promise<string> {
  return readAll(addAbortSignal(signal, process.stdin));
}

export function linesOf(content: string): string[] {
  return content.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
}
