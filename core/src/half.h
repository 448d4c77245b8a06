// Sixteen-bit floats as single precision, exactly.
#ifndef INFERCORE_SRC_HALF_H_
#define INFERCORE_SRC_HALF_H_

#include <cstdint>
#include <cstring>

namespace infercore {

inline float float_of_bits(std::uint32_t bits) noexcept {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// BF16: the upper half of a single-precision float.
inline float float_of_bfloat16(std::uint16_t bits) noexcept {
  return float_of_bits(static_cast<std::uint32_t>(bits) << 16);
}

/// IEEE 754 binary16: 5 bits of exponent, 10 of fraction.
inline float float_of_half(std::uint16_t bits) noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = bits >> 10 & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0x1f) return float_of_bits(sign | 0x7f800000 | fraction << 13);
  if (exponent > 0) return float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
  // Zero or subnormal: fraction · 2⁻²⁴, which is a normal single-precision number.
  const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
  return sign != 0 ? -magnitude : magnitude;
}

}  // namespace infercore

#endif  // INFERCORE_SRC_HALF_H_
