import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { ConstraintData, NativeSessionOptions } from './binding.js';
import { warnEntries } from './config_entries.js';
import { describe } from './describe.js';
import { checkExternalData } from './external_data.js';
import type { Faults } from './fault.js';
import type { LogMessage } from './log.js';
import {
  abortSignal,
  callback,
  checkOptions,
  flag,
  flatten,
  isObject,
  milliseconds,
  oneOf,
  recordOf,
  suggestion,
  text,
  whole,
} from './option.js';
import type { Check } from './option.js';
import { knownProviders, readProviders } from './providers.js';
import type { ProviderConfig, ProviderRequest } from './providers.js';
import { WarningList } from './report.js';
import type { Fallback } from './report.js';
import { LIMIT_CHECKS } from './run_queue.js';
import type { Target } from './runtime.js';
import { checkSharedWeights, sharedWeights } from './shared_weights.js';
import type { SharedWeights } from './shared_weights.js';
import type { SlowRun } from './slow_run.js';
import type { ProgressEvent } from './source.js';
import { checkKnownInputs } from './verify.js';
import type { KnownInputs } from './verify.js';
import type { Warning } from './warning.js';
import type { WarmupShapes } from './warmup.js';
import { currentWorkers } from './workers.js';

/**
 * Demands beyond what the model declares: by input, then by axis (its index or name) or `values`. `finite` is for
 * values alone; a type that says so rejects every literal, since `values` must fit the index signature.
 */
export interface Constraints {
  [input: string]: {
    [axis: string | number]: { min?: number; max?: number; multipleOf?: number; finite?: boolean };
  };
}

/** onnxruntime-common's options and ours. Each is checked; an unknown name is a warning with «did you mean». */
export interface SessionOptions extends Omit<
  Ort.SessionOptions,
  'executionProviders' | 'graphOptimizationLevel'
> {
  /** In the order of preference. Each by its name, or as an object of its name and its options. */
  executionProviders?: readonly (Ort.ExecutionProviderConfig | ProviderConfig)[];
  /** Node: records what loading and runs take, until `endProfiling` or `dispose` writes it. */
  enableProfiling?: boolean;
  /** What the profile's path begins with; _, a date and .json follow. Default: onnxruntime_profile */
  profileFilePrefix?: string;
  /** By name, or by ONNX Runtime's number: 0 'disabled', 1 'basic', 2 'extended', 3 'layout', 99 'all' (the default). */
  graphOptimizationLevel?: Ort.SessionOptions['graphOptimizationLevel'] | 0 | 1 | 2 | 3 | 99;
  /** What happens when a provider or an option can't be had: default 'warn'. */
  fallback?: Fallback;
  /** Limit of the loading, and of each run that names none of its own. */
  timeoutMs?: number;
  /** Ends the loading. Runs have a signal of their own. */
  signal?: AbortSignal;
  constraints?: Constraints;
  /** Default: `process.emitWarning` in Node, `console.warn` in a page, each message once. */
  onWarning?: (warning: Warning) => void;
  /**
   * Gets what ONNX Runtime logs about this session, in Node: from `logSeverityLevel` on, which is then 2 (warnings) if it
   * is not given, and 4 (fatal) otherwise. It comes soon after, in order. What it throws is a warning.
   */
  onLog?: (message: LogMessage) => void;
  /** Phases: 'fetch' (bytes, while a model is downloaded), 'create' (bytes, before and after). */
  onProgress?: (event: ProgressEvent) => void;
  /**
   * So many runs are under way at most, the others wait in the session's queue, by `priority`. A call of a pipeline counts
   * as one run. Without it and without maxQueue nothing waits here.
   */
  maxConcurrency?: number;
  /**
   * So many runs wait at most, the next one fails with QUEUE_FULL; 0: none waits. Default: any number. With it alone,
   * maxConcurrency is what really runs at once: natively one run a core, 1 in WebAssembly.
   */
  maxQueue?: number;
  /**
   * Known inputs that are run when the model is loaded: where it gives other outputs than expected, create() fails with
   * VERIFY_FAILED and nothing serves.
   */
  verify?: KnownInputs | readonly KnownInputs[];
  /** Runs of these shapes belong to the loading, so that the first request is as quick as others. See warmup(). */
  warmup?: readonly WarmupShapes[];
  /**
   * A run that takes so long, from its call on, is told to `onSlowRun`; without one it is a warning (`SLOW_RUN`), the
   * first one told and the latest kept in the report.
   */
  slowRunMs?: number;
  /** Called when such a run has ended. What it throws is a warning. */
  onSlowRun?: (run: SlowRun) => void;
  /**
   * In a page: loads and runs in a Web Worker of its own, so that the page never waits and a run can be ended. Elsewhere
   * a warning says why it has no effect.
   */
  worker?: boolean;
  /** Node: memory where this session's weights lie with those of others. */
  sharedWeights?: SharedWeights;
}

