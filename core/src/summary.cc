#include "infercore/summary.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "samples.h"

namespace infercore {
namespace {

double percentile(const std::vector<double>& sorted, double p) {
  const double rank = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Around the first value, so that samples close to each other lose no digits.
double mean_of(const std::vector<double>& sorted) {
  const auto n = static_cast<double>(sorted.size());
  const double origin = sorted.front();
  double sum = 0;
  for (const double x : sorted) sum += x - origin;
  if (std::isfinite(sum)) return origin + sum / n;
  // A sum beyond the doubles, of values within: their mean is within, too.
  double mean = origin;
  for (const double x : sorted) mean += (x - origin) / n;
  return mean;
}

/// Scaled by a power of two, so that no square is beyond the doubles or below them; it changes no
/// digit.
double deviation_of(const std::vector<double>& sorted, double mean) {
  const double largest = std::max(mean - sorted.front(), sorted.back() - mean);
  if (sorted.size() == 1 || !(largest > 0)) return 0;
  int exponent = 0;
  std::frexp(largest, &exponent);
  double squares = 0;
  for (const double x : sorted) {
    const double scaled = std::ldexp(x - mean, -exponent);
    squares += scaled * scaled;
  }
  return std::ldexp(std::sqrt(squares / static_cast<double>(sorted.size() - 1)), exponent);
}

/// The ranks n/2 ∓ 1.96·√n/2, rounded outwards; few samples give the whole range.
void median_interval(const std::vector<double>& sorted, Summary& summary) {
  constexpr double kZ = 1.959963984540054;
  const auto n = static_cast<double>(sorted.size());
  const double half = kZ * std::sqrt(n) / 2;
  const double low = std::floor(n / 2 - half) - 1;
  const double high = std::ceil(n / 2 + half);
  summary.median_ci95_low = sorted[static_cast<std::size_t>(std::max(low, 0.0))];
  summary.median_ci95_high = sorted[static_cast<std::size_t>(std::min(high, n - 1))];
}

}  // namespace

Result<Summary> summarize(std::span<const double> samples) {
  if (samples.empty()) {
    return Status(Code::kInvalidInput, "expected at least one sample, received none");
  }
  FaultList faults;
  check_samples("samples", samples, faults);
  if (!faults.empty()) return std::move(faults).status("the samples can't be summarised");
  const std::vector<double> sorted = sorted_samples(samples);

  Summary summary;
  summary.n = sorted.size();
  summary.mean = mean_of(sorted);
  summary.sd = deviation_of(sorted, summary.mean);
  summary.cv = summary.mean > 0 ? summary.sd / summary.mean : 0;
  summary.min = sorted.front();
  summary.max = sorted.back();
  summary.median = summary.p50 = percentile(sorted, 0.5);
  summary.p75 = percentile(sorted, 0.75);
  summary.p90 = percentile(sorted, 0.90);
  summary.p95 = percentile(sorted, 0.95);
  if (summary.n >= 100) summary.p99 = percentile(sorted, 0.99);
  if (summary.n >= 1000) summary.p999 = percentile(sorted, 0.999);
  median_interval(sorted, summary);

  std::vector<double> deviations;
  deviations.reserve(sorted.size());
  for (const double x : sorted) deviations.push_back(std::abs(x - summary.median));
  std::sort(deviations.begin(), deviations.end());
  summary.mad = percentile(deviations, 0.5);
  for (const double d : deviations) {
    // With a mad of 0 more than half of the samples are equal; then every other value is far away.
    if (summary.mad > 0 ? 0.6745 * d > 3.5 * summary.mad : d > 0) ++summary.outliers;
  }
  return summary;
}

}  // namespace infercore
