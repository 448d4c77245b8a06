import type { InferenceSession as Ort } from 'onnxruntime-common';
import type * as OnnxRuntimeWeb from 'onnxruntime-web';
import { Queue } from './queue.js';
import type { Warning } from './warning.js';
import { endsModule, ModuleEnded, runtimeError, threadFailed, wordsOf } from './web_error.js';

export type Web = typeof OnnxRuntimeWeb;

export interface Threads {
  /** Absent: the runtime's own choice. */
  readonly count?: number;
  /** Who decided, for the report. */
  readonly reason: string;
  readonly warning?: Warning;
}

/**
 * One loaded copy of onnxruntime-web. It does one thing at a time ("Session already started" otherwise), so all its
 * sessions share one queue; two copies run side by side.
 *
 * A module that ended itself (a trap, abort()) stays ended as long as the page: the browser keeps one copy of a script.
 * In a worker of ours the page makes another worker.
 */
export class WebCopy {
  readonly queue = new Queue();
  private ended: string | undefined;

  constructor(
    readonly web: Web,
    readonly threads: Threads,
  ) {}

  /** @throws ModuleEnded */
  expectAlive(what: string): void {
    if (this.ended !== undefined) throw new ModuleEnded(what, this.ended);
  }

  /**
   * Calls the module, in a turn of the queue.
   *
   * @param what stands behind "onnxruntime-web can't"
   * @throws InferError for whatever it fails with; ModuleEnded of the call that ended it, and of all that follow
   */
  async call<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.expectAlive(what);
    try {
      return await work();
    } catch (error) {
      if (!endsModule(error)) throw runtimeError(what, error);
      this.ended = wordsOf(error);
      throw new ModuleEnded(what, this.ended, error);
    }
  }

  createSession(what: string, bytes: Uint8Array, options: Ort.SessionOptions): Promise<Ort> {
    return this.call(what, async () => {
      const watch = new AbortController();
      try {
        const session = this.web.InferenceSession.create(bytes, options);
        return await Promise.race([session, threadFailed(watch.signal)]);
      } finally {
        watch.abort();
      }
    });
  }

  /** Gives a session's memory back by `work`. There is none to give where the module has ended. */
  async release(work: () => Promise<void>): Promise<void> {
    if (this.ended === undefined) await this.call('free a session', work);
  }
}
