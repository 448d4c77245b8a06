// Whether one list of benchmark samples is really faster than another.
//
//   Result<Comparison> comparison = compare_samples(mine, theirs);
//   comparison->ratio;                                 // 0.5: mine takes half the time
//   comparison->verdict == Verdict::kFaster;
//
// Only exactly rounded operations are used, in a fixed order, and random numbers come from a
// generator of its own with a fixed seed: every target prints the same digits.
#ifndef INFERCORE_COMPARISON_H_
#define INFERCORE_COMPARISON_H_

#include <span>
#include <string_view>

#include "infercore/status.h"

namespace infercore {

enum class Verdict { kFaster, kSlower, kNoDifference };

/// "faster", "slower", "no difference": a static string.
std::string_view verdict_name(Verdict verdict) noexcept;

struct Comparison {
  double ratio = 1;  ///< median(a) / median(b): below 1, a is faster
  double ratio_ci95_low = 1;
  double ratio_ci95_high = 1;
  double p = 1;  ///< two-sided, of the Mann-Whitney U test
  /// kFaster or kSlower only when p < 0.05 and the interval excludes 1.
  Verdict verdict = Verdict::kNoDifference;
};

/// Compares `a` with `b`. The interval comes from a percentile bootstrap of the ratio of medians
/// (Efron and Tibshirani, 1993; 2,000 resamples of both lists), p from the U test of Mann and
/// Whitney (1947): exact when there are at most 20 samples in each list and no ties, else by the
/// normal approximation with corrections for ties and continuity. Errors: INVALID_INPUT when a list
/// is empty, a sample is not a finite number ≥ 0 (all such samples are named), or the median of b
/// is 0.
Result<Comparison> compare_samples(std::span<const double> a, std::span<const double> b);

}  // namespace infercore

#endif  // INFERCORE_COMPARISON_H_
