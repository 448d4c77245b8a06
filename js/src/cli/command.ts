/** What each command's file offers to main.ts. */
import type { Command } from 'commander';

/** A piece of work that Ctrl-C ends through the signal. */
export type Run = (signal: AbortSignal) => Promise<void>;
/** Adds a command to the program. `run` is called from its action and handles signals, errors and exit codes. */
export type AddCommand = (program: Command, run: (work: Run) => Promise<void>) => void;
