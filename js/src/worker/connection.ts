import { InferError } from '../error.js';
import type { ProgressEvent } from '../source.js';
import type { Warning } from '../warning.js';
import { notSendable } from './portable.js';
import type { CallName, Calls, Message } from './protocol.js';
import { startWorker } from './spawn.js';

/** The worker is gone, and nobody asked it to go. */
export class WorkerLost extends Error {
  constructor(
    what: string,
    /** It said nothing: that is how memory ends. */
    readonly silent = false,
  ) {
    super(what);
  }
}

export interface ConnectionEvents {
  readonly onWarning: (warning: Warning) => void;
  /** Called once, after what waited was told. `busy`: there was something that waited. */
  readonly onLost: (error: WorkerLost, busy: boolean) => void;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((event: ProgressEvent) => void) | undefined;
}

/** One worker from its start to its end. */
export class Connection {
  /** Rejects with RUNTIME_NOT_FOUND when the worker does not come up. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #watch = new AbortController();
  #lastId = 0;
  #ended: Error | undefined;

  constructor(private readonly events: ConnectionEvents) {
    const { worker, ready } = startWorker(this.#watch.signal);
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      this.#hear(data);
    });
    this.ready = new Promise((resolve, reject) => {
      ready.then((lock) => {
        this.#watchFor(lock);
        resolve();
      }, reject);
      this.#waiting.set(0, { resolve, reject, onProgress: undefined });
    });
    this.ready.catch(() => undefined); // who opens the connection hears of it
  }

  /** Of the last call that was made. */
  get lastId(): number {
    return this.#lastId;
  }

  /** @throws InferError what the worker says; WorkerLost; what end() was told */
  call<Name extends CallName>(
    call: Name,
    argument: Calls[Name]['argument'],
    transfer: readonly Transferable[] = [],
    onProgress?: (event: ProgressEvent) => void,
  ): Promise<Calls[Name]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const id = ++this.#lastId;
      try {
        this.#worker.postMessage({ id, call, argument }, [...transfer]);
      } catch (error) {
        reject(notSendable(error));
        return;
      }
      this.#waiting.set(id, { resolve, reject, onProgress });
    });
  }

  /** Asks the worker to end a call: it will answer ABORTED, when it gets to it. */
  abort(id: number): void {
    this.#worker.postMessage({ id, call: 'abort' });
  }

  isWaiting(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Ends the worker at once; what waits fails with `error`. */
  end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#watch.abort();
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #lost(what: string, silent = false): void {
    if (this.#ended !== undefined) return;
    const error = new WorkerLost(what, silent);
    const busy = this.#waiting.size > 0;
    this.end(error);
    this.events.onLost(error, busy);
  }

  /** Once it is up, an error that nobody caught in there is a crash: what state it is in, nobody knows. */
  #watchFor(lock: string | undefined): void {
    this.#waiting.delete(0);
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#lost(event.message || 'an error that the browser does not tell');
    });
    this.#worker.addEventListener('messageerror', () => {
      this.#lost('it sent what can not be read');
    });
    // A worker that ends by itself says nothing. Its lock comes free, where the browser has locks (secure contexts).
    if (lock === undefined) return;
    navigator.locks
      .request(lock, { signal: this.#watch.signal }, () => {
        this.#lost('it ended by itself, as one does that runs out of memory', true);
      })
      .catch(() => undefined);
  }

  #hear(message: Message): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'warning') {
      this.events.onWarning(message.warning);
      return;
    }
    if (message.kind === 'ended') {
      this.#lost(message.reason);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if (message.kind === 'progress') {
      try {
        waiting.onProgress?.(message.event);
      } catch (error) {
        // As without a worker: what the user's callback throws ends the call.
        this.#waiting.delete(message.id);
        this.abort(message.id);
        waiting.reject(error as Error);
      }
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'result') waiting.resolve(message.result as never);
    else {
      const { failure, cause } = message;
      waiting.reject(
        new InferError(failure, cause === undefined ? undefined : { cause: new Error(cause) }),
      );
    }
  }
}
