/** What a failed command says, and the code that it ends with. */
import { CommanderError } from 'commander';
import { InferError } from '../node.js';
import { note, printable, stylesFor } from './terminal.js';
import { UsageError } from './usage_error.js';

export const EXIT = { ok: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

/** Reports an error once, on standard error, and gives the exit code. */
export function report(
  error: unknown,
  { json, interrupted }: { json: boolean; interrupted: boolean },
) {
  // The help or the version: printed already.
  if (error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)) {
    return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
  }
  if (interrupted) return EXIT.interrupted;
  const failure = describe(error);
  if (json) note(JSON.stringify({ error: failure }));
  else write(failure);
  if (process.env['INFERCORE_DEBUG'] && error instanceof Error) note(error.stack ?? error.message);
  const wrongUse = failure.code === 'USAGE' || failure.code === 'INVALID_OPTION';
  return wrongUse ? EXIT.wrongUse : EXIT.failed;
}

/** One of several pieces of work failed, and the others go on. */
export function reportOne(file: string, error: unknown, json: boolean): void {
  const failure = describe(error);
  if (json) note(JSON.stringify({ file, error: failure }));
  else write(failure);
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly faults?: InferError['faults'];
}

function describe(error: unknown): Failure {
  if (error instanceof InferError) {
    const { code, hint, faults } = error;
    // The message ends with the hint, for those who print the message alone.
    const message = hint ? error.message.replace(` (${hint})`, '') : error.message;
    return { code, message, ...(hint ? { hint } : {}), ...(faults ? { faults } : {}) };
  }
  if (error instanceof UsageError) {
    return { code: 'USAGE', message: error.message, ...(error.hint ? { hint: error.hint } : {}) };
  }
  if (error instanceof CommanderError) {
    return { code: 'USAGE', message: error.message.replace(/^error: /, ''), hint: 'see --help' };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

function write({ message, hint }: Failure): void {
  const styles = stylesFor(process.stderr);
  // Line by line: a message may have several, but a name from a file may not move the cursor.
  const safe = (text: string) => text.split('\n').map(printable).join('\n');
  note(`${styles.red('error:')} ${safe(message)}`);
  if (hint) note(`${styles.dim('hint:')}  ${safe(hint)}`);
}
