import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { abortSignal, callback, expectOptions, milliseconds, whole } from './option.js';
import type { Check } from './option.js';
import type { Warning } from './warning.js';

export interface ModelCacheOptions {
  /** Models at once, those being loaded counted. Default: no limit. */
  maxModels?: number;
  /** Bytes of all models together. Default: no limit. */
  maxBytes?: number;
  /** How long a model stays that nobody uses, from the end of its last lease on. Default: for ever. */
  ttlMs?: number;
  /** Default: Node's warnings, the page's console. */
  onWarning?: (warning: Warning) => void;
}

/** What ends the waiting of one caller. */
export interface AcquireOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

export interface ModelCacheMetrics {
  /** Calls of acquire whose model was there. */
  readonly hits: number;
  /** Calls of acquire that had to wait for a load, their own or that of another caller. */
  readonly misses: number;
  /** Loads that gave a model. */
  readonly loads: number;
  /** Loads that ended in an error; those are not among them that were aborted because nobody waited any more. */
  readonly failures: number;
  /** Models that the limits or ttlMs ended. */
  readonly evictions: number;
  /** Milliseconds of the loads that gave a model. */
  readonly loadMs: { readonly mean: number; readonly max: number };
  /** Models that are loaded now, also those that were deleted or replaced and are still leased. */
  readonly models: number;
  readonly bytes: number;
  /** How many of `models` are in use. */
  readonly leased: number;
}

const LIMITS: Readonly<Record<keyof ModelCacheOptions, Check>> = {
  maxModels: whole(1, 2 ** 31 - 1),
  maxBytes: whole(1, Number.MAX_SAFE_INTEGER),
  ttlMs: milliseconds,
  onWarning: callback,
};

const WAITING: Readonly<Record<keyof AcquireOptions, Check>> = {
  signal: abortSignal,
  timeoutMs: milliseconds,
};

/** @throws InferError INVALID_OPTION with all faults */
export function expectCacheOptions(options: unknown): void {
  expectOptions('options of ModelCache', options, LIMITS);
}

/** @throws InferError INVALID_INPUT */
export function expectKey(key: unknown): void {
  if (typeof key === 'string') return;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected a string for key, received ${describe(key)}`,
  });
}

/** @throws InferError INVALID_INPUT, INVALID_OPTION, each with all faults */
export function expectArguments(what: string, key: unknown, load: unknown, options: unknown): void {
  const faults = new Faults('INVALID_INPUT');
  if (typeof key !== 'string') {
    faults.add('key', `expected a string for key, received ${describe(key)}`);
  }
  if (typeof load !== 'function') {
    faults.add('load', `expected a function for load, received ${describe(load)}`);
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf(`invalid arguments of ${what}`, faults.list));
  }
  expectOptions(`options of ${what}`, options, WAITING);
}
