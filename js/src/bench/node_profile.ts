/** Has ONNX Runtime record runs of a model, and reads what it wrote. */
import { constants } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwIfAborted } from '../abort.js';
import { InferError } from '../error.js';
import { expectOptions, whole, type Check } from '../option.js';
import { signatureOf } from '../session.js';
import type { Configuration } from './configuration.js';
import { expectGuessable, makeFeeds, type Feeds } from './inputs.js';
import { openModel, type BenchModel } from './model.js';
import { createSession } from './model_subject.js';
import {
  BENCH_CHECKS,
  readBenchOptions,
  type BenchOptions,
  type BenchSettings,
} from './options.js';
import { readProfile, type RunProfile } from './profile.js';

/** Which runs are recorded. What is not said here is as benchmark() has it. */
export interface ProfileOptions extends Pick<
  BenchOptions,
  'inputs' | 'dimensions' | 'vocabularySize' | 'seed' | 'session' | 'signal'
> {
  /** Rows of one run. Default 1. */
  batch?: number;
  /** Tokens of a row. Default 128. */
  sequence?: number;
  /** Default: the library's choice. */
  threads?: number;
  /** Default 'cpu'. */
  provider?: string;
  /** Which of a folder's model files. Default 'fp32'. */
  dtype?: Configuration['dtype'] & string;
  /** Optimisation of the graph. Default 'all'. */
  level?: Configuration['level'];
  /** Runs at the beginning that do not count. Default 5. */
  warmups?: number;
  /** Runs that count. Default 20. */
  runs?: number;
  /** Keeps the runtime's own file there, for Perfetto and chrome://tracing. A file that is there is replaced. */
  traceFile?: string;
}

/** Where the time of a model's runs goes, and which runs those were. */
export interface ModelProfile extends RunProfile {
  readonly configuration: Configuration;
  /** What it really ran on. */
  readonly providers: readonly string[];
  readonly threads: number;
  readonly traceFile?: string;
}

const CHECKS: Readonly<Record<keyof ProfileOptions, Check>> = {
  batch: whole(1, 2 ** 20),
  sequence: whole(1, 2 ** 20),
  threads: whole(1, 1024),
  provider: BENCH_CHECKS.provider,
  dtype: BENCH_CHECKS.dtype,
  level: BENCH_CHECKS.level,
  inputs: BENCH_CHECKS.inputs,
  dimensions: BENCH_CHECKS.dimensions,
  vocabularySize: BENCH_CHECKS.vocabularySize,
  seed: BENCH_CHECKS.seed,
  session: BENCH_CHECKS.session,
  signal: BENCH_CHECKS.signal,
  warmups: whole(0, 1e4),
  runs: whole(1, 1e4),
  traceFile: {
    expected: 'a path',
    test: (value) => typeof value === 'string' && value !== '',
  },
};

/**
 * Runs a model with ONNX Runtime's profiler and tells where the time goes, by operator and by node. Node only. The
 * profiler itself takes some microseconds for each node: how long a run takes, `benchmark` tells.
 *
 * @param model a model folder or a model file, as benchmark() takes it; omitted: the default model
 * @throws InferError INVALID_OPTION; INVALID_INPUT for inputs that can't be guessed or do not fit; what loading and
 *   running the model throw; RUNTIME_ERROR for a trace that can't be written; ABORTED
 * @example
 * const { operators } = await profileModel('model.onnx', { runs: 3 }); // native only
 * operators[0].share > 0; // true
 */
export async function profileModel(
  model?: BenchModel,
  options: ProfileOptions = {},
): Promise<ModelProfile> {
  expectOptions('options of profileModel', options, CHECKS);
  const { warmups = 5, runs = 20, traceFile, signal, ...rest } = options;
  throwIfAborted(signal);
  const settings = readBenchOptions(rest);
  const under = await openModel(model, settings.sweep.dtype, signal);
  const { batch = 1, sequence = 128, threads, provider = 'cpu', dtype = 'fp32' } = options;
  const configuration: Configuration = {
    batch,
    sequence,
    threads: threads ?? null,
    provider,
    dtype: under.dtypes ? dtype : null,
    level: options.level ?? 'all',
  };
  const folder = await mkdtemp(join(tmpdir(), 'infercore-profile-'));
  try {
    const session = await createSession(
      under,
      configuration,
      {
        ...settings.session,
        enableProfiling: true,
        profileFilePrefix: join(folder, 'runs'),
      },
      signal,
    );
    let path: string | undefined;
    let used: Pick<ModelProfile, 'providers' | 'threads'>;
    try {
      const feeds = feedsOf(signatureOf(session), settings, configuration);
      for (let i = 0; i < warmups + runs; i += 1) {
        await session.run(feeds, signal ? { signal } : {});
      }
      path = session.endProfiling();
      const { providers, threads: running } = session.report;
      used = { providers: providers.used, threads: running.intraOp };
    } finally {
      await session.dispose();
    }
    if (path === undefined) throw new Error('the runtime wrote no profile');
    const profile = readProfile(await readFile(path, 'utf8'), { skipRuns: warmups });
    if (traceFile !== undefined) await keep(path, traceFile);
    return { ...profile, configuration, ...used, ...(traceFile !== undefined && { traceFile }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function feedsOf(
  signature: ReturnType<typeof signatureOf>,
  { wishes }: BenchSettings,
  sizes: Configuration,
): Feeds {
  expectGuessable(signature, wishes);
  return makeFeeds(signature, wishes, sizes);
}

async function keep(path: string, to: string): Promise<void> {
  try {
    await copyFile(path, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferError(
      { code: 'RUNTIME_ERROR', message: `can't write the trace: ${reason}` },
      { cause: error },
    );
  }
}
