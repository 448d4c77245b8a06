import { Abort } from './abort.js';
import type { BatchSource } from './batched_session.js';
import type { EmbedData } from './binding.js';
import type { LoadedCore } from './core.js';
import type { EmbedRequest } from './embed.js';
import { InferError } from './error.js';
import type { FeedCheck } from './feed_check.js';
import { collect, runArguments } from './fetches.js';
import type { Fetches } from './fetches.js';
import type { WarningList } from './report.js';
import type { RunMeter } from './run_meter.js';
import { readRunOptions, warnEndless, warnPriority } from './run_options.js';
import type { RunSettings } from './run_options.js';
import type { RunQueue, Turn } from './run_queue.js';
import type { RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';
import { ownFeeds } from './tensor.js';
import type { OutputValues } from './value.js';

/** What a session is made of once its model is loaded. */
export interface SessionParts {
  readonly core: LoadedCore;
  readonly runtime: RuntimeSession;
  readonly settings: SessionSettings;
  readonly warnings: WarningList;
  /** Absent without limits: runs begin at once. */
  readonly queue: RunQueue | undefined;
  readonly check: FeedCheck;
  readonly meter: RunMeter;
}

/** The way of a session's calls to its runtime: arguments read, feeds checked, in their turn, and counted. */
export class SessionRuns {
  /** Set where the session is disposed: what was called before goes on. */
  closed = false;

  constructor(private readonly parts: SessionParts) {}

  /** @throws InferError DISPOSED */
  expectOpen(): void {
    if (!this.closed) return;
    throw new InferError({
      code: 'DISPOSED',
      message: 'the session was disposed: it can run nothing more',
      hint: 'dispose it after the last run, or create another one',
    });
  }

  run(feeds: unknown, first: unknown, second: unknown): Promise<OutputValues> {
    const { meter, check, runtime, settings: own } = this.parts;
    return meter.call('run', async (metered) => {
      const { fetches, settings } = this.#prepare(first, second);
      const { signal, priority, timeoutMs = own.given.timeoutMs } = settings;
      this.#judgePriority(priority);
      return Abort.during('the run', { signal, timeoutMs }, async (abort) => {
        let tensors = check.read(feeds);
        const onWait = (): void => {
          // What does not fit need not wait to be told.
          check.expectFit(tensors);
          metered.wait();
          tensors = ownFeeds(tensors);
        };
        const outputs = await this.#inTurn({ abort, priority, onWait }, () => {
          metered.begin(tensors);
          return runtime.run(tensors, fetches, settings, abort);
        });
        return metered.gave(collect(fetches, outputs));
      });
    });
  }

  runSync(feeds: unknown, first: unknown, second: unknown): OutputValues {
    const { meter, check, runtime, warnings } = this.parts;
    return meter.callSync('runSync', (metered) => {
      const { fetches, settings } = this.#prepare(first, second);
      warnEndless(settings, warnings);
      const tensors = check.read(feeds);
      metered.begin(tensors);
      return metered.gave(collect(fetches, runtime.runSync(tensors, fetches, settings)));
    });
  }

  embed(request: EmbedRequest): Promise<EmbedData> {
    const { meter, runtime, settings, warnings } = this.parts;
    return meter.call('pipeline', async (metered) => {
      this.expectOpen();
      const { signal, priority, timeoutMs = settings.given.timeoutMs } = request;
      this.#judgePriority(priority);
      return Abort.during('the call', { signal, timeoutMs }, async (abort) => {
        const onWait = (): void => {
          metered.wait();
        };
        const data = await this.#inTurn({ abort, priority, onWait }, () => {
          metered.begin();
          return runtime.embed(request, abort);
        });
        metered.embedded(data);
        for (const warning of data.warnings) warnings.tell(warning);
        return data;
      });
    });
  }

  /** The same steps one by one, for requests that run together. */
  forBatches(): BatchSource {
    const { runtime, settings, check, meter } = this.parts;
    return {
      inputs: runtime.feedable,
      outputs: runtime.outputs,
      timeoutMs: settings.given.timeoutMs,
      meter,
      prepare: (first, second) => this.#prepare(first, second),
      check: (feeds) => check.readNow(feeds),
      run: (tensors, fetches, run, abort, onBegin) =>
        this.#inTurn({ abort, priority: run.priority }, () => {
          onBegin();
          return runtime.run(tensors, fetches, run, abort);
        }),
    };
  }

  #prepare(first: unknown, second: unknown): { fetches: Fetches; settings: RunSettings } {
    this.expectOpen();
    const { runtime, warnings, settings: own } = this.parts;
    const { fetches, options } = runArguments(first, second, runtime.outputs);
    const settings = readRunOptions(options, warnings, own.logSeverityLevel);
    if (settings.terminate) {
      throw new InferError({
        code: 'ABORTED',
        message: 'the run was aborted: its option terminate is true',
      });
    }
    return { fetches, settings };
  }

  #judgePriority(priority: number | undefined): void {
    if (!this.parts.queue) warnPriority(priority, this.parts.warnings);
  }

  #inTurn<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    return this.parts.queue?.run(work, turn) ?? work();
  }
}
