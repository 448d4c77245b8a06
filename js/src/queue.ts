import type { Abort } from './abort.js';
import { nextTask } from './task.js';

/** About one frame: longer than that, timers and the page must not wait. */
const LONGEST_BREATH_MS = 16;

/** One piece of work after the other, in the order they came. */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();
  private breath = 0;

  /** Does `work` when its turn comes, unless `abort` ended it before; then it is never begun. */
  add<T>(work: () => Promise<T>, abort?: Abort): Promise<T> {
    const turn = this.last.then(async () => {
      await this.breathe();
      abort?.check();
      return work();
    });
    this.last = turn.catch(() => undefined);
    return abort ? abort.race(turn) : turn;
  }

  /** Promises alone never let the event loop turn: no timer and no signal would be heard between two runs. */
  private async breathe(): Promise<void> {
    if (performance.now() - this.breath < LONGEST_BREATH_MS) return;
    await nextTask();
    this.breath = performance.now();
  }
}
