import type { Abort } from './abort.js';
import { coreBinding } from './core.js';
import { withDataHint } from './external_data.js';
import { localFiles } from './files.js';
import { loadModel } from './model_source.js';
import type { LoadedModel, ModelSource } from './model_source.js';
import type { WarningList } from './report.js';
import { currentRuntime } from './runtime.js';
import type { RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';

export interface OpenedSession {
  readonly session: RuntimeSession;
  /** Milliseconds of what came before the runtime's own phases. */
  readonly phases: Readonly<Record<string, number>>;
  /** Bytes of the model's file and of the external data that were given. */
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
  const size = await sizeOf(model);
  onProgress?.({ phase: 'create', loaded: 0, total: size });
  const session = await runtime
    .createSession(model, settings, warnings, abort)
    .catch((error: unknown) => {
      throw withDataHint(error, model.external);
    });
  return { session, phases, size };
};

/** A file that can't be looked at counts nothing: that it is missing the runtime says, in its own words. */
async function sizeOf({ external, ...model }: LoadedModel): Promise<number> {
  const parts = ['path' in model ? model.path : model.bytes, ...external.map(({ data }) => data)];
  const sizes = parts.map(async (part) => {
    if (typeof part !== 'string') return part.length;
    const info = await localFiles()
      ?.stat(part)
      .catch(() => undefined);
    return info?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
