import type { Abort } from './abort.js';
import { coreBinding } from './core.js';
import { withDataHint } from './external_data.js';
import { loadModel } from './model_source.js';
import type { ModelSource } from './model_source.js';
import type { WarningList } from './report.js';
import { currentRuntime } from './runtime.js';
import type { RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';

export interface OpenedSession {
  readonly session: RuntimeSession;
  /** Milliseconds of what came before the runtime's own phases. */
  readonly phases: Readonly<Record<string, number>>;
  /** Of the model in bytes, for the last event of progress; 1 where nobody knows. */
  readonly size: number;
}

/** Brings a model and loads it. Here, that is; js/src/worker does the same in a worker. */
export type OpenSession = (
  source: ModelSource,
  settings: SessionSettings,
  warnings: WarningList,
  abort: Abort,
) => Promise<OpenedSession>;

export const openSession: OpenSession = async (source, settings, warnings, abort) => {
  const runtime = currentRuntime();
  const { onProgress } = settings.given;
  const core = await coreBinding();
  const start = performance.now();
  const model = await loadModel(core, source, runtime.readsFiles, settings.given, abort);
  const phases = 'bytes' in model ? { read: performance.now() - start } : {};
  const total = 'bytes' in model ? { total: model.bytes.length } : {};
  onProgress?.({ phase: 'create', loaded: 0, ...total });
  const session = await runtime
    .createSession(model, settings, warnings, abort)
    .catch((error: unknown) => {
      throw withDataHint(error, model.external);
    });
  return { session, phases, size: total.total ?? 1 };
};
