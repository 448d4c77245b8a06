import type { InferenceSession as Ort, Tensor } from 'onnxruntime-common';
import { expectBatchOptions } from './batched_session.js';
import type { BatchOptions } from './batched_session.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { Fault } from './error.js';
import { failureOf, Faults } from './fault.js';
import { checkPipelineOptions } from './feature_extraction.js';
import type { FeatureExtractionOptions, PipelineOptions } from './feature_extraction.js';
import type { ModelCache } from './model_cache.js';
import { expectCacheOptions } from './model_cache_options.js';
import type { ModelCacheOptions } from './model_cache_options.js';
import type { ModelFiles } from './model_files.js';
import type { ModelSource } from './model_source.js';
import {
  abortSignal,
  flag,
  isObject,
  milliseconds,
  object,
  oneOf,
  suggestion,
  text,
} from './option.js';
import type { Check } from './option.js';
import type { RunOptions } from './run_options.js';
import { currentRuntime } from './runtime.js';
import { readSessionOptions, SESSION_OPTION_NAMES } from './session_options.js';
import type { SessionOptions } from './session_options.js';
import { checkKnownInputs, VERIFY_CHECKS } from './verify.js';
import type { KnownInputs, VerifyOptions } from './verify.js';
import type { FeedValues, OutputValues } from './value.js';

/** What every service has, beside the options of its session or pipeline. */
export interface CommonServiceOptions {
  /** Stands in health(), in errors and in the cache. Default 'service'. */
  name?: string;
  /** Of the model, as health() tells it. Default: '1', and one more with each replace(). */
  version?: string;
  /** Of a request that names none of its own, from its call on: waiting counts. Default: no limit. */
  timeoutMs?: number;
  /** Of loading, verifying and warming up one version. Default: no limit. */
  loadTimeoutMs?: number;
  /** How long drain() lets requests go on that are under way. Default 10,000. */
  drainTimeoutMs?: number;
  /**
   * A cache that is shared: its limits hold for all its services, and a model that it ended meanwhile is loaded again by
   * the next request. Options make one of the service's own. Default: the model stays until it is drained.
   */
  cache?: ModelCache | ModelCacheOptions;
}

/** Feeds in, outputs out. All options of a session, too; bytes of a model have to stay as they are. */
export interface TensorServiceOptions
  extends CommonServiceOptions, Omit<SessionOptions, 'verify' | 'timeoutMs'> {
  task?: undefined;
  model: ModelSource;
  /** Checked before a version serves, and by `health({ deep: true })`. */
  knownInputs?: KnownInputs | readonly KnownInputs[];
  /** Runs requests of concurrent callers together, as session.batched() does. Default false. */
  batching?: BatchOptions | boolean;
}

/** Texts whose vectors are known. */
export interface KnownTexts extends VerifyOptions {
  inputs: string | readonly string[];
  expected: Tensor;
  /** Of the call. */
  options?: Pick<FeatureExtractionOptions, 'pooling' | 'normalize'>;
}

/** Texts in, vectors out. All options of a pipeline, too. */
export interface EmbeddingServiceOptions
  extends CommonServiceOptions, Omit<PipelineOptions, 'verify' | 'timeoutMs'> {
  task: 'feature-extraction';
  /** Default: the default model. */
  model?: string | URL | ModelFiles;
  /** Checked before a version serves, and by `health({ deep: true })`. */
  knownInputs?: KnownTexts | readonly KnownTexts[];
}

/** What replace() takes: all that makes a version. What is left out stays as it was, but for `version`. */
export type ReplaceOptions<Options> = Partial<
  Omit<Options, 'task' | 'name' | 'cache' | 'drainTimeoutMs'>
>;

/** As session.run. */
export interface RunTensors {
  <Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    options?: RunOptions,
  ): Promise<Outputs>;
  <Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    fetches: Ort.FetchesType,
    options?: RunOptions,
  ): Promise<Outputs>;
}

/** As a pipeline. */
export type EmbedTexts = (
  texts: string | readonly string[],
  options?: FeatureExtractionOptions,
) => Promise<Tensor>;

/** What a service can do, by its task. */
export interface ServiceKinds {
  tensors: { run: RunTensors; options: TensorServiceOptions };
  'feature-extraction': { run: EmbedTexts; options: EmbeddingServiceOptions };
}

/** Checked options, of whichever kind. */
export type GivenOptions = TensorServiceOptions | EmbeddingServiceOptions;

