/** Seeded random numbers, the same on every target: xorshift32 (Marsaglia, 2003), scrambled by a product. */
export class Random {
  #state: number;

  /** @param seed a whole number; `what` makes another sequence of it for each purpose */
  constructor(seed: number, what = '') {
    // FNV-1a over both: seeds that lie side by side give sequences that do not.
    let hash = 0x811c9dc5;
    for (const character of `${seed}/${what}`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    }
    this.#state = hash === 0 ? 1 : hash;
  }

  /** A number from 0 up to, and not including, 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return (Math.imul(this.#state, 0x9e3779b1) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }
}
