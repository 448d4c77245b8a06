/**
 * What runs a model: ONNX Runtime in the addon (native_runtime.ts) or onnxruntime-web (web_runtime.ts). The session
 * knows the two through these interfaces alone.
 */
import type { Abort } from './abort.js';
import type {
  ConstraintData,
  EmbedData,
  EmbeddingTable,
  SharedWeightsHandle,
  ValueSignature,
} from './binding.js';
import type { EmbedRequest } from './embed.js';
import type { Fetches } from './fetches.js';
import type { LoadedModel } from './model_source.js';
import type { WarningList, SessionReport } from './report.js';
import type { RunSettings } from './run_options.js';
import type { SessionSettings } from './session_options.js';
import type { SharedSession } from './shared_session.js';
import type { AnyFeed } from './tensor.js';
import type { AnyValue } from './value.js';

export type Target = SessionReport['target'];

export interface Runtime {
  readonly target: Target;
  /** Does it read files itself? Then a path stays a path: external data is found beside it. */
  readonly readsFiles: boolean;
  /** How many runs it does at once: more of them wait for each other. */
  readonly concurrency: number;
  /** The providers that can be asked for, as listSupportedBackends() gives them. */
  backends(): { name: string; bundled: boolean }[];
  createSession(
    model: LoadedModel,
    settings: SessionSettings,
    warnings: WarningList,
    abort: Abort,
  ): Promise<RuntimeSession>;
  /** Memory for weights that sessions share. Absent where they can't. */
  sharedWeights?(): SharedWeightsHandle;
  /**
   * A session that another thread shares. Absent where threads have no memory in common.
   *
   * @throws InferError DISPOSED
   */
  attach?(shared: SharedSession, settings: SessionSettings): RuntimeSession;
}

/** What of a session's report its runtime knows. */
export type RuntimeReport = Pick<SessionReport, 'runtime' | 'providers' | 'threads' | 'phases'> &
  Partial<Pick<SessionReport, 'placement' | 'worker' | 'sharedWeights'>>;

export interface RuntimeSession {
  readonly inputs: readonly ValueSignature[];
  /** `inputs`, then the initializers that a feed may replace. */
  readonly feedable: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  /** The inputs that are rows of a table of the model. Absent where the graph was not looked at. */
  readonly tables?: readonly EmbeddingTable[];
  readonly report: RuntimeReport;
  /** Does run() check its feeds against the model? Otherwise the session does it first. */
  readonly validates: boolean;
  /** Puts others in the place of the constraints it was made with. Called before the first run, where run() checks. */
  constrain?(constraints: ConstraintData): void;
  /** Where else than on the CPU feeds may be, in onnxruntime-common's words. */
  readonly locations: readonly string[];
  /** Are arrays of tensors feeds, too? */
  readonly sequences: boolean;
  /** Outputs by name, without those that were written into the tensors given for them. */
  run(
    feeds: Readonly<Record<string, AnyFeed>>,
    fetches: Fetches,
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, AnyValue>>;
  /** @throws InferError NOT_SUPPORTED where a run can't be waited for */
  runSync(
    feeds: Readonly<Record<string, AnyFeed>>,
    fetches: Fetches,
    settings: RunSettings,
  ): Record<string, AnyValue>;
  /** Writes the profile; its path, or undefined when nothing is recorded. Absent where nothing can be. */
  endProfiling?(): string | undefined;
  /** The token that attach() takes in another thread. Absent where none can. */
  share?(): string;
  /** Texts to vectors, for a pipeline. */
  embed(request: EmbedRequest, abort: Abort): Promise<EmbedData>;
  /** Waits for runs in flight. Called once. */
  dispose(): Promise<void>;
}

let runtime: Runtime | undefined;

/** For the entry points alone. What is expensive about a runtime, it loads with its first session. */
export function provideRuntime(provided: Runtime): void {
  runtime = provided;
}

export function currentRuntime(): Runtime {
  if (!runtime) throw new Error('no entry point has provided the runtime');
  return runtime;
}

/**
 * The providers that this build can be asked for. `bundled` ones need nothing else to be installed.
 *
 * @example
 * listSupportedBackends(); // [{ name: 'cpu', bundled: true }, …]
 */
export function listSupportedBackends(): { name: string; bundled: boolean }[] {
  return currentRuntime().backends();
}
