/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} from @param {number} length */
export function cosine(a, b, from = 0, length = a.length) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = from; i < from + length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb);
}

/**
 * @param {Float32Array} vectors @param {Float32Array} reference rows of `width` values each
 * @returns {number} the least cosine of two rows; −1 when the shapes differ
 */
export function worstCosine(vectors, reference, width) {
  if (vectors.length !== reference.length) return -1;
  let worst = 1;
  for (let from = 0; from < reference.length; from += width) {
    const found = cosine(vectors, reference, from, width);
    // Also for NaN, which no comparison finds.
    if (!(found >= worst)) worst = Number.isNaN(found) ? -1 : found;
  }
  return worst;
}

/**
 * The mean of the hidden states of real tokens.
 *
 * @param {Float32Array} hidden [tokens, width] of one text without padding
 * @returns {Float32Array}
 */
export function meanOfRows(hidden, width) {
  const mean = new Float64Array(width);
  for (let i = 0; i < hidden.length; i++) mean[i % width] += hidden[i];
  return Float32Array.from(mean, (sum) => sum / (hidden.length / width));
}
