/** Sixteen-bit floats (IEEE 754 binary16), which travel as their bits. */

export function numberOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Of the nearest one to a number; beyond the greatest it is infinity. */
export function bitsOfHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // Below 2⁻¹⁴ all have the same distance. A fraction that is rounded up to 1024 carries into the exponent, as it should.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const steps = Math.round(magnitude * 2 ** (10 - exponent));
  return sign | (((exponent + 14) << 10) + steps);
}
