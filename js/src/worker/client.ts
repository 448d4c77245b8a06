import type { Abort } from '../abort.js';
import { InferError } from '../error.js';
import { Queue } from '../queue.js';
import type { ProgressEvent } from '../source.js';
import type { Warning } from '../warning.js';
import { Connection, WorkerLost } from './connection.js';
import type { CallName, Calls } from './protocol.js';

/** So many crashes without a result between them: the next worker would crash too. */
const MOST_CRASHES = 3;

export interface CallOptions {
  readonly abort: Abort;
  readonly transfer?: readonly Transferable[];
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** How long the worker may take to end an aborted call itself; 0 for a call that can't be ended from inside. */
  readonly graceMs: number;
}

/** Loads everything into a fresh worker: the recipe. */
export type Open<Opened> = (
  connection: Connection,
  onProgress?: (event: ProgressEvent) => void,
) => Promise<Opened>;

/**
 * One thing in a worker, made anew whenever the worker is lost. One call at a time is in the worker, the others wait
 * here: whatever ends the worker costs one call alone.
 *
 * @example
 * const client = new WorkerClient(open, onWarning);
 * await client.start(abort, onProgress);
 * const outputs = await client.call('run', { feeds, fetches, settings }, { abort, graceMs: 0 });
 */
export class WorkerClient<Opened> {
  /** Milliseconds from the beginning of the first worker until it listened. */
  spawnMs = 0;
  readonly #queue = new Queue();
  #current: Connection | undefined;
  /** The connection that calls go to; undefined when making one has failed: the next call tries again. */
  #live: Promise<Connection> | undefined;
  #crashes = 0;
  #started = false;
  #disposed = false;

  constructor(
    private readonly open: Open<Opened>,
    private readonly onWarning: (warning: Warning) => void,
  ) {}

  /** The first worker. When this fails, nothing is left behind. */
  async start(abort: Abort, onProgress?: (event: ProgressEvent) => void): Promise<Opened> {
    const begin = performance.now();
    const connection = this.#connect();
    abort.onAbort(() => {
      connection.end(abort.error());
    });
    try {
      await connection.ready;
      this.spawnMs = performance.now() - begin;
      const opened = await this.open(connection, onProgress);
      this.#live = Promise.resolve(connection);
      this.#started = true;
      return opened;
    } catch (error) {
      connection.end(error as Error);
      throw crashedLoading(error);
    }
  }

  /** @throws InferError what the worker says, ABORTED, TIMEOUT, RUNTIME_ERROR where the worker crashed */
  call<Name extends CallName>(
    name: Name,
    argument: Calls[Name]['argument'],
    options: CallOptions,
  ): Promise<Calls[Name]['result']> {
    const { abort, transfer, onProgress } = options;
    return this.#queue.add(async () => {
      const connection = await abort.race(this.#connected());
      abort.check();
      const answer = connection.call(name, argument, transfer, onProgress);
      const id = connection.lastId;
      abort.onAbort(() => {
        this.#interrupt(connection, id, options);
      });
      try {
        const result = await answer;
        this.#crashes = 0;
        return result;
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        throw crash('the run', error, this.#crashes < MOST_CRASHES ? RUN_AGAIN : GIVE_UP);
      }
    }, abort);
  }

  /** Ends the worker after the calls that were made before. */
  dispose(): Promise<void> {
    return this.#queue.add(() => {
      this.#disposed = true;
      this.#current?.end(new InferError({ code: 'DISPOSED', message: 'the worker was ended' }));
      return Promise.resolve();
    });
  }

  #connect(): Connection {
    const connection = new Connection({
      onWarning: this.onWarning,
      onLost: (error, busy) => {
        if (!this.#started || this.#disposed || this.#current !== connection) return;
        this.#crashes += 1;
        this.#restart();
        // Otherwise the call that failed says it.
        if (!busy) this.onWarning(restarted(error));
      },
    });
    this.#current = connection;
    return connection;
  }

  async #connected(): Promise<Connection> {
    if (!this.#live) this.#restart();
    if (!this.#live) throw gaveUp();
    return this.#live.catch((error: unknown) => {
      throw crashedLoading(error);
    });
  }

  /** In the background: the next call waits for it, and hears when it fails. */
  #restart(): void {
    if (this.#crashes >= MOST_CRASHES) {
      this.#live = undefined;
      return;
    }
    const live = this.#reopen();
    this.#live = live;
    live.catch(() => {
      if (this.#live === live) this.#live = undefined;
    });
  }

  async #reopen(): Promise<Connection> {
    const connection = this.#connect();
    try {
      await connection.ready;
      await this.open(connection);
      return connection;
    } catch (error) {
      connection.end(error as Error);
      throw error;
    }
  }

  #interrupt(connection: Connection, id: number, { abort, graceMs }: CallOptions): void {
    const end = (): void => {
      if (!connection.isWaiting(id)) return;
      connection.end(abort.error());
      if (!this.#disposed) this.#restart();
    };
    if (graceMs === 0) {
      end();
      return;
    }
    connection.abort(id);
    setTimeout(end, graceMs);
  }
}

const RUN_AGAIN = 'a new worker is being made: run it again';
const GIVE_UP = 'dispose this one; make another with smaller inputs, or a smaller model';

function crash(what: string, lost: WorkerLost, hint?: string): InferError {
  const message = `the worker crashed during ${what}: ${lost.message}`;
  return new InferError(
    { code: 'RUNTIME_ERROR', message, ...(hint === undefined ? {} : { hint }) },
    { cause: lost },
  );
}

function crashedLoading(error: unknown): unknown {
  if (!(error instanceof WorkerLost)) return error;
  return crash(
    'loading',
    error,
    error.silent ? 'is there enough memory for the model?' : undefined,
  );
}

function gaveUp(): InferError {
  return new InferError({
    code: 'RUNTIME_ERROR',
    message: `the worker crashed ${MOST_CRASHES} times without a result: no other is made`,
    hint: GIVE_UP,
  });
}

function restarted(lost: WorkerLost): Warning {
  return {
    code: 'WORKER_RESTARTED',
    message: `the worker crashed while it had nothing to do: ${lost.message}`,
    hint: 'a new one was made; the next run may wait for it',
  };
}
