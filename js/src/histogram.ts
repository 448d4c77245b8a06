/** Buckets of one doubling; the error of a quantile is at most half of one of them. */
const STEPS_BITS = 5;
/** Doublings from 2^-10 ms, about a microsecond, to 2^22 ms, more than an hour. */
const LEAST_EXPONENT = -10;
const GREATEST_EXPONENT = 22;
const COUNT = (GREATEST_EXPONENT - LEAST_EXPONENT) << STEPS_BITS;
/** In the upper half of a double: 11 bits of its exponent follow the sign, then the first 20 of its fraction. */
const SHIFT = 20 - STEPS_BITS;
const EXPONENT_BIAS = 1023;
const FIRST = (EXPONENT_BIAS + LEAST_EXPONENT) << STEPS_BITS;

/** The bounds that are handed out, each twice the one before: 0.125 ms to about 33 s. They are bounds of inner buckets. */
const SHOWN_BOUNDS: readonly number[] = Array.from({ length: 19 }, (_, i) => 2 ** (i - 3));

const bits = new DataView(new ArrayBuffer(8));

/** The bucket of `value`; below 0 what is too short to tell, mostly no time at all. */
function bucketOf(value: number): number {
  bits.setFloat64(0, value);
  return Math.min((bits.getUint32(0) >>> SHIFT) - FIRST, COUNT - 1);
}

function middleOf(bucket: number): number {
  bits.setUint32(4, 0);
  bits.setUint32(0, (bucket + FIRST) << SHIFT);
  const low = bits.getFloat64(0);
  bits.setUint32(0, (bucket + FIRST + 1) << SHIFT);
  return (low + bits.getFloat64(0)) / 2;
}

/** How long something took, in milliseconds: plain data that can be sent and stored. */
export interface Durations {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  /** Half of them took no longer. This and the other percentiles are at most 1.6 % (or 1 µs) from the exact ones. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** How many took less than `below` milliseconds, all of the buckets before counted too. Exact. */
  readonly buckets: readonly { readonly below: number; readonly count: number }[];
}

/**
 * Durations in a memory that never grows: 8 kB, from the first one on. Buckets are logarithmic, 32 to a doubling, so that
 * a quantile is within 1.6 % of the exact one whether microseconds or minutes are counted. Count, sum and max are exact.
 */
export class Histogram {
  #counts: Float64Array | undefined;
  /** Shorter than the first bucket. */
  #least = 0;
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param value milliseconds; what is below 0, as of a clock that was set back, counts as 0 */
  add(value: number): void {
    this.#count += 1;
    if (!(value > 0)) {
      this.#least += 1;
      return;
    }
    this.#sum += value;
    if (value > this.#max) this.#max = value;
    const bucket = bucketOf(value);
    if (bucket < 0) this.#least += 1;
    else {
      const counts = (this.#counts ??= new Float64Array(COUNT));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }

  /** The smallest value that at least the share `q` of all is not above; 0 without any. */
  quantile(q: number): number {
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = this.#least;
    if (seen >= rank || !this.#counts) return 0;
    for (let bucket = 0; bucket < COUNT; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) {
        // The last bucket takes whatever is longer, too.
        return bucket === COUNT - 1 ? this.#max : Math.min(middleOf(bucket), this.#max);
      }
    }
    return this.#max;
  }

  summary(): Durations {
    return {
      count: this.#count,
      sum: this.#sum,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50: this.quantile(0.5),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
      max: this.#max,
      buckets: this.#shownBuckets(),
    };
  }

  #shownBuckets(): Durations['buckets'] {
    let [bucket, count] = [0, this.#least];
    return SHOWN_BOUNDS.map((below) => {
      for (const end = bucketOf(below); bucket < end; bucket += 1) {
        count += this.#counts?.[bucket] ?? 0;
      }
      return { below, count };
    });
  }
}
