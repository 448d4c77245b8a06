import { throwIfAborted } from '../abort.js';
import { InferError } from '../error.js';
import type { SessionReport } from '../report.js';
import { PROVIDER_NAMES } from '../provider_table.js';
import { currentRuntime } from '../runtime.js';
import { signatureOf } from '../session.js';
import { bestOf } from './best.js';
import { resolutionOf } from './clock.js';
import { idOf, type Configuration } from './configuration.js';
import { contextOf } from './context.js';
import { resultOf } from './configuration_result.js';
import type { Outputs } from './digest.js';
import { Look } from './look.js';
import {
  dimsOf,
  expectGuessable,
  makeFeeds,
  missing,
  type InputSignature,
  type Sizes,
} from './inputs.js';
import { measureLanes, type MeasureProgress, type Stopped } from './measure.js';
import { openModel, type BenchModel, type ModelUnderTest } from './model.js';
import {
  createSession,
  OpenSession,
  SessionSubject,
  TextSubject,
  type ModelSubject,
} from './model_subject.js';
import { readBenchOptions, type BenchOptions, type BenchSettings } from './options.js';
import { planOf, type Possible } from './plan.js';
import {
  SCHEMA_VERSION,
  type BenchResult,
  type ConfigurationResult,
  type ModelFacts,
} from './result.js';
import { currentSurroundings } from './surroundings.js';
import { placeWarnings, type BenchWarning } from './warnings.js';

/**
 * Measures a model in each configuration of a sweep: phases apart, latency and throughput with their statistics,
 * memory, and whether the outputs are right. What is fast and wrong is marked and never best.
 *
 * @param model a model folder or a model file, as a path, a URL, a File, files or bytes; omitted: the default model
 * @returns what was measured. Where `signal` or `budgetMs` ended it before it was whole, `complete` is false, and each
 *   configuration says how far it came.
 * @throws InferError INVALID_OPTION for options, and for a sweep that is impossible, with each axis and why;
 *   INVALID_INPUT for a model whose inputs can't be guessed, with each input and what is not known; NOT_FOUND,
 *   NOT_A_MODEL and all else that loading the model throws; ABORTED where nothing was measured yet
 * @example
 * const result = await benchmark('model.onnx', { batch: [1], runs: 5, minMs: 0, warmupMs: 0 });
 * const [first] = result.configurations;
 * first.latency.n; // 5
 * first.digest.matches; // true
 */
export async function benchmark(
  model?: BenchModel,
  options: BenchOptions = {},
): Promise<BenchResult> {
  const settings = readBenchOptions(options);
  const { signal } = settings.measure;
  throwIfAborted(signal);
  const hidden = currentSurroundings().watchHidden();
  try {
    const under = await openModel(model, settings.sweep.dtype, signal);
    return await new Benchmark(under, settings, hidden).run();
  } finally {
    hidden();
  }
}

/** The same inputs, and what the reference made of them. */
interface Task {
  readonly subject: (configuration: Configuration) => ModelSubject;
  readonly expected: Outputs;
}

class Benchmark {
  readonly #date = new Date();
  readonly #load = currentSurroundings().load();
  readonly #resolutionMs: number;
  readonly #tasks = new Map<string, Task>();
  #runtime: SessionReport['runtime'] | undefined;

  constructor(
    private readonly model: ModelUnderTest,
    private readonly settings: BenchSettings,
    private readonly hidden: () => boolean,
  ) {
    this.#resolutionMs = resolutionOf(settings.measure.clock);
  }

