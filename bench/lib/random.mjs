/** Numbers that look random and are the same in every run (Marsaglia's xorshift32). */
export class Random {
  #state;

  /** @param {number} seed not 0 */
  constructor(seed) {
    this.#state = seed >>> 0 || 1;
  }

  /** @param {number} end @returns {number} a whole number from 0 to end − 1 */
  below(end) {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % end;
  }

  /** @template T @param {T[]} list @returns {T[]} in another order; Fisher and Yates's way */
  shuffle(list) {
    const shuffled = [...list];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
    }
    return shuffled;
  }
}
