/** What requests may be, and how each may end. The program counts, the scenario shows. */

/** Kinds of requests: how many of a hundred, and the errors that belong to them. */
export const KINDS = {
  run: { share: 30, expected: [] },
  batched: { share: 30, expected: [] },
  text: { share: 12, expected: [] },
  aborted: { share: 12, expected: ['ABORTED'] },
  'timed out': { share: 6, expected: ['TIMEOUT'] },
  bad: { share: 10, expected: ['INVALID_INPUT', 'INVALID_OPTION'] },
};

export const OUTCOMES = ['right', 'expected error', 'refused', 'wrong'];

/**
 * @param {string} kind @param {unknown} error what a request failed with
 * @returns {string} one of OUTCOMES
 */
export function outcomeOf(kind, error) {
  if (KINDS[kind].expected.includes(error?.code)) return 'expected error';
  // A queue that is full refuses whatever it is.
  return error?.code === 'QUEUE_FULL' ? 'refused' : 'wrong';
}

/** @param {number} percent from 0 to 99 @returns {string} a kind, as often as its share says */
export function kindOf(percent) {
  let sum = 0;
  return Object.keys(KINDS).find((kind) => percent < (sum += KINDS[kind].share));
}
