import { currentRuntime } from '../runtime.js';
import { signatureOf } from '../session.js';
import { expectGuessable, makeFeeds } from './inputs.js';
import { openModel, type BenchModel } from './model.js';
import { createSession, OpenSession, TextSubject } from './model_subject.js';
import { readBenchOptions, type BenchOptions } from './options.js';
import type { Configuration } from './configuration.js';
import { currentSurroundings } from './surroundings.js';

/** What a process tells that was started for its first result alone. */
export interface FirstResult {
  /** Milliseconds: process (until this was called), load, firstRun. */
  readonly phases: Readonly<Record<string, number>>;
  readonly memoryBytes?: number;
}

/**
 * Loads the model and runs it once, with the first value of each axis: for a process that was just started. It tells the
 * result before it takes anything apart, because whoever started it stops the clock then.
 */
export async function firstResult(
  model: BenchModel | undefined,
  options: BenchOptions,
  tell: (result: FirstResult) => void,
): Promise<void> {
  const begun = performance.now();
  const { sweep, texts, wishes, session: given, measure } = readBenchOptions(options);
  const under = await openModel(model, sweep.dtype, measure.signal);
  const configuration: Configuration = {
    batch: sweep.batch?.[0] ?? null,
    sequence: sweep.sequence?.[0] ?? null,
    threads: sweep.threads?.[0] ?? null,
    provider: sweep.provider?.[0] ?? (currentRuntime().target === 'native' ? 'cpu' : 'wasm'),
    dtype: under.isFolder ? (sweep.dtype?.[0] ?? 'fp32') : null,
    level: sweep.level?.[0] ?? 'all',
  };
  const open = async () => {
    if (texts) return new TextSubject(under, configuration, given, texts).open(measure.signal);
    const session = await createSession(under, configuration, given, measure.signal);
    const signature = signatureOf(session);
    expectGuessable(signature, wishes);
    return new OpenSession(session, makeFeeds(signature, wishes, configuration), {});
  };
  const opened = await open();
  const loaded = performance.now();
  await opened.run();
  const ended = performance.now();
  const memory = currentSurroundings().memory();
  tell({
    phases: { process: begun, load: loaded - begun, firstRun: ended - loaded },
    ...(memory && { memoryBytes: memory.bytes }),
  });
  await opened.close();
}
