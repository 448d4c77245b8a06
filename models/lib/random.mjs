/**
 * Seeded random numbers (xorshift32): the same on every platform.
 *
 *     const random = new Random(7);
 *     random.weights([32, 64], 0.1); // float32 tensor, uniform in ±0.1
 */
import { countElements, tensor } from './tensor.mjs';

export class Random {
  #state;

  /** @param {number} seed not 0 */
  constructor(seed) {
    this.#state = seed >>> 0 || 1;
  }

  /** @returns {number} in [0, 1) */
  next() {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 2 ** 32;
  }

  /** @param {number[]} dims @param {number} bound @param {number} [centre] */
  weights(dims, bound, centre = 0) {
    const values = new Float32Array(countElements(dims));
    for (let i = 0; i < values.length; i++) values[i] = centre + (this.next() * 2 - 1) * bound;
    return tensor('float32', dims, values);
  }
}
