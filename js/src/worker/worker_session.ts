import type { Abort } from '../abort.js';
import type { ValueSignature } from '../binding.js';
import { InferError } from '../error.js';
import { nameExternalData } from '../external_data.js';
import type { Fetches } from '../fetches.js';
import type { OpenSession } from '../open_session.js';
import type { RunSettings } from '../run_options.js';
import type { RuntimeSession } from '../runtime.js';
import type { AnyTensor } from '../tensor.js';
import { WorkerClient } from './client.js';
import { environment } from './environment.js';
import { portableSource, sendable } from './portable.js';
import type { OpenedInWorker } from './protocol.js';
import { copied, transferables } from './transfer.js';

/** What the page keeps for itself. */
const OF_THE_PAGE = [
  'onWarning',
  'onProgress',
  'onLog',
  'onSlowRun',
  'slowRunMs',
  'signal',
  'timeoutMs',
  'worker',
  'maxConcurrency',
  'maxQueue',
  'verify',
  'warmup',
  'preferredOutputLocation',
];

/** As openSession does it, in a worker: the page checks options and feeds, and fetches and runs nothing. */
export const openSessionInWorker: OpenSession = async (source, settings, warnings, abort) => {
  const { given } = settings;
  const named = given.externalData
    ? { ...given, externalData: nameExternalData(given.externalData, source) }
    : given;
  const recipe = {
    source: portableSource(source),
    settings: { ...settings, given: sendable(named, OF_THE_PAGE) },
  };
  const page = environment();
  // A live worker holds its client; what the user's callback holds must not live as long as that.
  const listed = new WeakRef(warnings);
  const client = new WorkerClient<OpenedInWorker>(
    (connection, onProgress) =>
      connection.call('openSession', { environment: page, recipe }, [], onProgress),
    (warning) => listed.deref()?.add(warning),
  );
  const opened = await client.start(abort, given.onProgress);
  for (const warning of opened.warnings) warnings.add(warning);
  return {
    session: new WorkerSession(client, opened),
    phases: { spawn: client.spawnMs, ...opened.phases },
    size: opened.size,
  };
};

class WorkerSession implements RuntimeSession {
  /** Feeds are checked in the page, so that nothing is copied in vain. */
  readonly validates = false;
  readonly locations: readonly string[] = [];
  readonly sequences = false;
  readonly inputs: readonly ValueSignature[];
  readonly feedable: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly report: RuntimeSession['report'];

  constructor(
    private readonly client: WorkerClient<OpenedInWorker>,
    { inputs, feedable, outputs, report }: OpenedInWorker,
  ) {
    this.inputs = inputs;
    this.feedable = feedable;
    this.outputs = outputs;
    this.report = { ...report, worker: true };
  }

  /** A run can't be ended from inside: an abort ends the worker, and another one is made. */
  async run(
    feeds: Readonly<Record<string, AnyTensor>>,
    { names }: Fetches,
    { logSeverityLevel, logVerbosityLevel, tag, configEntries }: RunSettings,
    abort: Abort,
  ): Promise<Record<string, AnyTensor>> {
    const own = copied(feeds);
    const settings = { logSeverityLevel, logVerbosityLevel, tag, configEntries };
    const { outputs, providers } = await this.client.call(
      'run',
      { feeds: own, fetches: names, settings },
      { abort, transfer: transferables(own), graceMs: 0 },
    );
    Object.assign(this.report.providers, providers);
    return outputs;
  }

  runSync(): never {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: 'runSync is not available in WebAssembly: a page can not wait for its worker',
      hint: 'await session.run(feeds)',
    });
  }

  embed(): never {
    throw new Error('a pipeline in a worker runs there as a whole');
  }

  dispose(): Promise<void> {
    return this.client.dispose();
  }
}
