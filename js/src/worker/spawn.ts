/** How a worker is begun, and what to say when it does not come up: browsers say nothing or "error". */
import { coreSettings } from '../core_settings.js';
import { InferError } from '../error.js';
import { watchPolicy } from '../web_policy.js';
import { absolute } from './portable.js';
import type { Message } from './protocol.js';

/** A worker that has said nothing for so long never will. */
const LONGEST_START_MS = 10_000;
/** When to look why it says nothing. */
const LOOK_AFTER_MS = 1_000;
const HEADER = 'Cross-Origin-Embedder-Policy';

export interface StartedWorker {
  readonly worker: Worker;
  /** The name of the lock that it holds; rejects with RUNTIME_NOT_FOUND when it does not come up. */
  readonly ready: Promise<string | undefined>;
}

/**
 * `signal` ends the waiting; ending the worker is the caller's.
 *
 * @throws InferError RUNTIME_NOT_FOUND where the browser refuses at once, INVALID_OPTION for wrong settings
 */
export function startWorker(signal: AbortSignal): StartedWorker {
  const { workerPath } = coreSettings();
  const path = workerPath === undefined ? undefined : absolute(workerPath);
  const waiting = new AbortController();
  const refusal = watchPolicy(waiting.signal);
  try {
    // The second form is written out, so that bundlers see the script and take it along.
    const worker = path
      ? new Worker(path, { type: 'module' })
      : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    return { worker, ready: comingUp({ worker, path, waiting, refusal }, signal) };
  } catch (error) {
    waiting.abort();
    throw notStarted(path, error instanceof Error ? error.message : String(error));
  }
}

interface Starting {
  readonly worker: Worker;
  readonly path: string | undefined;
  /** Aborted when nothing is waited for any more. */
  readonly waiting: AbortController;
  /** What the page's policy has against it. */
  readonly refusal: () => string | undefined;
}

function comingUp(
  { worker, path, waiting, refusal }: Starting,
  signal: AbortSignal,
): Promise<string | undefined> {
  const listening = { signal: waiting.signal };
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      if (waiting.signal.aborted) return;
      waiting.abort();
      worker.terminate();
      reject(notStarted(path, reason));
    };
    /** `otherwise`: to be told where nothing is found; then it is sure that something is wrong. */
    const look = async (otherwise?: string): Promise<void> => {
      const reason = await reasonFor(path, otherwise !== undefined);
      const said = refusal() ?? reason ?? otherwise;
      if (said !== undefined) fail(said);
    };
    const timers = [
      setTimeout(() => void look(), LOOK_AFTER_MS),
      setTimeout(
        () => void look(`it said nothing for ${LONGEST_START_MS / 1000} s`),
        LONGEST_START_MS,
      ),
    ];
    waiting.signal.addEventListener('abort', () => {
      timers.forEach(clearTimeout);
    });
    signal.addEventListener(
      'abort',
      () => {
        waiting.abort();
      },
      listening,
    );
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<Message>) => {
        if (data.kind !== 'ready') return;
        waiting.abort();
        resolve(data.lock);
      },
      listening,
    );
    worker.addEventListener(
      'error',
      (event) => {
        // A script that runs says what is wrong; one that is not there, is not one, or is refused does not.
        if (event instanceof ErrorEvent && event.message) fail(event.message);
        else void look('it can not be loaded, or loads what can not be');
      },
      listening,
    );
  });
}

function notStarted(path: string | undefined, reason: string): InferError {
  const where = path === undefined ? "the worker's script" : `the worker's script at ${path}`;
  return new InferError({
    code: 'RUNTIME_NOT_FOUND',
    message: `expected ${where} to start: ${reason}`,
    hint: 'a bundler has to take along the worker.js of this package, or env.core.workerPath to name it, on the origin of the page',
  });
}

/**
 * What is wrong with how the script is served, as far as the page can see.
 *
 * @param failed false: it may only be slow
 */
async function reasonFor(path: string | undefined, failed: boolean): Promise<string | undefined> {
  if (path !== undefined) return faultOfAnswer(path, true);
  // Under which name a bundler put the script, nobody tells. This file comes from the same server.
  const own = import.meta.url;
  const beside = own.replace(/[^/]*$/, 'worker.js');
  const fault = (await faultOfAnswer(beside, false)) ?? (await faultOfAnswer(own, false));
  if (fault !== undefined || !failed) return fault;
  const missing = await faultOfAnswer(beside, true);
  return missing && `it is not beside the library, at ${beside} (${missing})`;
}

async function faultOfAnswer(address: string, mustBeThere: boolean): Promise<string | undefined> {
  if (!/^https?:/.test(address)) return undefined;
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    return mustBeThere ? `it can't be fetched: ${String(error)}` : undefined;
  }
  void response.body?.cancel();
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!response.ok || !type.includes('javascript')) {
    if (!mustBeThere) return undefined;
    return response.ok
      ? `it is served as ${type}, not as text/javascript`
      : `the server answered ${response.status} ${response.statusText}`;
  }
  const policy = response.headers.get(HEADER);
  if (!globalThis.crossOriginIsolated || policy !== null) return undefined;
  return `the page is cross-origin isolated and the script comes without the header ${HEADER}: require-corp`;
}
