import type { EmbedData, ValueSignature } from './binding.js';
import { InferError } from './error.js';
import type { ErrorCode } from './error.js';
import { Metrics } from './metrics.js';
import type { RunSize, SessionMetrics } from './metrics.js';
import type { WarningList } from './report.js';
import { currentRuntime } from './runtime.js';
import type { RuntimeSession } from './runtime.js';
import { heardChannel } from './run_trace.js';
import type { RunTrace } from './run_trace.js';
import type { SessionOptions } from './session_options.js';
import { tellSlowRun } from './slow_run.js';
import type { SlowRun } from './slow_run.js';
import { isSequence } from './tensor.js';
import type { AnyFeed } from './tensor.js';
import type { OutputValue, OutputValues } from './value.js';

type Operation = SlowRun['operation'];
type Feeds = Readonly<Record<string, AnyFeed>>;

/** The input whose first axis is the rows. */
function rowsInput(inputs: readonly ValueSignature[]): string | undefined {
  const ids = inputs.find(({ name }) => name === 'input_ids');
  const free = inputs.find(({ dims }) => dims.length > 0 && !((dims[0] as number) >= 0));
  return (ids ?? free ?? inputs[0])?.name;
}

/** Of a tensor; of a sequence, how many it holds. */
function shapeOf(feed: AnyFeed): readonly number[] {
  return isSequence(feed) ? [feed.elements.length] : feed.dims;
}

type Value = AnyFeed | OutputValue;

/** Of typed arrays in JavaScript's memory: whatever else a value may hold counts as 0. */
function bytesOf(value: Value): number {
  const list = Array.isArray(value) ? value : 'elements' in value ? value.elements : undefined;
  if (list) return (list as readonly Value[]).reduce((sum, each) => sum + bytesOf(each), 0);
  const { location = 'cpu' } = value as { location?: string };
  // The data of a tensor that is elsewhere must not even be asked for.
  if (location !== 'cpu') return 0;
  const { data } = value as { data?: ArrayBufferView };
  return data?.byteLength ?? 0;
}

function sumOfBytes(values: Readonly<Record<string, Value>>): number {
  let bytes = 0;
  for (const name in values) {
    const value = values[name];
    if (value) bytes += bytesOf(value);
  }
  return bytes;
}

/** One call that is counted, from its beginning to its end. */
export class MeteredRun {
  readonly size: RunSize = { items: 0, tokens: 0, bytesIn: 0, bytesOut: 0 };
  trace: RunTrace | undefined;
  /** Of a pipeline none: its texts become feeds where JavaScript does not see them. */
  feeds: Feeds | undefined;
  readonly since = performance.now();
  begun: number | undefined;
  state: 'new' | 'queued' | 'running' | 'ended' = 'new';

  constructor(
    private readonly meter: RunMeter,
    readonly operation: Operation,
  ) {}

  /** It has to wait for its turn. Otherwise it has waited for 0 ms, and the clock need not be asked. */
  wait(): void {
    this.state = 'queued';
    this.meter.counts.queued += 1;
  }

  /**
   * Its turn has come. It adds nothing a second time, as where the run of a batch is tried again, nor after its end: what
   * was aborted may be part of a batch that others need.
   */
  begin(feeds?: Feeds): void {
    if (this.state === 'running' || this.state === 'ended') return;
    if (this.state === 'queued') {
      this.meter.counts.queued -= 1;
      this.begun = performance.now();
    }
    this.state = 'running';
    this.meter.counts.inFlight += 1;
    this.feeds = feeds;
  }

  /** Its answer is made of `outputs`. */
  gave<T extends OutputValues>(outputs: T): T {
    this.meter.measure(this);
    this.size.bytesOut = sumOfBytes(outputs);
    return outputs;
  }

  /** The same for a pipeline, whose feeds and outputs are never JavaScript's. */
  embedded({ stats, vectors }: EmbedData): void {
    this.size.items = stats.texts;
    this.size.tokens = stats.tokens;
    this.size.bytesOut = vectors.data.byteLength;
    this.meter.counts.padded(stats.paddedTokens, stats.tokens);
  }
}

/** Counts the calls of one session, and tells who listens of each. */
export class RunMeter {
  counts = new Metrics();
  #loaded = false;
  readonly #rowsInput: string | undefined;

  private constructor(
    inputs: readonly ValueSignature[],
    private readonly options: SessionOptions,
    private readonly warnings: WarningList,
    private readonly attributes: RunTrace['attributes'],
  ) {
    this.#rowsInput = rowsInput(inputs);
  }

