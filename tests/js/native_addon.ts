/** The addon itself, below the TypeScript API, and the small models to try it with. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type {
  Cancellation,
  NativeBinding,
  NativeRunOptions,
  NativeSessionOptions,
  SessionHandle,
  TensorData,
  TensorRow,
  ValueData,
} from '../../js/src/binding.js';
import type { Failure, Outcome } from '../../js/src/error.js';

const path = (relative: string): string =>
  fileURLToPath(new URL(`../../${relative}`, import.meta.url));

const platform = `npm/${process.platform}-${process.arch}`;
export const addonPath = path(`${platform}/infercore.node`);
export const libraryPath = path(`${platform}/libonnxruntime.so.1`);
export const model = (name: string): string => path(`build/test-models/${name}.onnx`);

export const addon = createRequire(import.meta.url)(addonPath) as NativeBinding;

export const sessionOptions: NativeSessionOptions = {
  providers: [],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  enableCpuMemArena: true,
  enableMemPattern: true,
  logId: '',
  logSeverityLevel: 3,
  logVerbosityLevel: 0,
  onLog: undefined,
  freeDimensionOverrides: {},
  optimizedModelFilePath: '',
  enableProfiling: false,
  profileFilePrefix: '',
  externalData: [],
  configEntries: {},
  constraints: undefined,
};
export const runOptions: NativeRunOptions = {
  logSeverityLevel: 3,
  logVerbosityLevel: 0,
  tag: '',
  configEntries: {},
};

export function valueOf<T>(outcome: Outcome<T>): T {
  if ('failure' in outcome) {
    throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  }
  return outcome.value;
}

export function failureOf(outcome: Outcome<unknown>): Failure {
  if ('failure' in outcome) return outcome.failure;
  throw new Error('expected a failure');
}

export function load(
  source: string | Uint8Array,
  options: Partial<NativeSessionOptions> = {},
  cancellation = new addon.Cancellation(),
): Promise<Outcome<SessionHandle>> {
  valueOf(addon.loadRuntimeSync([libraryPath]));
  return addon.createSession(source, { ...sessionOptions, ...options }, cancellation);
}

export const session = async (
  name: string,
  options: Partial<NativeSessionOptions> = {},
): Promise<SessionHandle> => valueOf(await load(model(name), options));

type Tensors = Record<string, TensorData>;
export const rows = (tensors: Tensors): TensorRow[] =>
  Object.entries(tensors).map(([name, { type, data, dims }]) => [name, type, data, dims]);

/** By name, of models whose outputs are tensors. */
function named(
  handle: SessionHandle,
  fetches: readonly (string | TensorRow)[],
  outcome: Outcome<readonly (ValueData | null)[]>,
): Outcome<Tensors> {
  if ('failure' in outcome) return outcome;
  const asked = fetches.map((fetch) => (typeof fetch === 'string' ? fetch : fetch[0]));
  const names = asked.length > 0 ? asked : handle.outputs.map(({ name }) => name);
  const entries = outcome.value.map((value, i) => [names[i], value] as const);
  return { value: Object.fromEntries(entries) as Tensors };
}

export const run = async (
  handle: SessionHandle,
  feeds: Tensors,
  fetches: readonly (string | TensorRow)[] = [],
  cancellation: Cancellation = new addon.Cancellation(),
): Promise<Outcome<Tensors>> =>
  named(handle, fetches, await handle.run(rows(feeds), fetches, runOptions, cancellation));

export const runSync = (
  handle: SessionHandle,
  feeds: Tensors,
  fetches: readonly (string | TensorRow)[] = [],
): Outcome<Tensors> => named(handle, fetches, handle.runSync(rows(feeds), fetches, runOptions));

export const tensor = (
  type: TensorData['type'],
  data: TensorData['data'],
  dims: readonly number[],
): TensorData => ({ type, data, dims });

/** Feeds of the model «slow»: about 20 µs for each iteration. */
export const iterations = (count: number): Record<string, TensorData> => ({
  iterations: tensor('int64', BigInt64Array.of(BigInt(count)), []),
});
/** So many that nobody waits for the end. */
export const ENDLESS = 1e9;
