import type { InferenceSession as Ort } from 'onnxruntime-common';
import { Abort } from './abort.js';
import type { ValueSignature } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { collect } from './fetches.js';
import type { Fetches } from './fetches.js';
import { JointRun } from './joint_run.js';
import type { Padding, Share } from './joint_run.js';
import { expectKnown, expectOptions, finite, recordOf, whole } from './option.js';
import type { Check } from './option.js';
import type { MeteredRun, RunMeter } from './run_meter.js';
import type { RunOptions, RunSettings } from './run_options.js';
import { isReal, ownFeeds } from './tensor.js';
import type { AnyValue, FeedValues, OutputValues } from './value.js';

/** How requests of concurrent callers are put together. */
export interface BatchOptions {
  /** Rows of one run at most. Default 32. */
  maxBatch?: number;
  /** Rows times the longest of them, padding counted. Default: no limit. A request that is larger runs alone. */
  maxTokens?: number;
  /** How long the first of a batch waits for others. Default 2. While a batch runs, the next one gathers anyway. */
  maxWaitMs?: number;
  /** Batches under way at once. Default 1: more of them share the same cores. */
  maxConcurrency?: number;
  /** Requests that wait at most, those too that a batch gathers; the next one fails with QUEUE_FULL. Default: no limit. */
  maxQueue?: number;
  /**
   * What stands where a shorter one ends, by input: `{ input_ids: 1 }`, else 0. Padded are the axes of an `attention_mask` that is
   * fed, and those of the inputs named here. All others, and with false these too, have to be equal to run together.
   */
  padding?: Padding;
}

/** What became of the requests so far. */
export interface BatchStats {
  readonly requests: number;
  readonly batches: number;
  readonly rows: number;
  /** Share of the fed elements, by rows times length, that was padding: 0 to 1. */
  readonly paddingWaste: number;
}

const CHECKS: Readonly<Record<keyof BatchOptions, Check>> = {
  maxBatch: whole(1, 2 ** 31 - 1),
  maxTokens: whole(1, 2 ** 31 - 1),
  maxWaitMs: {
    expected: 'a number of milliseconds from 0 to 2147483647',
    test: (value) => typeof value === 'number' && value >= 0 && value <= 2147483647,
  },
  maxConcurrency: whole(1, 1024),
  maxQueue: whole(1, 2 ** 31 - 1),
  padding: {
    expected: 'false, or numbers by input',
    test: (value) => value === false || recordOf(finite).test(value),
  },
};

/** @throws InferError INVALID_OPTION with all faults; the inputs that `padding` names are known to a session alone */
export function expectBatchOptions(options: unknown): void {
  expectOptions('options of batched', options, CHECKS);
}

/** What a session lends. */
export interface BatchSource {
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly timeoutMs: number | undefined;
  readonly meter: RunMeter;
  /** @throws InferError as run does, for wrong arguments and a session that is disposed */
  prepare(first: unknown, second: unknown): { fetches: Fetches; settings: RunSettings };
  /** @throws InferError INVALID_INPUT */
  check(feeds: unknown): Share['tensors'];
  run(
    tensors: Share['tensors'],
    fetches: Fetches,
    settings: RunSettings,
    abort: Abort,
    onBegin: () => void,
  ): Promise<Record<string, AnyValue>>;
}

type Outputs = Record<string, AnyValue>;

/** What would be no other for each request alone. */
const OF_ALL: readonly string[] = ['ABORTED', 'TIMEOUT', 'DISPOSED', 'QUEUE_FULL'];

/** Tensors that callers brought are filled when the rows are theirs. */
const NOTHING_GIVEN: Fetches['given'] = new Map();

interface Request {
  readonly share: Share;
  readonly fetches: Fetches;
  readonly settings: RunSettings;
  readonly abort: Abort;
  readonly metered: MeteredRun;
  readonly since: number;
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (error: unknown) => void;
  /** Ends the run that it is part of when all others of it have ended, too. */
  leave: () => void;
}

/**
 * A session for concurrent callers: requests that arrive within a short time run as one, padded as little as possible,
 * and each caller gets its own rows. A request that does not fit the model fails alone, before it waits; where a run
 * fails, its requests run one by one, so that the others succeed. Made by `session.batched(options)`.
 *
 * @example
 * const batched = session.batched({ maxBatch: 16, maxWaitMs: 5 });
 * const feeds = { input_ids, attention_mask };
 * await Promise.all([batched.run(feeds), batched.run(feeds)]); // of two callers
 * batched.stats.batches; // 1
 * await batched.dispose();
 */
