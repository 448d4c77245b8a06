import type { NativeSessionOptions } from './binding.js';
import type { WarningList } from './report.js';

/** What ONNX Runtime logs about one session. */
export interface LogMessage {
  readonly severity: 'verbose' | 'info' | 'warning' | 'error' | 'fatal';
  /** ONNX Runtime's, mostly "onnxruntime". */
  readonly category: string;
  /** The session's. */
  readonly logId: string;
  /** Where in ONNX Runtime's source it was said. */
  readonly place: string;
  readonly message: string;
}

const SEVERITIES = ['verbose', 'info', 'warning', 'error', 'fatal'] as const;

/**
 * A callback of the user for the addon, which never throws. The addon holds it as long as the session; it holds the
 * user's weakly, so that a session that is reachable from there alone can be forgotten: `kept` must be held by the
 * session.
 */
export function logTo(
  kept: { readonly onLog?: (message: LogMessage) => void },
  warnings: WarningList,
): NativeSessionOptions['onLog'] {
  if (!kept.onLog) return undefined;
  const holder = new WeakRef(kept);
  const told = new WeakRef(warnings);
  return (severity, category, logId, place, message) => {
    try {
      holder.deref()?.onLog?.({
        severity: SEVERITIES[severity] ?? 'fatal',
        category,
        logId,
        place,
        message: message.trimEnd(),
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      told.deref()?.add({
        code: 'CALLBACK_FAILED',
        message: `onLog has thrown: ${reason}`,
        hint: 'nobody waits for it: catch errors inside',
      });
    }
  };
}
