import { InferError } from '../error.js';
import {
  abortSignal,
  callback,
  expectOptions,
  isObject,
  object,
  whole,
  type Check,
} from '../option.js';
import { systemClock, type Clock } from './clock.js';
import type { OpenSubject, Subject } from './subject.js';

/** How long is measured, and by which clock. */
export interface MeasureOptions {
  /** Runs before those that count, at least. Default 10. */
  warmups?: number;
  /** Milliseconds of such runs, at least. Default 500. */
  warmupMs?: number;
  /** Samples, at least. Default 100. */
  runs?: number;
  /** Milliseconds of samples, at least. Default 3000. */
  minMs?: number;
  /** No more samples than these, however short they are. Default 10,000. */
  maxRuns?: number;
  /** Milliseconds for all of it; what was measured by then is kept and marked. Default: any number. */
  budgetMs?: number;
  /** Ends the measuring: what was measured is kept and marked. */
  signal?: AbortSignal;
  onProgress?: (progress: MeasureProgress) => void;
  /** Default: `performance.now()`. */
  clock?: Clock;
}

export interface MeasureProgress {
  readonly phase: 'open' | 'warmup' | 'runs';
  /** Of the subject that has the fewest. */
  readonly samples: number;
  /** Estimated from the runs so far; absent before the first one has ended. */
  readonly remainingMs?: number;
}

/** Why a measurement ended before it was whole. */
export type Stopped = 'aborted' | 'budget';

/** What became of one subject. */
export interface Measured {
  /** 'partial': fewer samples than asked for; 'skipped': none. */
  readonly status: 'complete' | 'partial' | 'skipped' | 'failed';
  readonly stopped?: Stopped;
  /** Why it failed. What was measured before is kept. */
  readonly error?: unknown;
  /** Milliseconds by phase: open, firstRun, warmup, runs, dispose; and those that the subject told of its opening. */
  readonly phases: Readonly<Record<string, number>>;
  /** Milliseconds of each run, in the order in which they ran. */
  readonly samples: readonly number[];
  /** The same of the parts of runs. */
  readonly parts: Readonly<Record<string, readonly number[]>>;
  /** Sums over the samples. */
  readonly items: number;
  readonly tokens: number;
  readonly paddedTokens: number;
}

export type MeasureSettings = Required<
  Pick<MeasureOptions, 'warmups' | 'warmupMs' | 'runs' | 'minMs' | 'maxRuns' | 'budgetMs' | 'clock'>
> &
  Pick<MeasureOptions, 'signal' | 'onProgress'>;

const duration: Check = {
  expected: 'a number of milliseconds ≥ 0',
  test: (value) => typeof value === 'number' && value >= 0,
};

export const MEASURE_CHECKS: Readonly<Record<keyof MeasureOptions, Check>> = {
  warmups: whole(0, 1e6),
  warmupMs: duration,
  runs: whole(1, 1e6),
  minMs: duration,
  maxRuns: whole(1, 1e6),
  budgetMs: duration,
  signal: abortSignal,
  onProgress: callback,
  clock: object,
};

export function measureSettings(options: MeasureOptions): MeasureSettings {
  const { runs = 100 } = options;
  return {
    warmups: options.warmups ?? 10,
    warmupMs: options.warmupMs ?? 500,
    runs,
    minMs: options.minMs ?? 3000,
    maxRuns: Math.max(runs, options.maxRuns ?? 10_000),
    budgetMs: options.budgetMs ?? Infinity,
    clock: options.clock ?? systemClock,
    ...(options.signal && { signal: options.signal }),
    ...(options.onProgress && { onProgress: options.onProgress }),
  };
}

/** Timers and signals get a turn this often: in a page, runs may settle without one. */
const BREATH_MS = 50;

/** One subject among those that are measured together. */
class Lane<Opened extends OpenSubject> {
  readonly phases: Record<string, number> = {};
  readonly samples: number[] = [];
  readonly parts: Record<string, number[]> = {};
  items = 0;
  tokens = 0;
  paddedTokens = 0;
  opened: Opened | undefined;
  error: unknown;
  failed = false;
  warm = 0;
  total = 0;

