import { escaped } from './describe.js';
import type { ErrorCode, Failure, Fault } from './error.js';

/** A message that lists dozens of faults is not read; `faults` keeps them. Core's Status does the same. */
const SHOWN = 8;

/** One Failure of all faults of an input, with the first fault's code. `faults` must not be empty. */
export function failureOf(what: string, faults: readonly Fault[], hint?: string): Failure {
  const [first] = faults;
  const lines = faults.slice(0, SHOWN).map(({ message }) => message);
  const more = faults.length > SHOWN ? `\n  - and ${faults.length - SHOWN} more` : '';
  const list = lines.length === 1 ? `: ${lines.join('')}` : `\n  - ${lines.join('\n  - ')}${more}`;
  return {
    code: first?.code ?? 'INVALID_INPUT',
    message: what + list,
    ...(hint === undefined ? {} : { hint }),
    faults,
  };
}

/** No list of faults is longer, as in the core: who sends a million wrong entries is told about the first. */
const MOST = 100;

/** Collects what is wrong with one thing before anything is thrown. */
export class Faults {
  readonly list: Fault[] = [];

  constructor(private readonly code: ErrorCode) {}

  /** True when no more are kept: nothing further need be looked at. */
  get full(): boolean {
    return this.list.length >= MOST;
  }

  /** Of each one line: names from outside that stand in `path` stand in most messages, too. */
  add(path: string, message: string): void {
    if (!this.full) this.list.push({ path, code: this.code, message: escaped(message) });
  }
}
