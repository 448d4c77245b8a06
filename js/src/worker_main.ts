/** The script of a worker, dist/esm/worker.js. It must not reach what starts workers: bundlers refuse such a circle. */
import './browser_core.js';
import { Host } from './worker/host.js';
import type { WorkerScope } from './worker/host.js';

const scope = globalThis as unknown as WorkerScope;

function ready(lock?: string): void {
  new Host(scope);
  scope.postMessage({ kind: 'ready', lock });
}

/** Held until the worker ends, however it ends: then the page, which waits for it, gets it. */
function holdLock(locks: LockManager): void {
  const name = `infercore-worker-${crypto.randomUUID()}`;
  let held = false;
  locks
    .request(name, () => {
      held = true;
      ready(name);
      return new Promise(() => undefined);
    })
    .catch(() => {
      if (!held) ready();
    });
}

// onnxruntime-web starts its threads from the script that it is in. Where a bundler has put it into this one, that would
// wait for ever.
if ((globalThis as { name?: string }).name?.startsWith('em-pthread')) {
  throw new Error(
    "onnxruntime-web must be a file of its own beside the worker's script: Vite does so with worker: { format: 'es' }",
  );
}

// Insecure contexts have no locks: there the page hears of errors alone.
if ('locks' in navigator) holdLock(navigator.locks);
else ready();
