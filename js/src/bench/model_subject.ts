/** A model as a subject: its session with feeds, or its pipeline with texts. */
import { dataOf } from '../compare_outputs.js';
import type { TensorData } from '../binding.js';
import { embedMeasured, type FeatureExtraction } from '../feature_extraction.js';
import { pipeline } from '../pipeline.js';
import type { SessionReport } from '../report.js';
import { createWithin, type InferenceSession } from '../session.js';
import type { SessionOptions } from '../session_options.js';
import type { OutputValues } from '../value.js';
import type { Configuration } from './configuration.js';
import type { Outputs } from './digest.js';
import type { Feeds } from './inputs.js';
import type { ModelUnderTest } from './model.js';
import type { OpenSubject, RunFacts, Subject } from './subject.js';

/** What the digest and the report need beside runs. */
export interface OpenModel extends OpenSubject {
  readonly report: SessionReport;
  /** What it makes of inputs that are the same in each configuration of the same sizes. */
  outputs(signal: AbortSignal | undefined): Promise<Outputs>;
}

export type ModelSubject = Subject<OpenModel>;

function optionsFor(
  { provider, threads, level }: Configuration,
  session: SessionOptions,
  signal: AbortSignal | undefined,
): SessionOptions {
  return {
    // The harness has warnings of its own, and the report keeps those of the session.
    onWarning: () => undefined,
    ...session,
    executionProviders: [provider],
    graphOptimizationLevel: level,
    ...(threads !== null && { intraOpNumThreads: threads }),
    ...(signal && { signal }),
  };
}

export class SessionSubject implements ModelSubject {
  constructor(
    private readonly model: ModelUnderTest,
    private readonly configuration: Configuration,
    private readonly session: SessionOptions,
    private readonly feeds: Feeds,
  ) {}

  async open(signal: AbortSignal | undefined): Promise<OpenModel> {
    const { batch, sequence } = this.configuration;
    const session = await createSession(this.model, this.configuration, this.session, signal);
    const items = batch ?? 1;
    const tokens = sequence === null ? {} : { tokens: items * sequence };
    return new OpenSession(session, this.feeds, { items, ...tokens });
  }
}

/** The session of a configuration, held to what the folder says of its feeds. */
export async function createSession(
  model: ModelUnderTest,
  configuration: Configuration,
  options: SessionOptions,
  signal: AbortSignal | undefined,
): Promise<InferenceSession> {
  const { source } = await model.file(configuration.dtype);
  return createWithin(model.limits, source, optionsFor(configuration, options, signal));
}

/** A session with feeds that stay the same. */
export class OpenSession implements OpenModel {
  readonly report: SessionReport;
  readonly phases: Readonly<Record<string, number>>;

  constructor(
    private readonly session: InferenceSession,
    private readonly feeds: Feeds,
    private readonly facts: RunFacts,
  ) {
    this.report = session.report;
    this.phases = { ...session.report.phases };
  }

  async run(signal?: AbortSignal): Promise<RunFacts> {
    await this.session.run(this.feeds, signal ? { signal } : {});
    return this.facts;
  }

  async outputs(signal: AbortSignal | undefined): Promise<Outputs> {
    return tensorsIn(await this.session.run(this.feeds, signal ? { signal } : {}));
  }

  close(): Promise<void> {
    return this.session.dispose();
  }
}

/** Sequences and maps are left out: they are no numbers to compare. */
export async function tensorsIn(values: OutputValues): Promise<Outputs> {
  const outputs: Record<string, TensorData> = {};
  for (const [name, value] of Object.entries(values)) {
    if ('dims' in value) outputs[name] = await dataOf(value);
  }
  return outputs;
}

/** So many texts are compared: all of a long list would take longer than the runs. */
const COMPARED = 64;

export class TextSubject implements ModelSubject {
  constructor(
    private readonly model: ModelUnderTest,
    private readonly configuration: Configuration,
    private readonly session: SessionOptions,
    private readonly texts: readonly string[],
  ) {}

  async open(signal: AbortSignal | undefined): Promise<OpenModel> {
    const { dtype, batch } = this.configuration;
    const extract = await pipeline('feature-extraction', this.model.folder, {
      ...optionsFor(this.configuration, this.session, signal),
      ...(dtype && { dtype }),
    });
    return new OpenPipeline(extract, this.texts, batch ?? 1);
  }
}

/** A pipeline that goes through the texts, `batch` of them a run, from the beginning again when it is through. */
class OpenPipeline implements OpenModel {
  readonly report: SessionReport;
  readonly phases: Readonly<Record<string, number>>;
  #next = 0;

  constructor(
    private readonly extract: FeatureExtraction,
    private readonly texts: readonly string[],
    private readonly batch: number,
  ) {
    this.report = extract.report;
    this.phases = { ...extract.report.phases };
  }

  async run(signal?: AbortSignal): Promise<RunFacts> {
    const { texts, batch } = this;
    const some = Array.from(
      { length: batch },
      (_, i) => texts[(this.#next + i) % texts.length] ?? '',
    );
    this.#next = (this.#next + batch) % texts.length;
    const { phases, stats } = await embedMeasured(this.extract, some, signal ? { signal } : {});
    const { tokenize = 0, run = 0, pool = 0 } = phases;
    const tokens = stats && { tokens: stats.tokens, paddedTokens: stats.paddedTokens };
    return { parts: { tokenize, run, postProcess: pool }, items: batch, ...tokens };
  }

  async outputs(signal: AbortSignal | undefined): Promise<Outputs> {
    const vectors = await this.extract(this.texts.slice(0, COMPARED), signal ? { signal } : {});
    return tensorsIn({ vectors });
  }

  close(): Promise<void> {
    return this.extract.dispose();
  }
}
