import type { SessionReport } from '../report.js';
import { summaryOf } from './configuration_result.js';
import type { Configuration } from './configuration.js';
import { answersTo, poissonArrivals } from './arrivals.js';
import { digestOf, judgementFor, type Digest, type Outputs } from './digest.js';
import { loopDelays } from './event_loop.js';
import type { ModelSubject, OpenModel } from './model_subject.js';
import type { BenchSettings } from './options.js';
import type { ArrivalFacts, EventLoopFacts, MemoryFacts } from './result.js';
import { currentSurroundings } from './surroundings.js';

/** As long as the event loop is looked at, at least. */
const LOOP_MS = 1500;

/** What is looked at around the runs of one configuration: memory, the report, the outputs, and how it bears a load. */
export class Look {
  report: SessionReport | undefined;
  digest: Digest | undefined;
  memory: MemoryFacts | undefined;
  arrivals: ArrivalFacts | undefined;
  eventLoop: EventLoopFacts | undefined;
  /** What the budget had no time for. */
  readonly leftOut: string[] = [];

  constructor(
    private readonly expected: Outputs,
    readonly configuration: Configuration,
    private readonly settings: BenchSettings,
  ) {}

  /** The subject, whose opening is weighed. */
  watching(subject: ModelSubject): ModelSubject {
    return {
      open: async (signal) => {
        const before = currentSurroundings().memory();
        const opened = await subject.open(signal);
        const loaded = currentSurroundings().memory();
        this.report = opened.report;
        if (before && loaded) {
          const { bytes, kind } = loaded;
          this.memory = { kind, before: before.bytes, loaded: bytes, afterRuns: bytes };
        }
        return opened;
      },
    };
  }

  /** When all samples are there, and the subject is still open. */
  async inspect(opened: OpenModel, leftMs: () => number): Promise<void> {
    const { measure, judgement } = this.settings;
    const now = currentSurroundings().memory();
    if (now && this.memory) this.memory = { ...this.memory, afterRuns: now.bytes };
    // This run is made also where it was told to stop: what was measured has to be judged.
    const outputs = await opened.outputs(undefined);
    const judge = judgementFor(this.configuration.dtype, judgement);
    this.digest = digestOf(this.expected, outputs, judge);
    if (!measure.signal?.aborted) await this.#load(opened, leftMs);
  }

  async #load(opened: OpenModel, leftMs: () => number): Promise<void> {
    const { measure, arrivals, eventLoop, wishes } = this.settings;
    const { signal } = measure;
    if (eventLoop && leftMs() < LOOP_MS) this.leftOut.push('the event loop');
    else if (eventLoop) {
      const goesOn = () => !signal?.aborted && leftMs() > 0;
      const { runs, delays, idle } = await loopDelays(() => opened.run(), goesOn);
      const [delay, rest] = [await summaryOf(delays), await summaryOf(idle)];
      this.eventLoop = { runs, ...(delay && { delay }), ...(rest && { idle: rest }) };
    }
    if (!arrivals) return;
    const { rate, seconds } = arrivals;
    if (leftMs() < seconds * 1000) this.leftOut.push('requests at random times');
    else if (!signal?.aborted) {
      const times = poissonArrivals(rate, seconds, wishes.seed);
      const run = (end: AbortSignal) => opened.run(end);
      const patience = Math.min(seconds * 1000, Math.max(0, leftMs() - seconds * 1000));
      const { samples, unanswered } = await answersTo(times, run, patience, signal);
      const latency = await summaryOf(samples);
      const requests = samples.length + unanswered;
      this.arrivals = { rate, seconds, requests, unanswered, ...(latency && { latency }), samples };
    }
  }
}
