import type { ErrorCode } from './error.js';
import type { SessionOptions } from './session_options.js';
import type { WarningList } from './report.js';

/** A run that took `slowRunMs` or longer, from its call on. */
export interface SlowRun {
  /** What was called: run() or runSync() of the session, run() of its `batched()`, a pipeline. */
  readonly operation: 'run' | 'runSync' | 'batched' | 'pipeline';
  /** Milliseconds it waited for its turn or its batch, and those from then on. */
  readonly queueMs: number;
  readonly runMs: number;
  readonly items: number;
  readonly tokens: number;
  /** Of its feeds, by input; of a pipeline empty. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Of its error, when it failed. */
  readonly error?: ErrorCode | 'OTHER';
}

/** Tells `onSlowRun`, or without one the warnings: the first slow run is told, the latest stands in the report. */
export function tellSlowRun(
  run: SlowRun,
  { slowRunMs, onSlowRun }: SessionOptions,
  warnings: WarningList,
): void {
  if (!onSlowRun) {
    warnings.tell({
      code: 'SLOW_RUN',
      message: `${describeRun(run)} (slowRunMs ${slowRunMs ?? 0})`,
      hint: 'onSlowRun is told of each one',
    });
    return;
  }
  try {
    onSlowRun(run);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warnings.add({
      code: 'CALLBACK_FAILED',
      message: `onSlowRun has thrown: ${reason}`,
      hint: 'nobody waits for it: catch errors inside',
    });
  }
}

function describeRun({ operation, queueMs, runMs, items, shapes, error }: SlowRun): string {
  const inputs = Object.entries(shapes).map(([name, dims]) => `${name} [${dims.join(', ')}]`);
  const what = inputs.length > 0 ? inputs.join(', ') : `${items} texts`;
  const took = `${(queueMs + runMs).toFixed(1)} ms, ${queueMs.toFixed(1)} of them waiting`;
  return `a slow run: ${operation} of ${what} took ${took}${error ? `, and failed with ${error}` : ''}`;
}
