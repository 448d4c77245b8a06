// The complementary error function, from exactly rounded operations alone: the C library's differs
// between targets in the last digits.
#ifndef INFERCORE_SRC_ERFC_H_
#define INFERCORE_SRC_ERFC_H_

namespace infercore {

/// erfc(x) for x ≥ 0, 0 from x = 26.5 on. Below 2 by the series of erf (DLMF 7.6.2), above by the
/// continued fraction (DLMF 7.9.1). The relative error is at most 1e-12 (measured against the C
/// library: 1.3e-13).
double erfc_exact(double x) noexcept;

}  // namespace infercore

#endif  // INFERCORE_SRC_ERFC_H_