  async run(): Promise<BenchResult> {
    const { settings, model } = this;
    const { clock, budgetMs, signal } = settings.measure;
    const start = clock.now();
    const reference = this.#reference();
    this.#tell({ phase: 'prepare', samples: 0 }, 0, 0, undefined);
    const plan = await (settings.texts
      ? this.#prepareTexts(reference)
      : this.#prepareFeeds(reference));
    const results: ConfigurationResult[] = [];
    for (const [i, configuration] of plan.entries()) {
      const left = budgetMs - (clock.now() - start);
      // Each has the same share of what is left, so that a slow one does not take the time of all.
      const share = left / (plan.length - i);
      const begun = clock.now();
      const progress = (at: MeasureProgress): void => {
        const rest = Math.min(
          this.#remaining(at, clock.now() - begun, i, plan.length),
          Math.max(0, left),
        );
        this.#tell(at, i + 1, plan.length, idOf(configuration), rest);
      };
      results.push(
        signal?.aborted || left <= 0
          ? skipped(configuration, signal?.aborted ? 'aborted' : 'budget')
          : await this.#measure(configuration, Math.max(0, share), progress),
      );
    }
    return this.#result(reference, results, await this.#files(plan, model));
  }

  #reference(): Configuration {
    const { provider, dtype, level } = this.settings.reference;
    const { dtypes } = this.model;
    return {
      ...{ batch: null, sequence: null, threads: null },
      provider: provider ?? knownProviders()[0] ?? '',
      dtype: dtypes ? (dtype ?? dtypes[0] ?? 'fp32') : null,
      level: level ?? 'disabled',
    };
  }

