import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { BatchedSession } from './batched_session.js';
import { embedAside } from './feature_extraction.js';
import type { FeatureExtraction, FeatureExtractionOptions } from './feature_extraction.js';
import { splitArguments } from './fetches.js';
import type { Metrics } from './metrics.js';
import { pipeline } from './pipeline.js';
import { WarningList } from './report.js';
import type { SessionReport } from './report.js';
import type { RunOptions } from './run_options.js';
import { batchOptions, loadingOptions, withEnds } from './service_options.js';
import type {
  EmbeddingServiceOptions,
  GivenOptions,
  KnownTexts,
  RequestEnds,
  TensorServiceOptions,
} from './service_options.js';
import { countInto, InferenceSession, runAside } from './session.js';
import type { FeedValues } from './value.js';
import { verifyEach } from './verify.js';
import type { KnownInputs, VerifyReport } from './verify.js';

/** What a service does with a model, be it a session or a pipeline. A ModelCache keeps it. */
export interface ServedModel {
  readonly report: SessionReport;
  run(args: readonly unknown[], ends: RequestEnds): Promise<unknown>;
  /** Runs the known inputs beside everything else: they wait in no queue and count for nothing. */
  verify(ends: RequestEnds): Promise<VerifyReport>;
  dispose(): Promise<void>;
}

/**
 * Loads one version; it counts into `counts` what it does.
 *
 * @throws InferError as InferenceSession.create or pipeline() do; what session.batched() throws
 */
export function loadServed(
  given: GivenOptions,
  counts: Metrics,
  signal: AbortSignal,
): Promise<ServedModel> {
  return given.task === undefined
    ? openSession(given, counts, signal)
    : openPipeline(given, counts, signal);
}

function warningsOf({ fallback = 'warn', onWarning }: GivenOptions): WarningList {
  // What is only told must not become an error here.
  return new WarningList(fallback === 'error' ? 'warn' : fallback, onWarning);
}

async function openSession(
  given: TensorServiceOptions,
  counts: Metrics,
  signal: AbortSignal,
): Promise<ServedModel> {
  const session = await InferenceSession.create(given.model, { ...loadingOptions(given), signal });
  try {
    const batching = batchOptions(given);
    const batched = batching && session.batched(batching);
    countInto(session, counts);
    const known = [given.knownInputs ?? []].flat() as readonly KnownInputs[];
    return new ServedSession(session, batched, known, warningsOf(given));
  } catch (error) {
    await session.dispose();
    throw error;
  }
}

class ServedSession implements ServedModel {
  constructor(
    private readonly session: InferenceSession,
    private readonly batched: BatchedSession | undefined,
    private readonly known: readonly KnownInputs[],
    private readonly warnings: WarningList,
  ) {}

  get report(): SessionReport {
    return this.session.report;
  }

  run([feeds, first, second]: readonly unknown[], ends: RequestEnds): Promise<unknown> {
    const { session, batched } = this;
    const { fetches, options } = splitArguments(first, second, session.outputNames);
    // Whatever they are: the run itself checks them.
    const checked = [
      feeds as FeedValues,
      fetches as Ort.FetchesType,
      withEnds(options, ends) as RunOptions,
    ] as const;
    return batched ? batched.run(...checked) : session.run(...checked);
  }

  verify({ signal, timeoutMs }: RequestEnds): Promise<VerifyReport> {
    const options = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
    const run = (inputs: Ort.FeedsType, names: readonly string[]) =>
      runAside(this.session, inputs, names, options);
    return verifyEach(this.known, run, this.warnings);
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

async function openPipeline(
  given: EmbeddingServiceOptions,
  counts: Metrics,
  signal: AbortSignal,
): Promise<ServedModel> {
  const { task, model } = given;
  const embed = await pipeline(task, model, { ...loadingOptions(given), signal });
  if (embed.session) countInto(embed.session, counts);
  const known = [given.knownInputs ?? []].flat() as readonly KnownTexts[];
  return new ServedPipeline(embed, counts, known, warningsOf(given));
}

/** What a pipeline's vectors are called among known outputs. */
const VECTORS = 'vectors';

class ServedPipeline implements ServedModel {
  constructor(
    private readonly embed: FeatureExtraction,
    private readonly counts: Metrics,
    private readonly known: readonly KnownTexts[],
    private readonly warnings: WarningList,
  ) {}

  get report(): SessionReport {
    return this.embed.report;
  }

  run([given, options]: readonly unknown[], ends: RequestEnds): Promise<unknown> {
    const texts = given as string | readonly string[];
    const run = () => this.embed(texts, withEnds(options, ends) as FeatureExtractionOptions);
    return this.embed.session ? run() : this.#counted(texts, run);
  }

  async verify({ signal, timeoutMs }: RequestEnds): Promise<VerifyReport> {
    const ends = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
    const known = this.known.map(({ inputs, options, expected, tolerance, onMismatch }) => ({
      inputs: { texts: inputs, options: { ...options, ...ends } },
      expected: { [VECTORS]: expected },
      ...(tolerance !== undefined && { tolerance }),
      ...(onMismatch && { onMismatch }),
    }));
    return verifyEach(
      known,
      async ({ texts, options }) => ({ [VECTORS]: await embedAside(this.embed, texts, options) }),
      this.warnings,
    );
  }

  dispose(): Promise<void> {
    return this.embed.dispose();
  }

  /** The session of a pipeline in a worker counts over there: what can be seen from here. */
  async #counted<T>(texts: string | readonly string[], run: () => Promise<T>): Promise<T> {
    const { counts } = this;
    const start = performance.now();
    counts.inFlight += 1;
    try {
      const result = await run();
      const items = typeof texts === 'string' ? 1 : texts.length;
      const ms = performance.now() - start;
      counts.succeeded({ items, tokens: 0, bytesIn: 0, bytesOut: 0 }, 0, ms);
      return result;
    } finally {
      counts.inFlight -= 1;
    }
  }
}