  /** Holds nothing of the session: whoever has only its metrics does not keep the model. */
  static of(session: RuntimeSession, options: SessionOptions, warnings: WarningList): RunMeter {
    return new RunMeter(session.inputs, options, warnings, {
      'infercore.target': currentRuntime().target,
      'infercore.providers': session.report.providers.used.join(','),
      ...(options.logId !== undefined && { 'infercore.session.id': options.logId }),
    });
  }

  /** The runs until now were part of the loading: they count for nothing. */
  endLoading(): void {
    this.counts = new Metrics();
    this.#loaded = true;
  }

  snapshot(): SessionMetrics {
    return this.counts.snapshot();
  }

  /** Counts `work`, whatever comes of it. */
  call<T>(operation: Operation, work: (run: MeteredRun) => Promise<T>): Promise<T> {
    const run = new MeteredRun(this, operation);
    const channel = heardChannel();
    if (!channel) return this.#settle(run, work);
    run.trace = this.#traceOf(operation);
    return channel.tracePromise(() => this.#settle(run, work), run.trace);
  }

  callSync<T>(operation: Operation, work: (run: MeteredRun) => T): T {
    const run = new MeteredRun(this, operation);
    const channel = heardChannel();
    if (!channel) return this.#settleSync(run, work);
    run.trace = this.#traceOf(operation);
    return channel.traceSync(() => this.#settleSync(run, work), run.trace);
  }

  /** What it was fed, as far as that is known. */
  measure({ size, feeds }: MeteredRun): void {
    if (!feeds) return;
    const rows = this.#rowsInput === undefined ? undefined : feeds[this.#rowsInput];
    const ids = feeds['input_ids'];
    size.items = (rows && shapeOf(rows)[0]) ?? 1;
    size.tokens = ids ? shapeOf(ids).reduce((product, dim) => product * dim, 1) : 0;
    size.bytesIn = sumOfBytes(feeds);
  }

  async #settle<T>(run: MeteredRun, work: (run: MeteredRun) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work(run);
    } catch (error) {
      this.#end(run, codeOf(error));
      throw error;
    }
    this.#end(run);
    return result;
  }

  #settleSync<T>(run: MeteredRun, work: (run: MeteredRun) => T): T {
    let result: T;
    try {
      result = work(run);
    } catch (error) {
      this.#end(run, codeOf(error));
      throw error;
    }
    this.#end(run);
    return result;
  }

  #end(run: MeteredRun, error?: ErrorCode | 'OTHER'): void {
    const { counts } = this;
    const now = performance.now();
    const began = run.begun ?? (run.state === 'queued' ? now : run.since);
    const [queueMs, runMs] = [began - run.since, now - began];
    if (run.state === 'running') counts.inFlight -= 1;
    if (run.state === 'queued') counts.queued -= 1;
    run.state = 'ended';
    if (error === undefined) counts.succeeded(run.size, queueMs, runMs);
    else {
      counts.failed(error);
      this.measure(run);
    }
    const { slowRunMs } = this.options;
    if (slowRunMs !== undefined && this.#loaded && queueMs + runMs >= slowRunMs) {
      counts.slowRuns += 1;
      this.#tellSlow(run, queueMs, runMs, error);
    }
    if (run.trace) Object.assign(run.trace.attributes, endAttributes(run, queueMs, runMs, error));
  }

  #tellSlow(run: MeteredRun, queueMs: number, runMs: number, error?: ErrorCode | 'OTHER'): void {
    const { operation, size, feeds } = run;
    const shapes = Object.fromEntries(
      Object.entries(feeds ?? {}).map(([name, feed]) => [name, [...shapeOf(feed)]]),
    );
    const { items, tokens } = size;
    tellSlowRun(
      { operation, queueMs, runMs, items, tokens, shapes, ...(error && { error }) },
      this.options,
      this.warnings,
    );
  }

  #traceOf(operation: Operation): RunTrace {
    return { attributes: { ...this.attributes, 'infercore.operation.name': operation } };
  }
}

function codeOf(error: unknown): ErrorCode | 'OTHER' {
  return error instanceof InferError ? error.code : 'OTHER';
}

function endAttributes(
  { size }: MeteredRun,
  queueMs: number,
  runMs: number,
  error: ErrorCode | 'OTHER' | undefined,
): RunTrace['attributes'] {
  return {
    'infercore.queue.duration': queueMs / 1000,
    'infercore.run.duration': runMs / 1000,
    'infercore.items': size.items,
    'infercore.input.size': size.bytesIn,
    'infercore.output.size': size.bytesOut,
    'gen_ai.usage.input_tokens': size.tokens,
    ...(error && { 'error.type': error }),
  };
}
