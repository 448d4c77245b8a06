import type { WarningList } from './report.js';
import type { RuntimeSession } from './runtime.js';

/** The recording of one session: from its loading on, or not at all. */
export class Profiling {
  #recording: boolean;

  constructor(
    private readonly runtime: Pick<RuntimeSession, 'endProfiling'>,
    private readonly warnings: WarningList,
    asked = false,
  ) {
    this.#recording = asked && runtime.endProfiling !== undefined;
  }

  /** @throws InferError NOT_SUPPORTED with `fallback: 'error'` where nothing is recorded */
  start(): void {
    if (!this.#recording) this.#warn('startProfiling');
  }

  /** @throws InferError as start(), and RUNTIME_ERROR */
  end(): string | undefined {
    if (!this.#recording) {
      this.#warn('endProfiling');
      return undefined;
    }
    this.#recording = false;
    return this.runtime.endProfiling?.();
  }

  #warn(what: string): void {
    const message = `${what} has no effect: a session is recorded from its loading on, or not at all`;
    const hint = 'create it with enableProfiling: true, which Node has';
    this.warnings.add({ code: 'OPTION_NOT_SUPPORTED', message, hint }, 'NOT_SUPPORTED');
  }
}
