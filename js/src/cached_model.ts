import { describe, quoted } from './describe.js';
import { InferError } from './error.js';
import { isObject } from './option.js';

/** What a cache can hold: a session, a pipeline, a tokenizer, or anything else that gives its memory back by dispose(). */
export interface AnyModel {
  dispose(): unknown;
}

/** What a load gives: the model, or the model and how many bytes it counts as. */
export type LoadedValue<T extends AnyModel> = T | { readonly value: T; readonly bytes: number };

/** Brings one model. `signal` is aborted when nobody waits for it any more. */
export type LoadModel<T extends AnyModel> = (context: {
  readonly signal: AbortSignal;
}) => LoadedValue<T> | Promise<LoadedValue<T>>;

export function isModel(value: unknown): value is AnyModel {
  const held = typeof value === 'function' || isObject(value);
  return held && typeof (value as Partial<AnyModel>).dispose === 'function';
}

/** Tells the forms of what a load gave apart. Its bytes are those of the session's report where the load does not say. */
export function valueOf(loaded: unknown): { value: unknown; bytes: unknown } {
  if (!isModel(loaded) && isObject(loaded) && 'value' in loaded) {
    return { value: loaded['value'], bytes: loaded['bytes'] };
  }
  const report = isModel(loaded) ? (loaded as { report?: unknown }).report : undefined;
  return { value: loaded, bytes: isObject(report) ? report['modelBytes'] : undefined };
}

function invalid(message: string, hint: string): InferError {
  return new InferError({ code: 'INVALID_INPUT', message, hint });
}

/**
 * One model of a cache: being loaded, loaded, or ended. It counts who uses it, which begins with the waiting for it, and
 * ends once nobody does.
 */
export class CachedModel {
  readonly controller = new AbortController();
  /** Settled when it is loaded, or will never be. */
  readonly ready: Promise<unknown>;
  /** Settled when its memory is given back, or will never be taken. */
  readonly gone: Promise<void>;
  state: 'loading' | 'loaded' | 'ended' = 'loading';
  /** Leases, and callers that wait for one. */
  uses = 0;
  bytes = 0;
  idleSince = 0;
  /** Not to be had any more: it ends with its last use. */
  retired = false;
  value: AnyModel | undefined;
  tellReady!: (value: unknown) => void;
  tellFailed!: (error: unknown) => void;
  tellGone!: () => void;

  constructor(readonly key: string) {
    this.ready = new Promise((resolve, reject) => {
      this.tellReady = resolve;
      this.tellFailed = reject;
    });
    this.gone = new Promise((resolve) => (this.tellGone = resolve));
    // Who waits is told; perhaps nobody does any more.
    this.ready.catch(() => undefined);
  }

  /**
   * Takes what a load gave.
   *
   * @throws InferError INVALID_INPUT
   */
  take(loaded: unknown, held: Iterable<CachedModel>, limited: boolean): void {
    const name = quoted(this.key);
    const { value, bytes } = valueOf(loaded);
    if (!isModel(value)) {
      throw invalid(
        `expected a model from load for ${name}, something with dispose(), received ${describe(value)}`,
        'return a session or a pipeline, or { value, bytes }',
      );
    }
    for (const other of held) {
      if (other.value !== value) continue;
      throw invalid(
        `expected a model of its own from load for ${name}, received the one of ${quoted(other.key)}`,
        'the cache disposes each model once nobody uses it: load another one, or share the key',
      );
    }
    const known = typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0;
    if (!known && (bytes !== undefined || limited)) {
      throw invalid(
        `expected a whole number >= 0 for the bytes of ${name}, received ${describe(bytes)}`,
        'maxBytes counts what session.report.modelBytes says; return { value, bytes } from load where there is none',
      );
    }
    this.value = value;
    this.bytes = known ? bytes : 0;
    this.state = 'loaded';
  }
}