  constructor(
    private readonly subject: Subject<Opened>,
    private readonly settings: MeasureSettings,
  ) {}

  /** What fails ends this lane alone. Being told to stop is no failure. */
  async attempt(work: () => Promise<void>): Promise<void> {
    if (this.failed) return;
    try {
      await work();
    } catch (error) {
      if (this.settings.signal?.aborted) return;
      this.error = error;
      this.failed = true;
    }
  }

  async open(): Promise<void> {
    const opened = await this.#timed('open', () => this.subject.open(this.settings.signal));
    this.opened = opened;
    Object.assign(this.phases, opened.phases);
    await this.#timed('firstRun', () => opened.run());
  }

  async warmUp(): Promise<void> {
    await this.#timed('warmup', () => this.#run());
    this.warm += 1;
  }

  async sample(): Promise<void> {
    const { clock } = this.settings;
    const start = clock.now();
    const facts = await this.#run();
    const taken = clock.now() - start;
    this.samples.push(taken);
    this.total += taken;
    for (const [part, ms] of Object.entries(facts?.parts ?? {})) (this.parts[part] ??= []).push(ms);
    this.items += facts?.items ?? 1;
    this.tokens += facts?.tokens ?? 0;
    this.paddedTokens += facts?.paddedTokens ?? facts?.tokens ?? 0;
  }

  /** Also what failed: it holds a model or a process. */
  async close(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    try {
      await this.#timed('dispose', () => opened.close());
    } catch (error) {
      if (this.failed) return; // the first reason is the one that tells
      this.error = error;
      this.failed = true;
    }
  }

  get isWarm(): boolean {
    const { warmups, warmupMs } = this.settings;
    return this.warm >= warmups && (this.phases['warmup'] ?? 0) >= warmupMs;
  }

  get isDone(): boolean {
    const { runs, minMs, maxRuns } = this.settings;
    const { length } = this.samples;
    return length >= maxRuns || (length >= runs && this.total >= minMs);
  }

  /** Of its samples; a guess from the warm-up before there are any. */
  get remainingMs(): number | undefined {
    const { runs, minMs, warmups, warmupMs, maxRuns } = this.settings;
    const { length } = this.samples;
    const warmed = this.phases['warmup'] ?? 0;
    const each = length > 0 ? this.total / length : this.warm > 0 ? warmed / this.warm : undefined;
    if (each === undefined) return undefined;
    const warming = length > 0 ? 0 : Math.max((warmups - this.warm) * each, warmupMs - warmed, 0);
    const left = Math.max((runs - length) * each, minMs - this.total);
    return warming + Math.max(0, Math.min(left, (maxRuns - length) * each));
  }

  measured(stopped: Stopped | undefined): Measured {
    const { samples, parts, items, tokens, paddedTokens, error, failed, isDone } = this;
    const short = samples.length > 0 ? 'partial' : 'skipped';
    const status = failed ? 'failed' : isDone ? 'complete' : short;
    const phases = samples.length > 0 ? { ...this.phases, runs: this.total } : this.phases;
    return {
      status,
      ...(stopped && !failed && !isDone && { stopped }),
      ...(failed && { error }),
      ...{ phases, samples, parts, items, tokens, paddedTokens },
    };
  }

  #run() {
    if (!this.opened) throw new Error('a subject runs once it is open');
    // Without a signal: a run that can be ended is another, slower one. It is looked at between runs.
    return this.opened.run();
  }

  async #timed<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const { clock } = this.settings;
    const start = clock.now();
    try {
      return await work();
    } finally {
      this.phases[phase] = (this.phases[phase] ?? 0) + clock.now() - start;
    }
  }
}

/** Looks at a subject when all its samples are there, before it is closed. */
export type Inspect<Opened> = (
  opened: Opened,
  index: number,
  leftMs: () => number,
) => Promise<void>;

