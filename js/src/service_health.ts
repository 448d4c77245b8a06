import { InferError } from './error.js';
import type { SessionReport } from './report.js';
import type { VerifyReport } from './verify.js';

/** 'replacing': the old version serves until the new one is ready. 'stopped': drained, the model is gone. */
export type ServiceState = 'ready' | 'replacing' | 'draining' | 'stopped';

/** What became of the known inputs. */
export interface KnownInputsCheck {
  /** When it ended, as ISO 8601. */
  readonly at: string;
  readonly ms: number;
  readonly matches: boolean;
  /** What differs, or why no outputs came. */
  readonly message?: string;
}

/** How a service is: plain data, small enough for each probe of a load balancer. */
export interface ServiceHealth {
  /** 'failing': its answers are wrong or do not come; 'degraded': it serves, and somebody should look at it. */
  readonly status: 'ok' | 'degraded' | 'failing';
  /** As ready(): may requests be sent here? */
  readonly ready: boolean;
  readonly state: ServiceState;
  /** Why the status is not 'ok', in words. */
  readonly reasons: readonly string[];
  readonly name: string;
  readonly version: string;
  /** Is the model in memory? A shared cache may have ended it: the next request loads it again. */
  readonly loaded: boolean;
  readonly target: SessionReport['target'];
  /** What runs the model, in the order of preference. */
  readonly providers: readonly string[];
  /** Requests that run, and that wait: in the queue, for a batch, for a model that is loaded again. */
  readonly inFlight: number;
  readonly queued: number;
  /** Since the service was made. */
  readonly replacements: number;
  /** The last one; absent without `knownInputs`. */
  readonly knownInputs?: KnownInputsCheck;
}

export interface HealthOptions {
  /**
   * Loads the model first where it is not in memory, and runs the known inputs, beside the requests and without counting
   * them.
   */
  deep?: boolean;
  /** How long that may take. Default 5,000. */
  timeoutMs?: number;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Errors that say nothing about the model: somebody ended it, or it is busy. */
const UNTOLD = ['TIMEOUT', 'ABORTED', 'QUEUE_FULL', 'DISPOSED'];
/** A load that failed is not tried again sooner: probes may come often. */
const RETRY_MS = 1000;
/** So many requests in a row that the runtime could not run are worth a look. */
const SUSPICIOUS = 3;

const codeOf = (error: unknown) => (error instanceof InferError ? error.code : undefined);

/** What is known of one version: from its load, its known inputs and its requests. */
export class VersionHealth {
  report: SessionReport | undefined;
  check: KnownInputsCheck | undefined;
  #wrong: string | undefined;
  /** Of known inputs that only warn. */
  #differs: string | undefined;
  #unchecked: string | undefined;
  #loadFault: string | undefined;
  #loadFailedAt = -Infinity;
  #failedRuns = 0;
  #lastFault = '';

  /** @param tolerant whether a provider may be left out, as `fallback: 'allow'` says */
  constructor(private readonly tolerant: boolean) {}

  loaded(report: SessionReport): void {
    this.report = report;
    this.#loadFault = undefined;
    this.reached();
  }

  loadFailed(error: unknown): void {
    if (codeOf(error) === 'ABORTED') return;
    this.#loadFault = messageOf(error);
    this.#loadFailedAt = performance.now();
  }

  /** Is it time to try again what could not be loaded? */
  get mayHeal(): boolean {
    return this.#loadFault !== undefined && performance.now() >= this.#loadFailedAt + RETRY_MS;
  }

  checked({ matches, outputs }: VerifyReport, ms: number): void {
    this.#wrong = this.#differs = this.#unchecked = undefined;
    const message = outputs.flatMap((output) => output.message ?? []).join('; ');
    if (!matches) this.#differs = `the known inputs give other outputs than expected: ${message}`;
    this.#note(ms, matches, message);
  }

  checkFailed(error: unknown, ms: number): void {
    if (UNTOLD.includes(codeOf(error) ?? '')) {
      this.unchecked(error);
      return;
    }
    this.#differs = this.#unchecked = undefined;
    this.#wrong = messageOf(error);
    this.#note(ms, false, this.#wrong);
  }

  /** A check that did not come to its end takes back nothing; that the model can't be loaded, its load says itself. */
  unchecked(error: unknown): void {
    if (this.#loadFault !== undefined || codeOf(error) === 'ABORTED') return;
    this.#unchecked = `could not be checked: ${messageOf(error)}`;
  }

  /** The model is there. */
  reached(): void {
    this.#unchecked = undefined;
  }

  ran(): void {
    this.#failedRuns = 0;
  }

  /** What a caller did wrong says nothing about the service. */
  runFailed(error: unknown): void {
    const code = codeOf(error);
    if (code !== undefined && code !== 'RUNTIME_ERROR' && code !== 'LIMIT_EXCEEDED') return;
    this.#failedRuns += 1;
    this.#lastFault = messageOf(error);
  }

  /** Why no requests should come. */
  get failures(): readonly string[] {
    const list = [this.#wrong];
    if (this.#loadFault !== undefined) list.push(`the model can not be loaded: ${this.#loadFault}`);
    return list.filter((each) => each !== undefined);
  }

  /** What somebody should look at. */
  get concerns(): readonly string[] {
    const skipped = this.tolerant ? [] : (this.report?.providers.skipped ?? []);
    const list = skipped.map(({ name, reason }) => `${name} is not used: ${reason}`);
    list.push(...[this.#differs, this.#unchecked].filter((each) => each !== undefined));
    if (this.#failedRuns >= SUSPICIOUS) {
      list.push(`the last ${this.#failedRuns} requests failed: ${this.#lastFault}`);
    }
    return list;
  }

  #note(ms: number, matches: boolean, message: string): void {
    const at = new Date().toISOString();
    this.check = { at, ms, matches, ...(message !== '' && { message }) };
  }
}
