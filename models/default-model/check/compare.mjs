/** How far vectors are apart, and the worst of many. */

/** @param {Float32Array} a @param {Float32Array} b @returns {number} */
export function cosine(a, b) {
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    squaresA += a[i] * a[i];
    squaresB += b[i] * b[i];
  }
  return product / Math.sqrt(squaresA * squaresB);
}

/** @param {Float32Array} a @param {Float32Array} b @returns {number} Infinity when lengths differ */
export function maxDifference(a, b) {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // NaN compares false with everything; it must count as a failure.
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return worst;
}

/** Keeps the worst value of one measure and knows its limit. */
export class Measure {
  #count = 0;
  #worst;
  #text = '';

  /** @param {string} name @param {{ atMost?: number, atLeast?: number }} limit one of the two */
  constructor(name, { atMost, atLeast }) {
    this.name = name;
    this.atMost = atMost;
    this.atLeast = atLeast ?? -Infinity;
    this.#worst = atMost === undefined ? Infinity : -Infinity;
  }

  /** @param {number} value @param {string} text what it belongs to */
  add(value, text) {
    this.#count++;
    const worse = this.atMost === undefined ? !(value >= this.#worst) : !(value <= this.#worst);
    if (worse) [this.#worst, this.#text] = [value, text];
  }

  get passed() {
    if (this.#count === 0) return false;
    return this.atMost === undefined ? this.#worst >= this.atLeast : this.#worst <= this.atMost;
  }

  toString() {
    const limit = this.atMost === undefined ? `>= ${this.atLeast}` : `<= ${this.atMost}`;
    const verdict = this.passed ? 'ok' : `FAILED, at: ${JSON.stringify(this.#text.slice(0, 60))}`;
    return `${this.name}: worst of ${this.#count} ${this.#worst} (${limit}) ${verdict}`;
  }
}
