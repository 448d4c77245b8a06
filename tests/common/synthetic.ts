/** A clock that goes on by what a test says, and subjects whose runs take known times by it. */
import type { Clock, OpenSubject, RunFacts, Subject } from 'infercore/bench';

export class SyntheticClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}

export interface Script {
  readonly clock: SyntheticClock;
  /** Milliseconds of opening, of the first run, and of each run after it; the last one holds for all others. */
  readonly open?: number;
  readonly runs: readonly number[];
  readonly facts?: RunFacts;
  /** Called before each run with its number, from 0 on. */
  readonly before?: (run: number) => void;
  readonly onClose?: () => void;
}

export function scripted({ clock, open = 0, runs, facts, before, onClose }: Script): Subject {
  let run = 0;
  const opened: OpenSubject = {
    run: () => {
      before?.(run);
      clock.pass(runs[Math.min(run, runs.length - 1)] ?? 0);
      run += 1;
      return Promise.resolve(facts);
    },
    close: () => {
      onClose?.();
      return Promise.resolve();
    },
  };
  return {
    open: () => {
      clock.pass(open);
      return Promise.resolve(opened);
    },
  };
}
