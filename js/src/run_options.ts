import type { InferenceSession as Ort } from 'onnxruntime-common';
import { warnEntries } from './config_entries.js';
import { describe } from './describe.js';
import {
  abortSignal,
  checkOptions,
  finite,
  flag,
  flatten,
  milliseconds,
  suggestion,
  text,
  whole,
} from './option.js';
import type { Check } from './option.js';
import type { WarningList } from './report.js';

/** onnxruntime-common's options and ours. */
export interface RunOptions extends Ort.RunOptions {
  /**
   * Ends a run that waits at once. Natively it also ends one under way; in WebAssembly it ends the waiting for that, and
   * the run goes on unheard.
   */
  signal?: AbortSignal;
  /** From the call on: what a run waits for its turn counts. */
  timeoutMs?: number;
  /** Among the runs that wait for `maxConcurrency` of the session: higher ones first, default 0. */
  priority?: number;
}

/** The options after the checks, with the defaults filled in. */
export interface RunSettings {
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  readonly logVerbosityLevel: number;
  readonly tag: string;
  readonly configEntries: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly priority: number | undefined;
  /** onnxruntime's way to say that the run shall end before it begins. */
  readonly terminate: boolean;
}

const CHECKS: Readonly<Record<keyof RunOptions, Check>> = {
  logSeverityLevel: whole(0, 4),
  logVerbosityLevel: whole(0, 2 ** 31 - 1),
  terminate: flag,
  tag: text,
  // Read by flatten, which names the entry that is wrong.
  extra: { expected: 'anything', test: () => true },
  signal: abortSignal,
  timeoutMs: milliseconds,
  priority: finite,
};

export const RUN_OPTION_NAMES: readonly string[] = Object.keys(CHECKS);

/** A run that the event loop waits for hears of no signal and no timer, and waits for nobody itself. */
export function warnEndless(settings: RunSettings, warnings: WarningList): void {
  for (const name of ['signal', 'timeoutMs', 'priority'] as const) {
    if (settings[name] === undefined) continue;
    const why =
      name === 'priority' ? 'it begins at once' : 'nothing is heard while it blocks the event loop';
    const message = `option ${name} has no effect in runSync: ${why}`;
    const hint = 'await session.run(feeds) can be ended';
    warnings.add({ code: 'OPTION_NOT_SUPPORTED', message, hint }, 'NOT_SUPPORTED');
  }
}

/** Said where there is no queue that it could order. */
export function warnPriority(priority: number | undefined, warnings: WarningList): void {
  if (priority === undefined) return;
  const message = 'option priority has no effect: the session has no queue, its runs begin at once';
  const hint = 'it has one with the option maxConcurrency';
  warnings.add({ code: 'OPTION_NOT_SUPPORTED', message, hint }, 'NOT_SUPPORTED');
}

/** Of a run without options. */
export const NO_OPTIONS: RunOptions = Object.freeze({});
type Severity = RunSettings['logSeverityLevel'];
/** What NO_OPTIONS come to, by the session's level: most runs have none. */
const plain = new Map<Severity, RunSettings>();

/**
 * `logSeverityLevel` is the session's.
 *
 * @throws InferError INVALID_OPTION with all faults; what is only a warning throws when `fallback` is 'error'
 */
export function readRunOptions(
  given: RunOptions,
  warnings: WarningList,
  logSeverityLevel: Severity,
): RunSettings {
  if (given !== NO_OPTIONS) return read(given, warnings, logSeverityLevel);
  const known = plain.get(logSeverityLevel) ?? read(given, warnings, logSeverityLevel);
  plain.set(logSeverityLevel, known);
  return known;
}

function read(given: RunOptions, warnings: WarningList, logSeverityLevel: Severity): RunSettings {
  let configEntries: Record<string, string> = {};
  const strangers = checkOptions('run options', given, CHECKS, (options, faults) => {
    configEntries = flatten(options['extra'], faults);
  });
  for (const name of strangers) {
    const message = `unknown run option ${describe(name)}${suggestion(name, RUN_OPTION_NAMES)}: it has no effect`;
    warnings.add({ code: 'OPTION_UNKNOWN', message }, 'INVALID_OPTION');
  }
  warnEntries('run', configEntries, warnings);
  return {
    logSeverityLevel: given.logSeverityLevel ?? logSeverityLevel,
    logVerbosityLevel: given.logVerbosityLevel ?? 0,
    tag: given.tag ?? '',
    configEntries,
    signal: given.signal,
    timeoutMs: given.timeoutMs,
    priority: given.priority,
    terminate: given.terminate ?? false,
  };
}