export const DRAIN_MS: Check = {
  expected: 'a number of milliseconds from 0 to 2147483647',
  test: (value) => typeof value === 'number' && value >= 0 && value <= 2147483647,
};
const ANYTHING: Check = { expected: 'anything', test: () => true };

/** For all kinds; the others are those of a session or a pipeline, which judge them themselves. */
const CHECKS: Readonly<Record<string, Check>> = {
  task: oneOf('feature-extraction'),
  model: ANYTHING,
  name: text,
  version: text,
  timeoutMs: milliseconds,
  loadTimeoutMs: milliseconds,
  drainTimeoutMs: DRAIN_MS,
  cache: object,
  knownInputs: ANYTHING,
  batching: {
    expected: 'true, false or an object',
    test: (value) => flag.test(value) || isObject(value),
  },
};
const OF_SESSIONS = SESSION_OPTION_NAMES.filter((name) => !['verify', 'timeoutMs'].includes(name));
const OF_PIPELINES = ['dtype', 'maxTokensPerBatch'];
const POLICIES: readonly unknown[] = ['allow', 'warn', 'error', undefined];
const FIXED = ['task', 'name', 'cache', 'drainTimeoutMs'];
/** Names that other objects have for the same. */
const RENAMED: Readonly<Record<string, string>> = {
  verify: 'knownInputs',
  providers: 'executionProviders',
};

/** Of a version: what its session or pipeline gets. */
export function loadingOptions(given: GivenOptions): SessionOptions & PipelineOptions {
  const names = given.task === undefined ? OF_SESSIONS : [...OF_SESSIONS, ...OF_PIPELINES];
  const entries = Object.entries(given).filter(
    ([name, value]) => names.includes(name) && value !== undefined,
  );
  const options = Object.fromEntries(entries) as SessionOptions & PipelineOptions;
  // What waits, waits for a batch: a batch itself is never refused.
  if (batchOptions(given)) delete options.maxQueue;
  return options;
}

/** Of session.batched(), with the service's limits; undefined without batching. */
export function batchOptions(given: GivenOptions): BatchOptions | undefined {
  const batching = 'batching' in given ? given.batching : undefined;
  if (batching === undefined || batching === false) return undefined;
  const { maxConcurrency, maxQueue } = given;
  return {
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(maxQueue !== undefined && { maxQueue }),
    ...(isObject(batching) && batching),
  };
}

/**
 * Everything that can be known to be wrong before a model is loaded, at once.
 *
 * @throws InferError INVALID_OPTION
 */
export function checkServiceOptions(options: unknown): GivenOptions {
  const faults = new Faults('INVALID_OPTION');
  if (!isObject(options)) {
    faults.add('options', `expected an object, received ${describe(options)}`);
  } else {
    const task = options['task'];
    const own = task === undefined ? ['batching'] : OF_PIPELINES;
    checkNames(options, own, faults);
    checkValues(options, faults);
    if (task === undefined) checkTensors(options, faults);
    else checkTexts(options, faults);
  }
  if (faults.list.length > 0)
    throw new InferError(failureOf('invalid service options', faults.list));
  return { ...(options as GivenOptions) };
}

/**
 * What replace() is given, without what is undefined.
 *
 * @throws InferError INVALID_OPTION for what a service keeps over all versions; the rest is judged when it is complete
 */
