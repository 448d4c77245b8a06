/** What times are read from. */
export interface Clock {
  /** Milliseconds since some moment; never fewer than before. */
  now(): number;
}

export const systemClock: Clock = { now: () => performance.now() };

/** So many changes are waited for; one alone may be longer, because something came between. */
const CHANGES = 20;
/** A clock that stands still is not waited for. */
const MOST_READS = 200_000;

/** The smallest step in milliseconds by which the clock goes on; 0 where it did not within many reads. */
export function resolutionOf(clock: Clock): number {
  let smallest = Infinity;
  let last = clock.now();
  for (let reads = 0, changes = 0; reads < MOST_READS && changes < CHANGES; reads += 1) {
    const now = clock.now();
    if (now <= last) continue;
    smallest = Math.min(smallest, now - last);
    last = now;
    changes += 1;
  }
  return smallest === Infinity ? 0 : smallest;
}
