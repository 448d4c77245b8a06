// Statistics of one list of benchmark samples.
//
//   const double samples[] = {1.0, 2.0, 4.0};
//   Result<Summary> summary = summarize(samples);
//   summary->median;                                  // 2.0
//
// Only + - * / and sqrt are used, all of them exactly rounded, and powers of two, in the order of
// the sorted samples: every target prints the same digits, in whatever order they were measured.
#ifndef INFERCORE_SUMMARY_H_
#define INFERCORE_SUMMARY_H_

#include <cstddef>
#include <optional>
#include <span>

#include "infercore/status.h"

namespace infercore {

/// In the unit of the samples, except n, cv and outliers.
struct Summary {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  ///< of the sample (n − 1); 0 for one sample
  double cv = 0;  ///< sd / mean; 0 where the mean is 0
  double median = 0;
  double mad = 0;  ///< median of the absolute deviations from the median, not scaled
  double min = 0;
  double max = 0;
  double p50 = 0;
  double p75 = 0;
  double p90 = 0;
  double p95 = 0;
  std::optional<double> p99;   ///< only from 100 samples on: fewer hold no hundredth
  std::optional<double> p999;  ///< only from 1,000 samples on
  /// 95 % confidence interval of the median, from order statistics: no shape of distribution is
  /// assumed.
  double median_ci95_low = 0;
  double median_ci95_high = 0;
  /// Samples whose modified Z-score, 0.6745·|x − median| / mad, exceeds 3.5. They are counted, not
  /// dropped.
  std::size_t outliers = 0;
};

/// Summarises `samples`. Percentiles are linear between closest ranks (type 7 of Hyndman and Fan,
/// 1996), the modified Z-score is that of Iglewicz and Hoaglin (1993), the interval's ranks are n/2
/// ∓ 1.96·√n/2 (Conover, 1980). Errors: INVALID_INPUT when there are no samples, or one is not a
/// finite number ≥ 0 (the first hundred such samples are
/// named).
Result<Summary> summarize(std::span<const double> samples);

}  // namespace infercore

#endif  // INFERCORE_SUMMARY_H_