/** The options after the checks, with the defaults filled in. */
export interface SessionSettings {
  readonly providers: readonly ProviderRequest[];
  /** Absent: the runtime's choice. */
  readonly intraOpNumThreads: number | undefined;
  readonly interOpNumThreads: number | undefined;
  readonly graphLevel: GraphLevel;
  readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4;
  readonly configEntries: Readonly<Record<string, string>>;
  readonly constraints: ConstraintData | undefined;
  /** What the user gave, checked; for what has no default of ours. */
  readonly given: SessionOptions;
}

export type GraphLevel = NativeSessionOptions['graphOptimizationLevel'];

/** ONNX Runtime's numbers. A level holds those before it. */
const GRAPH_LEVELS: ReadonlyMap<unknown, GraphLevel> = new Map([
  [0, 'disabled'],
  [1, 'basic'],
  [2, 'extended'],
  [3, 'layout'],
  [99, 'all'],
]);

/** What a runtime's log says comes as errors and warnings, too: by default it prints nothing of its own. */
export const DEFAULT_LOG_LEVEL = 4;
/** Warnings: what somebody who listens wants to hear. */
const HEARD_LOG_LEVEL = 2;

const severity = whole(0, 4);
const place = oneOf('cpu', 'cpu-pinned', 'gpu-buffer', 'ml-tensor');
const anything: Check = { expected: 'anything', test: () => true };

const CHECKS: Readonly<Record<keyof SessionOptions, Check>> = {
  // Read by functions of their own, which name the element that is wrong.
  executionProviders: anything,
  extra: anything,
  constraints: anything,
  intraOpNumThreads: whole(0, 1024),
  interOpNumThreads: whole(0, 1024),
  freeDimensionOverrides: recordOf(whole(0, 2 ** 31 - 1)),
  graphOptimizationLevel: oneOf(...GRAPH_LEVELS.values(), ...GRAPH_LEVELS.keys()),
  enableCpuMemArena: flag,
  enableMemPattern: flag,
  executionMode: oneOf('sequential', 'parallel'),
  optimizedModelFilePath: text,
  enableProfiling: flag,
  profileFilePrefix: text,
  logId: text,
  logSeverityLevel: severity,
  logVerbosityLevel: whole(0, 2 ** 31 - 1),
  preferredOutputLocation: {
    expected: `${place.expected}, or an object of them by output,`,
    test: (value) => place.test(value) || recordOf(place).test(value),
  },
  enableGraphCapture: flag,
  externalData: anything,
  fallback: oneOf('allow', 'warn', 'error'),
  timeoutMs: milliseconds,
  signal: abortSignal,
  onWarning: callback,
  onProgress: callback,
  onLog: callback,
  ...LIMIT_CHECKS,
  // Read by checkKnownInputs, and by warmupFeeds when the model is known.
  verify: anything,
  warmup: anything,
  slowRunMs: milliseconds,
  onSlowRun: callback,
  worker: flag,
  sharedWeights,
};

export const SESSION_OPTION_NAMES: readonly string[] = Object.keys(CHECKS);

export const LOG_GOES_ELSEWHERE =
  'onnxruntime-web writes its log to the console, from logSeverityLevel on';

/** What only one of the targets can do, and what to do on the other. */
const UNUSED_ON: Readonly<Record<Target, Readonly<Partial<Record<keyof SessionOptions, string>>>>> =
  {
    native: {
      enableGraphCapture: 'it belongs to WebGPU',
    },
    wasm: {
      interOpNumThreads: 'onnxruntime-web runs operators one after the other',
      optimizedModelFilePath: 'a page has no file to write',
      enableProfiling: 'a page has no file to write',
      profileFilePrefix: 'a page has no file to write',
      onLog: LOG_GOES_ELSEWHERE,
    },
  };

const UNUSED_IN_WORKER: Readonly<Partial<Record<keyof SessionOptions, string>>> = {
  preferredOutputLocation:
    'what is on a device can not leave the worker, so outputs come to the CPU',
};

const NO_WORKER: Readonly<Record<Target, string>> = {
  native: 'models load and run on threads of their own, the event loop is never blocked',
  wasm: 'there are no Web Workers here',
};