export function replaceableOptions(options: unknown): Partial<GivenOptions> {
  const faults = new Faults('INVALID_OPTION');
  if (!isObject(options)) {
    faults.add('options', `expected an object, received ${describe(options)}`);
  } else {
    for (const name of FIXED.filter((each) => options[each] !== undefined)) {
      faults.add(name, `${name} can not be replaced: it belongs to the service, not to a version`);
    }
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('invalid options of replace', faults.list));
  }
  const given = Object.entries(options as object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function checkNames(
  options: Record<string, unknown>,
  own: readonly string[],
  faults: Faults,
): void {
  const known = [
    ...Object.keys(CHECKS).filter((name) => name !== 'batching'),
    ...own,
    ...OF_SESSIONS,
  ];
  for (const [name, value] of Object.entries(options)) {
    if (known.includes(name)) continue;
    // Said by `task: undefined` as by leaving it out.
    if (value === undefined) continue;
    const meant = RENAMED[name];
    const hint =
      name === 'batching'
        ? ': a pipeline puts the texts of a call together itself'
        : meant
          ? ` (did you mean ${describe(meant)}?)`
          : suggestion(name, known);
    faults.add(name, `unknown option ${describe(name)}${hint}`);
  }
}

function checkValues(options: Record<string, unknown>, faults: Faults): void {
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = options[name];
    if (value === undefined || check.test(value)) continue;
    faults.add(name, `expected ${check.expected} for ${name}, received ${describe(value)}`);
  }
  const { cache } = options;
  if (isObject(cache) && !isCache(cache)) {
    adopt('cache.', faults, () => {
      expectCacheOptions(cache);
    });
  }
  adopt('', faults, () => {
    const entries = Object.entries(options).filter(([name]) => OF_SESSIONS.includes(name));
    const given = Object.fromEntries(entries);
    // What is a warning, or with 'error' more than that, is told when the model is loaded.
    const silent = POLICIES.includes(given['fallback']) ? { fallback: 'allow' as const } : {};
    readSessionOptions({ ...given, ...silent }, currentRuntime().target);
  });
}

function checkTensors(options: Record<string, unknown>, faults: Faults): void {
  const { model, knownInputs, batching } = options;
  if (model === undefined || model === null) {
    const what = "a path, a URL, a File or bytes for model, or task: 'feature-extraction'";
    faults.add('model', `expected ${what}, received ${describe(model)}`);
  }
  if (knownInputs !== undefined) checkKnownInputs(knownInputs, 'knownInputs', faults);
  if (isObject(batching) || batching === true) {
    adopt('batching.', faults, () => {
      expectBatchOptions(batchOptions(options as unknown as TensorServiceOptions));
    });
  }
}

const KNOWN_CHECKS: Readonly<Record<keyof KnownTexts, Check>> = {
  inputs: {
    expected: 'a text or an array of texts',
    test: (value) => [value].flat().every((each) => typeof each === 'string'),
  },
  expected: {
    expected: 'the Tensor of their vectors',
    test: (value) => isObject(value) && Array.isArray(value['dims']) && 'data' in value,
  },
  options: { expected: 'an object', test: (value) => value === undefined || isObject(value) },
  ...VERIFY_CHECKS,
};

function checkTexts(options: Record<string, unknown>, faults: Faults): void {
  const { dtype = 'fp32', maxTokensPerBatch = 512, knownInputs } = options;
  adopt('', faults, () => {
    checkPipelineOptions(dtype, maxTokensPerBatch);
  });
  if (knownInputs !== undefined) checkKnownInputs(knownInputs, 'knownInputs', faults, KNOWN_CHECKS);
}

/** What another check throws, among the faults of the service. */
function adopt(path: string, faults: Faults, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof InferError)) throw error;
    const { code, message } = error;
    const found: readonly Fault[] = error.faults ?? [{ path: '', code, message }];
    for (const fault of found) faults.add(path + fault.path, fault.message);
  }
}

/** By shape: one that came through the other entry is a cache, too. */
export function isCache(value: unknown): value is ModelCache {
  return isObject(value) && typeof value['acquire'] === 'function';
}

/** What may end a request from outside, as far as it is what it should be; wrong ones the run itself tells of. */
export interface RequestEnds {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Looks for them in what follows the input: (options?) or (fetches, options?). */
export function endsOf(rest: readonly unknown[]): RequestEnds {
  for (const each of rest) {
    if (!isObject(each)) continue;
    const { signal, timeoutMs } = each;
    const ends = {
      ...(abortSignal.test(signal) && { signal: signal as AbortSignal }),
      ...(milliseconds.test(timeoutMs) && { timeoutMs: timeoutMs as number }),
    };
    if ('signal' in ends || 'timeoutMs' in ends) return ends;
  }
  return {};
}

/** A request's options with the ends that the service gives it; what is wrong stays, and the run tells of it. */
export function withEnds(options: unknown, { signal, timeoutMs }: RequestEnds): unknown {
  if (options !== undefined && options !== null && !isObject(options)) return options;
  const merged: Record<string, unknown> = { ...options };
  const replace = (name: string, value: unknown, check: Check): void => {
    const own = merged[name];
    if (value !== undefined && (own === undefined || check.test(own))) merged[name] = value;
  };
  replace('signal', signal, abortSignal);
  replace('timeoutMs', timeoutMs, milliseconds);
  return merged;
}
