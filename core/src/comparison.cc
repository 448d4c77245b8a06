#include "infercore/comparison.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bootstrap.h"
#include "erfc.h"
#include "samples.h"

namespace infercore {
namespace {

constexpr std::size_t kResamples = 2000;
/// Up to so many samples in each list the U test counts all orders.
constexpr std::size_t kExactSamples = 20;

void check_list(const char* name, std::span<const double> samples, FaultList& faults) {
  if (samples.empty()) {
    faults.add({name, Code::kInvalidInput,
                std::string("expected at least one sample in ") + name + ", received none"});
  }
  check_samples(name, samples, faults);
}

double median_of(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
}

double ratio_of(double a, double b) {
  if (b > 0) return a / b;
  return a > 0 ? std::numeric_limits<double>::infinity() : 1;
}

void bootstrap_ratio(const std::vector<double>& a, const std::vector<double>& b,
                     Comparison& comparison) {
  Random random(0x1f3c0de);
  std::vector<double> ratios(kResamples);
  for (double& ratio : ratios) {
    const double median_a = resampled_median(a, random);
    ratio = ratio_of(median_a, resampled_median(b, random));
  }
  std::sort(ratios.begin(), ratios.end());
  const std::size_t tail = kResamples / 40;  // 2.5 % at each end
  comparison.ratio_ci95_low = ratios[tail - 1];
  comparison.ratio_ci95_high = ratios[kResamples - tail];
}

/// What the U test needs of two sorted lists: U of `a` (pairs in which a is larger, ties one half)
/// and Σ(t³ − t) over groups of t equal samples.
struct Ranking {
  double u = 0;
  double ties = 0;
};

Ranking rank(const std::vector<double>& a, const std::vector<double>& b) {
  Ranking ranking;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const double value = j == b.size() || (i < a.size() && a[i] < b[j]) ? a[i] : b[j];
    const std::size_t first_i = i;
    const std::size_t first_j = j;
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    const auto of_a = static_cast<double>(i - first_i);
    const auto of_b = static_cast<double>(j - first_j);
    ranking.u += of_a * (static_cast<double>(first_j) + of_b / 2);
    const double t = of_a + of_b;
    ranking.ties += t * (t * t - 1);
  }
  return ranking;
}

/// P(U ≤ u) for two lists without ties, by counting all orders: the number of ways to reach a sum
/// of i with the first m ranks (Mann and Whitney, 1947). All counts are integers below 2⁵³.
double exact_tail(std::size_t n1, std::size_t n2, double u) {
  // ways[i][s]: choices of i of the first m samples whose U is s.
  std::vector<std::vector<double>> ways(n1 + 1, std::vector<double>(n1 * n2 + 1, 0.0));
  ways[0][0] = 1;
  for (std::size_t m = 1; m <= n1 + n2; ++m) {
    for (std::size_t i = std::min(n1, m); i >= 1; --i) {
      // The m-th sample as the i-th of a lies above m − i samples of b.
      const std::size_t above = m - i;
      if (above > n2) continue;
      for (std::size_t s = above; s <= n1 * n2; ++s) ways[i][s] += ways[i - 1][s - above];
    }
  }
  double below = 0;
  double all = 0;
  for (std::size_t s = 0; s <= n1 * n2; ++s) {
    all += ways[n1][s];
    if (static_cast<double>(s) <= u) below += ways[n1][s];
  }
  return below / all;
}

double p_value(const std::vector<double>& a, const std::vector<double>& b) {
  const Ranking ranking = rank(a, b);
  const auto n1 = static_cast<double>(a.size());
  const auto n2 = static_cast<double>(b.size());
  if (ranking.ties == 0 && a.size() <= kExactSamples && b.size() <= kExactSamples) {
    const double smaller = std::min(ranking.u, n1 * n2 - ranking.u);
    return std::min(1.0, 2 * exact_tail(a.size(), b.size(), smaller));
  }
  const double n = n1 + n2;
  const double variance = n1 * n2 / 12 * ((n + 1) - ranking.ties / (n * (n - 1)));
  const double distance = std::abs(ranking.u - n1 * n2 / 2) - 0.5;
  if (!(variance > 0) || distance <= 0) return 1;
  return erfc_exact(distance / std::sqrt(2 * variance));
}

}  // namespace

std::string_view verdict_name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kFaster:
      return "faster";
    case Verdict::kSlower:
      return "slower";
    case Verdict::kNoDifference:
      break;
  }
  return "no difference";
}

Result<Comparison> compare_samples(std::span<const double> a, std::span<const double> b) {
  FaultList faults;
  check_list("a", a, faults);
  check_list("b", b, faults);
  if (!faults.empty()) return std::move(faults).status("the samples can't be compared");
  const std::vector<double> sorted_a = sorted_samples(a);
  const std::vector<double> sorted_b = sorted_samples(b);
  if (!(median_of(sorted_b) > 0)) {
    return Status(Code::kInvalidInput,
                  "expected a median above 0 for b, received 0: there is no ratio to it",
                  "measure several calls as one sample when the timer is too coarse");
  }

  Comparison comparison;
  comparison.ratio = median_of(sorted_a) / median_of(sorted_b);
  bootstrap_ratio(sorted_a, sorted_b, comparison);
  comparison.p = p_value(sorted_a, sorted_b);
  if (comparison.p < 0.05 && comparison.ratio_ci95_high < 1) comparison.verdict = Verdict::kFaster;
  if (comparison.p < 0.05 && comparison.ratio_ci95_low > 1) comparison.verdict = Verdict::kSlower;
  return comparison;
}

}  // namespace infercore
