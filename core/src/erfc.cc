#include "erfc.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace infercore {
namespace {

/// 2^n for a normal number's n, by its bits.
double power_of_two(int n) {
  const std::uint64_t bits = static_cast<std::uint64_t>(n + 1023) << 52;
  double result;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

/// e^−x for 0 ≤ x ≤ 703: x = n·ln 2 + r, e^−r by its Taylor series (|r| ≤ ln 2 / 2, so that the
/// first term left out is below 1e-20).
double exp_negative(double x) {
  // ln 2 in two parts; the first has so few digits that n times it is exact.
  constexpr double kLn2High = 0x1.62e42fefap-1;
  constexpr double kLn2Low = 0x1.cf79abc9e3b3ap-40;
  const int n = static_cast<int>(std::floor(x * 1.4426950408889634 + 0.5));
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = 1;
  for (int i = 16; i >= 1; --i) sum = 1 - r / i * sum;
  return sum * power_of_two(-n);
}

constexpr double kTwoOverRootPi = 1.1283791670955126;

/// erf(x) = 2/√π · e^−x² · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)); no term is negative, nothing cancels.
double erf_series(double x) {
  double term = x;
  double sum = x;
  for (int n = 1; n <= 60; ++n) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return kTwoOverRootPi * exp_negative(x * x) * sum;
}

/// erfc(x) = e^−x² / √π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), from the end.
double erfc_fraction(double x) {
  double denominator = x;
  for (int n = 100; n >= 1; --n) denominator = x + 0.5 * n / denominator;
  return kTwoOverRootPi / 2 * exp_negative(x * x) / denominator;
}

}  // namespace

double erfc_exact(double x) noexcept {
  if (x >= 26.5) return 0;
  return x < 2 ? 1 - erf_series(x) : erfc_fraction(x);
}

}  // namespace infercore
