/** Does the event loop stay free while runs are under way? */

/** Pages round shorter timers up to 4 ms. */
const INTERVAL_MS = 5;
const IDLE_MS = 300;
const BUSY_MS = 1000;
const LEAST_RUNS = 5;

/** How late timers fire until `work` is done, in milliseconds. */
async function delaysDuring(work: Promise<unknown>): Promise<number[]> {
  const delays: number[] = [];
  let over = false;
  // What fails is thrown below: until then it must not be a rejection that nobody handles.
  const ended = work
    .then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    .finally(() => {
      over = true;
    });
  while (!over) {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    delays.push(Math.max(0, performance.now() - start - INTERVAL_MS));
  }
  const failure = await ended;
  if (failure) throw failure.error;
  return delays;
}

export interface LoopDelays {
  readonly runs: number;
  readonly idle: readonly number[];
  readonly delays: readonly number[];
}

/** Delays while nothing happens, and while one run follows the other; `goesOn` says whether there is to be another. */
export async function loopDelays(
  run: () => Promise<unknown>,
  goesOn: () => boolean,
): Promise<LoopDelays> {
  const idle = await delaysDuring(new Promise((resolve) => setTimeout(resolve, IDLE_MS)));
  let runs = 0;
  const busy = async (): Promise<void> => {
    const start = performance.now();
    while (goesOn() && (runs < LEAST_RUNS || performance.now() - start < BUSY_MS)) {
      await run();
      runs += 1;
      // Runs that settle without a turn of the loop would be its delay, and not those of the library.
      if (runs % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const delays = await delaysDuring(busy());
  return { runs, idle, delays };
}
