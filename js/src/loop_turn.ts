/** How long one turn of the event loop may be kept by work that is awaited and yet done at once. */
const PATIENCE_MS = 1;

let began: number | undefined;

/**
 * Whether something short may be done on this thread instead of on another: not once this turn has lasted a millisecond
 * since the first one. A loop that awaits promises which are settled already never lets timers and sockets have their
 * turn.
 */
export function turnIsYoung(): boolean {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    setImmediate(() => {
      began = undefined;
    });
  }
  return now - began < PATIENCE_MS;
}
