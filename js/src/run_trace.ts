import { localDiagnostics } from './files.js';
import type { TracingChannel } from './files.js';

/** What subscribers get: the same object for all events of one call. Node adds `result` and `error`. */
export interface RunTrace {
  /** Under OpenTelemetry's names where it has them; durations are in seconds, as there. Complete when the call ends. */
  readonly attributes: Record<string, string | number>;
}

const NAME = 'infercore:run';
let channel: TracingChannel | null | undefined;

/** Node's channel while somebody listens to it; a page has none. */
export function heardChannel(): TracingChannel | undefined {
  if (channel === undefined) channel = localDiagnostics()?.tracingChannel(NAME) ?? null;
  return channel?.hasSubscribers ? channel : undefined;
}
