import type { Abort } from './abort.js';

/** One piece of work after the other, in the order they came. */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();

  /** Does `work` when its turn comes, unless `abort` ended it before; then it is never begun. */
  add<T>(work: () => Promise<T>, abort?: Abort): Promise<T> {
    const turn = this.last.then(async () => {
      abort?.check();
      return work();
    });
    this.last = turn.catch(() => undefined);
    return abort ? abort.race(turn) : turn;
  }

  /** When everything that was added so far is done, also what nobody waits for any more. */
  async idle(): Promise<void> {
    await this.last;
  }
}