function checkRange(path: string, range: unknown, allowed: readonly string[], faults: Faults) {
  if (!isObject(range)) {
    faults.add(path, `expected an object of limits for ${path}, received ${describe(range)}`);
    return;
  }
  for (const [name, value] of Object.entries(range)) {
    const expected = name === 'finite' ? 'boolean' : 'number';
    if (!allowed.includes(name)) {
      faults.add(
        `${path}.${name}`,
        `expected ${allowed.join(', ')} in ${path}, received ${describe(name)}`,
      );
    } else if (value !== undefined && typeof value !== expected) {
      faults.add(
        `${path}.${name}`,
        `expected a ${expected} for ${path}.${name}, received ${describe(value)}`,
      );
    }
  }
}

/** Types alone: whether the names exist and the limits make sense, the core judges. */
function checkConstraints(constraints: unknown, faults: Faults): void {
  if (constraints === undefined) return;
  if (!isObject(constraints)) {
    faults.add(
      'constraints',
      `expected an object for constraints, received ${describe(constraints)}`,
    );
    return;
  }
  for (const [input, axes] of Object.entries(constraints)) {
    const path = `constraints.${input}`;
    if (!isObject(axes)) {
      faults.add(path, `expected an object of axes for ${path}, received ${describe(axes)}`);
      continue;
    }
    for (const [axis, range] of Object.entries(axes)) {
      const allowed =
        axis === 'values' ? ['min', 'max', 'multipleOf', 'finite'] : ['min', 'max', 'multipleOf'];
      checkRange(`${path}.${axis}`, range, allowed, faults);
    }
  }
}

export function warnUnused(name: string, why: string, warnings: WarningList): void {
  warnings.add(
    { code: 'OPTION_NOT_SUPPORTED', message: `option ${name} has no effect: ${why}` },
    'NOT_SUPPORTED',
  );
}

function warnOptions(given: SessionOptions, target: Target, warnings: WarningList): void {
  if (given.onSlowRun && given.slowRunMs === undefined) {
    warnUnused('onSlowRun', 'slowRunMs says what is slow, and is not given', warnings);
  }
  const inWorker = given.worker && currentWorkers() !== undefined;
  const unused = inWorker ? { ...UNUSED_ON[target], ...UNUSED_IN_WORKER } : UNUSED_ON[target];
  for (const [name, why] of Object.entries(unused)) {
    const value = given[name as keyof SessionOptions];
    // That outputs come to the CPU can be asked for everywhere, and so can nothing.
    if (value !== undefined && value !== 'cpu' && value !== false) warnUnused(name, why, warnings);
  }
  if (given.worker && !inWorker) warnUnused('worker', NO_WORKER[target], warnings);
}

/**
 * Checks what the user gave and warns about what will not be as asked.
 *
 * @throws InferError INVALID_OPTION with all faults; what is only a warning throws when `fallback` is 'error'
 */
export function readSessionOptions(
  given: SessionOptions,
  target: Target,
): { settings: SessionSettings; warnings: WarningList } {
  let configEntries: Record<string, string> = {};
  let requests: ProviderRequest[] = [];
  const strangers = checkOptions('session options', given, CHECKS, (options, faults) => {
    requests = readProviders(options['executionProviders'], faults);
    configEntries = flatten(options['extra'], faults);
    checkConstraints(options['constraints'], faults);
    if (options['verify'] !== undefined) checkKnownInputs(options['verify'], 'verify', faults);
    checkExternalData(options['externalData'], faults);
    checkSharedWeights(options['sharedWeights'], configEntries, faults);
  });
  const warnings = new WarningList(given.fallback ?? 'warn', given.onWarning);
  for (const name of strangers) {
    warnings.add(
      {
        code: 'OPTION_UNKNOWN',
        message: `unknown session option ${describe(name)}${suggestion(name, Object.keys(CHECKS))}: it has no effect`,
      },
      'INVALID_OPTION',
    );
  }
  warnOptions(given, target, warnings);
  warnEntries('session', configEntries, warnings);
  const level = given.graphOptimizationLevel ?? 'all';
  const settings = {
    providers: knownProviders(requests, warnings),
    // 0 is onnxruntime's way to say "your choice".
    intraOpNumThreads: given.intraOpNumThreads === 0 ? undefined : given.intraOpNumThreads,
    interOpNumThreads: given.interOpNumThreads === 0 ? undefined : given.interOpNumThreads,
    graphLevel: typeof level === 'string' ? level : (GRAPH_LEVELS.get(level) ?? 'all'),
    logSeverityLevel: given.logSeverityLevel ?? (given.onLog ? HEARD_LOG_LEVEL : DEFAULT_LOG_LEVEL),
    configEntries,
    constraints: given.constraints as ConstraintData | undefined,
    given,
  };
  return { settings, warnings };
}
