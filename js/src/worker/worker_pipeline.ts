import { Tensor } from 'onnxruntime-common';
import { Abort } from '../abort.js';
import { disposed } from '../feature_extraction.js';
import type {
  FeatureExtraction,
  FeatureExtractionOptions,
  PipelineOptions,
} from '../feature_extraction.js';
import { abortSignal, callback, finite, isObject, milliseconds } from '../option.js';
import type { Check } from '../option.js';
import type { ModelFiles } from '../model_files.js';
import { WarningList } from '../report.js';
import { LOG_GOES_ELSEWHERE, warnUnused } from '../session_options.js';
import type { SessionReport } from '../report.js';
import { warnPriority } from '../run_options.js';
import { LIMIT_CHECKS, RunQueue } from '../run_queue.js';
import type { ProgressEvent } from '../source.js';
import { expectTexts } from '../texts.js';
import { WorkerClient } from './client.js';
import { environment } from './environment.js';
import { portableModel, sendable } from './portable.js';
import type { Calls } from './protocol.js';

type Opened = Calls['openPipeline']['result'];

/** Between two batches the worker hears of an abort. One that takes longer than a new worker would is not waited for. */
const GRACE_MS = 1000;

/** A pipeline that nobody disposed and nobody holds any more ends its worker, late but surely. */
const forgotten = new FinalizationRegistry<WorkerClient<Opened>>((client) => {
  client.dispose().catch(() => undefined);
});

/** What the page keeps for itself, when it is what it should be; else it goes along, and the worker's checks say so. */
const OF_THE_PAGE: Readonly<Record<string, Check>> = {
  onWarning: callback,
  onProgress: callback,
  onLog: callback,
  onSlowRun: callback,
  signal: abortSignal,
  timeoutMs: milliseconds,
  priority: finite,
  ...LIMIT_CHECKS,
  worker: { expected: 'anything', test: () => true },
};

interface Split<Options> {
  readonly kept: Partial<Options>;
  readonly sent: object;
}

function split<Options extends object>(options: Options): Split<Options> {
  const names = Object.entries(options)
    .filter(([name, value]) => value === undefined || OF_THE_PAGE[name]?.test(value))
    .map(([name]) => name);
  const kept = Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
  return { kept: kept as Partial<Options>, sent: sendable(options, names) };
}

/** As createFeatureExtraction, in a worker: the page only passes texts on. */
export async function featureExtractionInWorker(
  model: string | URL | ModelFiles | undefined,
  options: PipelineOptions,
): Promise<FeatureExtraction> {
  const { kept, sent } = split(options);
  const warnings = new WarningList('warn', kept.onWarning);
  if (kept.onLog) warnUnused('onLog', LOG_GOES_ELSEWHERE, warnings);
  if (kept.onSlowRun) warnUnused('onSlowRun', 'slow runs in a worker are warnings', warnings);
  const client = clientOf({ model: portableModel(model), options: sent }, new WeakRef(warnings));
  return Abort.during('loading the model', kept, async (abort) => {
    const { report } = await client.start(abort, kept.onProgress);
    return functionOf(new WorkerPipeline(client, warnings, report, kept), client);
  });
}

/**
 * In a scope of its own: a live worker holds its client, which holds these closures and all that they can see. What the
 * user's callbacks hold must not live as long as that.
 */
function clientOf(
  recipe: Calls['openPipeline']['argument']['recipe'],
  listed: WeakRef<WarningList>,
): WorkerClient<Opened> {
  const page = environment();
  return new WorkerClient<Opened>(
    (connection, onProgress) =>
      connection.call('openPipeline', { environment: page, recipe }, [], onProgress),
    (warning) => listed.deref()?.add(warning),
  );
}

class WorkerPipeline {
  #disposed: Promise<void> | undefined;
  readonly #timeoutMs: number | undefined;
  readonly #queue: RunQueue | undefined;

  constructor(
    private readonly client: WorkerClient<Opened>,
    /** Held here, for the client does not. */
    readonly warnings: WarningList,
    private latest: SessionReport,
    kept: Partial<PipelineOptions>,
  ) {
    this.#timeoutMs = kept.timeoutMs;
    this.#queue = RunQueue.of(kept, () => 1);
  }

  get report(): SessionReport {
    const { phases, warnings } = this.latest;
    const own = this.warnings.list.filter(({ code }) =>
      warnings.every((known) => known.code !== code),
    );
    return {
      ...this.latest,
      worker: true,
      phases: { spawn: this.client.spawnMs, ...phases },
      warnings: [...warnings, ...own],
    };
  }

  async extract(
    texts: string | readonly string[],
    given?: FeatureExtractionOptions | null,
  ): Promise<Tensor> {
    if (this.#disposed) throw disposed();
    const list = typeof texts === 'string' ? [texts] : texts;
    expectTexts(list);
    // What is no object at all goes along too: the worker's checks say so.
    const { kept, sent } = isObject(given) ? split(given) : { kept: {}, sent: given ?? {} };
    const options = kept as FeatureExtractionOptions;
    const { signal, onProgress, priority, timeoutMs = this.#timeoutMs } = options;
    const own = [...list];
    return Abort.during('the call', { signal, timeoutMs }, async (abort) => {
      const call = () => this.#call(own, sent, onProgress, abort);
      if (!this.#queue) warnPriority(priority, this.warnings);
      const answer = this.#queue ? this.#queue.run(call, { abort, priority }) : call();
      const { data, dims, report } = await answer;
      this.latest = report;
      return new Tensor('float32', data, dims);
    });
  }

  #call(
    texts: readonly string[],
    options: object,
    onProgress: ((event: ProgressEvent) => void) | undefined,
    abort: Abort,
  ): Promise<Calls['embed']['result']> {
    return this.client.call('embed', { texts, options }, { abort, onProgress, graceMs: GRACE_MS });
  }

  dispose(): Promise<void> {
    const idle = this.#queue?.idle() ?? Promise.resolve();
    this.#disposed ??= idle.then(() => this.client.dispose());
    return this.#disposed;
  }
}

function functionOf(pipeline: WorkerPipeline, client: WorkerClient<Opened>): FeatureExtraction {
  const extract = (texts: string | readonly string[], options?: FeatureExtractionOptions) =>
    pipeline.extract(texts, options);
  const dispose = (): Promise<void> => {
    forgotten.unregister(pipeline);
    return pipeline.dispose();
  };
  forgotten.register(extract, client, pipeline);
  return Object.defineProperties(extract, {
    report: { get: () => pipeline.report },
    dispose: { value: dispose },
    [Symbol.asyncDispose]: { value: dispose },
  }) as unknown as FeatureExtraction;
}
