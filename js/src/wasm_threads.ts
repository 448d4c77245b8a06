import { nextTask } from './task.js';
import { watchPolicy } from './web_policy.js';

/** The workers of a module's threads, until all have started. */
export interface ThreadWorkers {
  /** What the glue makes each of. */
  readonly Worker: typeof Worker;
  /** To be called once: all are there, or none are to stay. */
  settle(started: boolean): void;
}

/** Calls `fail` when a thread does not start: the glue throws that where nobody catches it, and waits for ever. */
export function threadWorkers(fail: (error: Error) => void): ThreadWorkers {
  const starting = new AbortController();
  const refusal = watchPolicy(starting.signal);
  const workers: Worker[] = [];
  const failed = async (event: ErrorEvent, script: string): Promise<void> => {
    event.stopImmediatePropagation();
    event.preventDefault();
    await nextTask(); // what the policy says may come later
    const why = refusal() ?? (event.message || 'it can not be loaded, or loads what can not be');
    fail(new Error(`the script of a thread, ${script}, did not start: ${why}`));
  };
  return {
    Worker: class extends Worker {
      constructor(script: string | URL, options?: WorkerOptions) {
        super(script, options);
        workers.push(this);
        const { signal } = starting;
        this.addEventListener('error', (event) => void failed(event, String(script)), { signal });
      }
    },
    settle(started) {
      starting.abort();
      if (!started) for (const worker of workers) worker.terminate();
    },
  };
}