export class BatchedSession {
  readonly #source: BatchSource;
  readonly #joint: JointRun;
  readonly #limits: Required<Omit<BatchOptions, 'padding'>>;
  /** In the order they came. */
  readonly #waiting = new Set<Request>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #count = { requests: 0, batches: 0, rows: 0, used: 0, fed: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** @internal */
  constructor(source: BatchSource, options: BatchOptions = {}) {
    expectBatchOptions(options);
    const { padding, ...limits } = options;
    this.#source = source;
    this.#limits = {
      maxBatch: limits.maxBatch ?? 32,
      maxTokens: limits.maxTokens ?? Infinity,
      maxWaitMs: limits.maxWaitMs ?? 2,
      maxConcurrency: limits.maxConcurrency ?? 1,
      maxQueue: limits.maxQueue ?? Infinity,
    };
    const names = source.inputs.map(({ name }) => name);
    const faults = new Faults('INVALID_OPTION');
    expectKnown('padding.', Object.keys(padding || {}), names, faults);
    for (const { name, type } of source.inputs) {
      const value = (padding || {})[name];
      if (value === undefined || isReal(type) || Number.isInteger(value)) continue;
      faults.add(
        `padding.${name}`,
        `expected a whole number for padding.${name}, an input of ${type}, received ${value}`,
      );
    }
    if (faults.list.length > 0) {
      throw new InferError(failureOf('invalid options of batched', faults.list));
    }
    this.#joint = new JointRun(source.inputs, source.outputs, padding ?? {});
    if (this.#joint.inputs.length > 0) return;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message:
        'expected an input whose first axis is free and has a name, the model has none: its runs can not be put together',
      hint: 'export the model with a dynamic batch axis',
    });
  }

  /**
   * As session.run. Feeds may be changed at once.
   *
   * @throws InferError as session.run, and QUEUE_FULL with `maxQueue`
   */
  run<Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    options?: RunOptions,
  ): Promise<Outputs>;
  run<Outputs extends OutputValues = Ort.ReturnType>(
    feeds: FeedValues,
    fetches: Ort.FetchesType,
    options?: RunOptions,
  ): Promise<Outputs>;
  run(feeds: unknown, first?: unknown, second?: unknown): Promise<OutputValues> {
    return this.#source.meter.call('batched', async (metered) => {
      this.#expectAlive();
      const { fetches, settings } = this.#source.prepare(first, second);
      const { signal, timeoutMs = this.#source.timeoutMs } = settings;
      return Abort.during('the run', { signal, timeoutMs }, async (abort) => {
        const tensors = ownFeeds(this.#source.check(feeds));
        const { logSeverityLevel, logVerbosityLevel, tag, configEntries } = settings;
        const same = JSON.stringify([logSeverityLevel, logVerbosityLevel, tag, configEntries]);
        const share = this.#joint.share(tensors, fetches.names, same);
        const own = { ...fetches, given: NOTHING_GIVEN };
        const outputs = await this.#wait({ share, fetches: own, settings, abort, metered });
        return metered.gave(collect(fetches, outputs));
      });
    });
  }

  get stats(): BatchStats {
    const { requests, batches, rows, used, fed } = this.#count;
    return { requests, batches, rows, paddingWaste: fed === 0 ? 0 : 1 - used / fed };
  }

  /** Settled when all requests made before are done. Later ones fail with DISPOSED; the session itself stays. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#begin();
    while (this.#inFlight.size > 0 || this.#waiting.size > 0) {
      await Promise.race(this.#inFlight);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #expectAlive(): void {
    if (!this.#disposed) return;
    throw new InferError({
      code: 'DISPOSED',
      message: 'the batched session was disposed: it can run nothing more',
      hint: 'dispose it after the last run, or make another one with session.batched()',
    });
  }

  #wait(call: Pick<Request, 'share' | 'fetches' | 'settings' | 'abort' | 'metered'>) {
    const { abort, metered } = call;
    if (this.#waiting.size >= this.#limits.maxQueue) throw this.#full();
    this.#count.requests += 1;
    metered.wait();
    return new Promise<Outputs>((resolve, reject) => {
      const since = performance.now();
      const leave = () => this.#waiting.delete(request);
      const request: Request = { ...call, since, resolve, reject, leave };
      this.#waiting.add(request);
      abort.onAbort(() => {
        request.leave();
        reject(abort.error());
      });
      this.#begin();
    });
  }

  /** Begins batches that are full or have waited long enough, and sets the clock for the next one. */
  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#inFlight.size < this.#limits.maxConcurrency && this.#waiting.size > 0) {
      const batch = this.#next();
      if (!batch) return;
      for (const request of batch) this.#waiting.delete(request);
      const work = this.#run(batch).finally(() => {
        this.#inFlight.delete(work);
        this.#begin();
      });
      this.#inFlight.add(work);
    }
  }

  #next(): Request[] | undefined {
    const now = performance.now();
    const keys = new Set<string | undefined>();
    /** By key: who came first. */
    const oldest = new Map<string | undefined, number>();
    for (const { share, since } of this.#waiting) {
      if (!oldest.has(share.key)) oldest.set(share.key, since);
    }
    let soonest = Infinity;
    for (const request of this.#inOrder()) {
      const { key } = request.share;
      if (key !== undefined && keys.has(key)) continue;
      keys.add(key);
      const { batch, full } = this.#pick(request);
      const left = this.#limits.maxWaitMs - (now - (oldest.get(key) ?? request.since));
      if (full || left <= 0 || this.#disposed) return batch;
      soonest = Math.min(soonest, left);
    }
    this.#timer = setTimeout(() => {
      this.#begin();
    }, soonest);
    return undefined;
  }

  /** By priority, within one as they came. */
  #inOrder(): Request[] {
    const priority = ({ settings }: Request): number => settings.priority ?? 0;
    return [...this.#waiting].sort((a, b) => priority(b) - priority(a));
  }

  /** The batch of one request, with those that are nearest to it in length. */
  #pick(next: Request): { batch: Request[]; full: boolean } {
    const { key } = next.share;
    if (key === undefined) return { batch: [next], full: true };
    const alike = [...this.#waiting].filter(({ share }) => share.key === key);
    alike.sort((a, b) => a.share.length - b.share.length);
    const start = alike.indexOf(next);
    let [first, last] = [start, start + 1];
    let { rows, length } = next.share;
    for (;;) {
      const shorter = alike[first - 1]?.share;
      const longer = alike[last]?.share;
      const gaps = [
        shorter ? length - shorter.length : Infinity,
        longer ? longer.length - length : Infinity,
      ] as const;
      const order = gaps[0] <= gaps[1] ? [shorter, longer] : [longer, shorter];
      const neighbour = order.find(
        (each) => each && this.#fits(rows + each.rows, Math.max(length, each.length)),
      );
      if (!neighbour)
        return { batch: alike.slice(first, last), full: !this.#fits(rows + 1, length) };
      if (neighbour === shorter) first -= 1;
      else last += 1;
      rows += neighbour.rows;
      length = Math.max(length, neighbour.length);
    }
  }

  #fits(rows: number, length: number): boolean {
    return rows <= this.#limits.maxBatch && rows * length <= this.#limits.maxTokens;
  }

  async #run(batch: readonly Request[]): Promise<void> {
    try {
      const results = await this.#runTogether(batch);
      if (results) {
        batch.forEach(({ resolve }, i) => {
          resolve(results[i] ?? {});
        });
      } else await this.#runEach(batch);
    } catch (error) {
      const isOfAll = error instanceof InferError && OF_ALL.includes(error.code);
      if (!isOfAll && batch.length > 1) await this.#runEach(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  async #runTogether(batch: readonly Request[]): Promise<Outputs[] | undefined> {
    const [first] = batch;
    if (!first) return [];
    const shares = batch.map(({ share }) => share);
    this.#note(shares);
    const controller = new AbortController();
    const open = new Set(batch);
    for (const request of batch) {
      request.leave = () => {
        open.delete(request);
        if (open.size === 0) controller.abort();
      };
    }
    const priority = Math.max(...batch.map(({ settings }) => settings.priority ?? 0));
    const settings = { ...first.settings, priority };
    const outputs = await Abort.during('the batch', { signal: controller.signal }, (abort) =>
      this.#source.run(this.#joint.join(shares), first.fetches, settings, abort, () => {
        for (const { metered, share } of batch) metered.begin(share.tensors);
      }),
    );
    return this.#joint.split(shares, outputs);
  }

  async #runEach(batch: readonly Request[]): Promise<void> {
    for (const { share, fetches, settings, abort, metered, resolve, reject } of batch) {
      const onBegin = (): void => {
        metered.begin(share.tensors);
      };
      try {
        abort.check();
        this.#note([share]);
        resolve(await this.#source.run(share.tensors, fetches, settings, abort, onBegin));
      } catch (error) {
        reject(error);
      }
    }
  }

  #note(shares: readonly Share[]): void {
    const rows = shares.reduce((sum, share) => sum + share.rows, 0);
    const longest = Math.max(...shares.map(({ length }) => length));
    this.#count.batches += 1;
    this.#count.rows += rows;
    const used = shares.reduce((sum, share) => sum + share.rows * share.length, 0);
    this.#count.used += used;
    this.#count.fed += rows * longest;
    this.#source.meter.counts.padded(rows * longest, used);
  }

  #full(): InferError {
    return new InferError({
      code: 'QUEUE_FULL',
      message: `the queue is full: ${this.#waiting.size} requests wait for a batch (maxQueue ${describe(this.#limits.maxQueue)})`,
      hint: 'try again when some have ended, or let another session or machine do it',
    });
  }
}
