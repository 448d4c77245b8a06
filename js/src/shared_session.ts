import type { ConstraintData } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { callback, expectOptions, isObject, milliseconds, oneOf } from './option.js';
import type { Check } from './option.js';
import type { SessionReport, WarningList } from './report.js';
import { LIMIT_CHECKS } from './run_queue.js';
import { currentRuntime } from './runtime.js';
import type { RuntimeSession } from './runtime.js';
import { readSessionOptions } from './session_options.js';
import type { SessionOptions, SessionSettings } from './session_options.js';

/**
 * A session on its way to another thread of the same process, by `postMessage` or `workerData`. It holds nothing: the
 * session has to be there until the other thread has attached it.
 */
export interface SharedSession {
  /** Which session it is, in this process. */
  readonly token: string;
  readonly report: SessionReport;
  readonly constraints: ConstraintData | undefined;
  readonly logSeverityLevel: SessionSettings['logSeverityLevel'];
}

/** What each thread has for itself. All else was decided when the model was loaded. */
export type AttachOptions = Pick<
  SessionOptions,
  'maxConcurrency' | 'maxQueue' | 'timeoutMs' | 'slowRunMs' | 'onSlowRun' | 'onWarning' | 'fallback'
>;

const CHECKS: Readonly<Record<keyof AttachOptions, Check>> = {
  ...LIMIT_CHECKS,
  timeoutMs: milliseconds,
  slowRunMs: milliseconds,
  onSlowRun: callback,
  onWarning: callback,
  fallback: oneOf('allow', 'warn', 'error'),
};

function notSupported(): InferError {
  return new InferError({
    code: 'NOT_SUPPORTED',
    message:
      'sessions are shared between threads natively alone: in WebAssembly each has a memory of its own',
    hint: 'in a page, create it with worker: true; in Node, import the native build',
  });
}

/** @throws InferError NOT_SUPPORTED, DISPOSED */
export function shareSession(
  runtime: RuntimeSession,
  report: SessionReport,
  { logSeverityLevel }: SessionSettings,
  constraints: ConstraintData | undefined,
): SharedSession {
  if (!runtime.share) throw notSupported();
  return { token: runtime.share(), report, constraints, logSeverityLevel };
}

/** @throws InferError NOT_SUPPORTED, INVALID_INPUT, INVALID_OPTION, DISPOSED */
export function attachSession(
  shared: unknown,
  options: AttachOptions = {},
): {
  session: RuntimeSession;
  settings: SessionSettings;
  warnings: WarningList;
} {
  const runtime = currentRuntime();
  if (!runtime.attach) throw notSupported();
  const known = expectShared(shared);
  expectOptions('options of attach', options, CHECKS);
  const { constraints, logSeverityLevel, report } = known;
  const { settings, warnings } = readSessionOptions(
    { ...options, logSeverityLevel },
    runtime.target,
  );
  const own = { ...settings, constraints, graphLevel: report.graphOptimizationLevel };
  return { session: runtime.attach(known, own), settings: own, warnings };
}

/** As far as a session needs it: a message may have lost the rest on its way. */
function isReport(report: unknown): boolean {
  if (!isObject(report) || !isObject(report['providers'])) return false;
  const { runtime, threads, providers } = report;
  return isObject(runtime) && isObject(threads) && Array.isArray(providers['used']);
}

function expectShared(shared: unknown): SharedSession {
  const { token, report } = isObject(shared) ? shared : {};
  if (typeof token === 'string' && isReport(report)) return shared as SharedSession;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected what session.share() gave, received ${describe(shared)}`,
    hint: 'send session.share() to the worker, not the session',
  });
}
