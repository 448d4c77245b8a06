/** How a worker is begun, and what to say when it does not come up: browsers say nothing or "error". */
import { coreSettings } from '../core_settings.js';
import { InferError } from '../error.js';
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
  try {
    // The second form is written out, so that bundlers see the script and take it along.
    const worker = path
      ? new Worker(path, { type: 'module' })
      : new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    return { worker, ready: comingUp(worker, path, signal) };
  } catch (error) {
    throw notStarted(path, error instanceof Error ? error.message : String(error));
  }
}

function comingUp(
  worker: Worker,
  path: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const fail = (reason: string): void => {
      if (settled) return;
      stop();
      worker.terminate();
      reject(notStarted(path, reason));
    };
    const look = (otherwise?: string): void => {
      void reasonFor(path).then((reason) => {
        const said = reason ?? otherwise;
        if (said !== undefined) fail(said);
      });
    };
    const heard = ({ data }: MessageEvent<Message>): void => {
      if (data.kind !== 'ready') return;
      stop();
      resolve(data.lock);
    };
    const failed = (event: Event): void => {
      const message = event instanceof ErrorEvent ? event.message : '';
      look(message || 'it can not be loaded, or loads what can not be');
    };
    const timers = [
      setTimeout(look, LOOK_AFTER_MS),
      setTimeout(() => {
        look(`it said nothing for ${LONGEST_START_MS / 1000} s`);
      }, LONGEST_START_MS),
    ];
    const stop = (): void => {
      settled = true;
      timers.forEach(clearTimeout);
      worker.removeEventListener('message', heard);
      worker.removeEventListener('error', failed);
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.addEventListener('message', heard);
    worker.addEventListener('error', failed);
  });
}

function notStarted(path: string | undefined, reason: string): InferError {
  const where = path === undefined ? "the worker's script" : `the worker's script at ${path}`;
  return new InferError({
    code: 'RUNTIME_NOT_FOUND',
    message: `expected ${where} to start: ${reason}`,
    hint: 'env.core.workerPath can name the worker.js of this package, on the origin of the page',
  });
}

/** What is wrong with how the script is served, as far as the page can see. */
async function reasonFor(path: string | undefined): Promise<string | undefined> {
  if (path !== undefined) return faultOfAnswer(path, true);
  // Under which name a bundler put the script, nobody tells. This file comes from the same server.
  const own = import.meta.url;
  const beside = await faultOfAnswer(own.replace(/[^/]*$/, 'worker.js'), false);
  return beside ?? faultOfAnswer(own, false);
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