/** As measure(), of options that were checked. */
export async function measureLanes<Opened extends OpenSubject>(
  subjects: readonly Subject<Opened>[],
  settings: MeasureSettings,
  inspect?: Inspect<Opened>,
): Promise<Measured[]> {
  const { clock, budgetMs, signal, onProgress } = settings;
  const start = clock.now();
  const lanes = subjects.map((subject) => new Lane(subject, settings));
  let stopped: Stopped | undefined;
  let breath = performance.now();
  const goesOn = (): boolean => {
    if (signal?.aborted) stopped = 'aborted';
    else if (clock.now() - start >= budgetMs) stopped = 'budget';
    return stopped === undefined;
  };
  const tell = (phase: MeasureProgress['phase']): void => {
    const live = lanes.filter(({ failed }) => !failed);
    const times = live.map(({ remainingMs }) => remainingMs);
    const known = times.every((ms) => ms !== undefined) && times.length > 0;
    const left = times.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
    const budget = Math.max(0, budgetMs - (clock.now() - start));
    const samples = Math.min(...live.map((lane) => lane.samples.length), Infinity);
    onProgress?.({
      phase,
      samples: samples === Infinity ? 0 : samples,
      ...(known && { remainingMs: Math.min(left, budget) }),
    });
  };
  /** Each in turn, the next time in the opposite order: what drifts, drifts for all of them. */
  const rounds = async (
    phase: MeasureProgress['phase'],
    done: (lane: Lane<Opened>) => boolean,
    step: (lane: Lane<Opened>) => Promise<void>,
  ): Promise<void> => {
    for (let round = 0; ; round += 1) {
      const open = lanes.filter((lane) => !lane.failed && !done(lane));
      if (open.length === 0) return;
      if (round % 2 === 1) open.reverse();
      for (const lane of open) {
        if (!goesOn()) return;
        await lane.attempt(() => step(lane));
      }
      if (performance.now() - breath < BREATH_MS) continue;
      tell(phase);
      await new Promise((resolve) => setTimeout(resolve));
      breath = performance.now();
    }
  };
  try {
    tell('open');
    for (const lane of lanes) {
      if (goesOn()) await lane.attempt(() => lane.open());
    }
    await rounds(
      'warmup',
      (lane) => lane.isWarm,
      (lane) => lane.warmUp(),
    );
    await rounds(
      'runs',
      (lane) => lane.isDone,
      (lane) => lane.sample(),
    );
    for (const [index, lane] of lanes.entries()) {
      const { opened } = lane;
      if (opened && lane.samples.length > 0)
        await lane.attempt(async () =>
          inspect?.(opened, index, () => budgetMs - (clock.now() - start)),
        );
    }
  } finally {
    for (const lane of lanes) await lane.close();
  }
  return lanes.map((lane) => lane.measured(stopped));
}

/**
 * Times anything by the rules of benchmark(): opened, run once, warmed up by count and by time, then sampled until there
 * are enough runs and enough time. Several subjects take turns, so that what changes meanwhile changes for all of them.
 *
 * @returns one Measured a subject, in their order; one that fails is marked, the others go on
 * @throws InferError INVALID_OPTION with all faults
 * @example
 * const sum = { run: async () => undefined, close: async () => undefined };
 * const [measured] = await measure([{ open: async () => sum }], { runs: 5, minMs: 0, warmupMs: 0 });
 * measured.samples.length; // 5
 */
export async function measure(
  subjects: readonly Subject[],
  options: MeasureOptions = {},
): Promise<Measured[]> {
  expectOptions('options of measure', options, MEASURE_CHECKS);
  const list: unknown = subjects;
  if (
    !Array.isArray(list) ||
    !list.every((each) => isObject(each) && callback.test(each['open']))
  ) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: 'expected a list of subjects, each with a function open',
    });
  }
  return measureLanes(subjects, measureSettings(options));
}
