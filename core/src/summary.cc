#include "infercore/summary.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace infercore {
namespace {

double percentile(const std::vector<double>& sorted, double p) {
  const double rank = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<Fault> faults_of(std::span<const double> samples) {
  std::vector<Fault> faults;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isfinite(samples[i]) && samples[i] >= 0) continue;
    const char* what = std::isnan(samples[i]) ? "NaN"
                       : samples[i] < 0       ? "a negative number"
                                              : "Infinity";
    const std::string path = "samples[" + std::to_string(i) + "]";
    faults.push_back(
        {path, Code::kInvalidInput,
         "expected a finite number of milliseconds for " + path + ", received " + what});
  }
  return faults;
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
  if (std::vector<Fault> faults = faults_of(samples); !faults.empty()) {
    return Status::from_faults("the samples can't be summarised", std::move(faults));
  }

  std::vector<double> sorted(samples.begin(), samples.end());
  // −0 becomes 0: the two are equal, so each standard library's sort may leave another one first.
  for (double& x : sorted) x += 0.0;
  std::sort(sorted.begin(), sorted.end());

  Summary summary;
  summary.n = sorted.size();
  const auto n = static_cast<double>(summary.n);
  // Around the first value, so that samples close to each other lose no digits; in sorted order, so
  // that the order of measurement does not change the last digit.
  const double origin = sorted.front();
  double sum = 0;
  for (const double x : sorted) sum += x - origin;
  summary.mean = origin + sum / n;
  if (!std::isfinite(sum)) {
    // A sum beyond the doubles, of values within: their mean is within, too.
    summary.mean = origin;
    for (const double x : sorted) summary.mean += (x - origin) / n;
  }
  double squares = 0;
  for (const double x : sorted) squares += (x - summary.mean) * (x - summary.mean);
  summary.sd = summary.n > 1 ? std::sqrt(squares / (n - 1)) : 0;
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