  async #prepareTexts(reference: Configuration): Promise<Configuration[]> {
    const { settings, model } = this;
    const texts = settings.texts ?? [];
    if (!model.isFolder) {
      throw new InferError({
        code: 'INVALID_OPTION',
        message: 'expected a model folder for texts: a single file has no tokenizer',
        hint: 'name the folder, or leave texts out',
      });
    }
    const plan = planOf(
      settings.sweep,
      this.#possible({ inputs: [], constraints: {} }, () => []),
    );
    const subject = (configuration: Configuration) =>
      new TextSubject(model, configuration, settings.session, texts);
    const expected = await this.#outputsOf(subject(reference));
    for (const each of plan) this.#tasks.set(keyOf(each), { subject, expected });
    return plan;
  }

  async #outputsOf(subject: ModelSubject): Promise<Outputs> {
    const { signal } = this.settings.measure;
    const opened = await subject.open(signal);
    try {
      return await opened.outputs(signal);
    } finally {
      await opened.close();
    }
  }

  async #prepareFeeds(reference: Configuration): Promise<Configuration[]> {
    const { settings, model } = this;
    const { wishes, measure, session: given } = settings;
    const session = await createSession(model, reference, given, measure.signal);
    try {
      const signature = signatureOf(session);
      expectGuessable(signature, wishes);
      const misfits = (sizes: Sizes) => {
        const feeds = missing(signature, wishes).map((input) => {
          const dims = dimsOf(input, wishes, sizes);
          const length = dims.reduce((product, size) => product * size, 1);
          return { name: input.name, type: input.type, dims, length };
        });
        const fixed = Object.entries(wishes.given).map(([name, { type, dims, data }]) => {
          return { name, type, dims, length: data.length };
        });
        return signature.misfits([...feeds, ...fixed]).map(({ message }) => message);
      };
      const plan = planOf(settings.sweep, this.#possible(signature, misfits));
      for (const configuration of plan) {
        const key = keyOf(configuration);
        if (this.#tasks.has(key)) continue;
        const feeds = makeFeeds(signature, wishes, configuration);
        const expected = await new OpenSession(session, feeds, {}).outputs(measure.signal);
        const subject = (each: Configuration) => new SessionSubject(model, each, given, feeds);
        this.#tasks.set(key, { subject, expected });
      }
      return plan;
    } finally {
      await session.dispose();
    }
  }

  #possible(signature: InputSignature, misfits: Possible['misfits']): Possible {
    const { settings, model } = this;
    return {
      signature,
      wishes: settings.wishes,
      texts: settings.texts !== undefined,
      providers: knownProviders(),
      dtypes: model.dtypes,
      threads: currentRuntime().target === 'native',
      misfits,
    };
  }

  async #measure(
    configuration: Configuration,
    budgetMs: number,
    onProgress: (progress: MeasureProgress) => void,
  ): Promise<ConfigurationResult> {
    const task = this.#tasks.get(keyOf(configuration));
    if (!task) throw new Error('a configuration without a task');
    const { measure } = this.settings;
    const look = new Look(task.expected, configuration, this.settings);
    // What can't be brought, the subject fails with when it opens.
    const file = await this.model.file(configuration.dtype).catch(() => undefined);
    const [measured] = await measureLanes(
      [look.watching(task.subject(configuration))],
      { ...measure, budgetMs, onProgress },
      (opened, _, leftMs) => look.inspect(opened, leftMs),
    );
    if (!measured) throw new Error('a subject was not measured');
    this.#runtime ??= look.report?.runtime;
    const download = file?.downloadMs === undefined ? {} : { download: file.downloadMs };
    const phases = { ...download, ...measured.phases };
    return resultOf({ ...measured, phases }, look, this.#resolutionMs, measure.runs);
  }

  async #files(plan: readonly Configuration[], model: ModelUnderTest): Promise<ModelFacts[]> {
    const dtypes = [...new Set(plan.map(({ dtype }) => dtype))];
    const facts: ModelFacts[] = [];
    for (const dtype of dtypes) {
      const file = await model.file(dtype).catch(() => undefined);
      if (file) facts.push(await file.facts());
    }
    return facts;
  }

  async #result(
    reference: Configuration,
    configurations: readonly ConfigurationResult[],
    files: readonly ModelFacts[],
  ): Promise<BenchResult> {
    const { model, settings } = this;
    const context = await contextOf({
      ...{ model, files, settings },
      ...{ runtime: this.#runtime, resolutionMs: this.#resolutionMs },
      ...{ load: this.#load, date: this.#date },
    });
    const stopped = configurations.find((each) => each.stopped)?.stopped;
    return {
      schemaVersion: SCHEMA_VERSION,
      context,
      complete: configurations.every(({ status }) => status === 'complete'),
      ...(stopped && { stopped }),
      reference,
      configurations,
      best: await bestOf(configurations),
      warnings: this.#warnings(context.machine.cpu, stopped),
    };
  }

  #warnings(cpu: { cores: number; usable?: number }, stopped: Stopped | undefined): BenchWarning[] {
    const { isolated } = currentSurroundings();
    return placeWarnings({
      wasHidden: this.hidden(),
      ...(isolated !== undefined && { isolated }),
      ...(this.#load !== undefined && { load: this.#load }),
      cores: cpu.usable ?? cpu.cores,
      ...(stopped && { stopped }),
    });
  }

  /** Of this configuration, and as long for each of the others. */
  #remaining(at: MeasureProgress, spent: number, index: number, of: number): number {
    const { warmupMs, minMs } = this.settings.measure;
    const own = at.remainingMs ?? warmupMs + minMs;
    return own + (of - index - 1) * (spent + own);
  }

  #tell(
    { phase, samples }: { phase: 'prepare' | MeasureProgress['phase']; samples: number },
    configuration: number,
    of: number,
    id: string | undefined,
    remainingMs?: number,
  ): void {
    this.settings.onProgress?.({
      ...{ phase, configuration, of, samples },
      ...(id !== undefined && { id }),
      ...(remainingMs !== undefined && { remainingMs }),
    });
  }
}

/** Inputs depend on these alone. */
const keyOf = ({ batch, sequence }: Sizes): string => `${batch ?? ''}x${sequence ?? ''}`;

/** The default first. One that is not there is measured as what comes in for it, and marked. */
function knownProviders(): string[] {
  const first = currentRuntime().target === 'native' ? 'cpu' : 'wasm';
  return [first, ...PROVIDER_NAMES.filter((name) => name !== first)];
}

function skipped(configuration: Configuration, stopped: Stopped): ConfigurationResult {
  const id = idOf(configuration);
  const none = { phases: {}, samples: [], parts: {}, warnings: [] };
  return { id, configuration, status: 'skipped', stopped, ...none };
}
