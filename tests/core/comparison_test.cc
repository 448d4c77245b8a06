#include "infercore/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "bootstrap.h"
#include "erfc.h"
#include "infercore/fault_list.h"

namespace infercore {
namespace {

std::vector<double> normal_samples(std::size_t n, double mean, double sd, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> distribution(mean, sd);
  std::vector<double> samples(n);
  for (double& x : samples) x = std::abs(distribution(generator));
  return samples;
}

/// U of a, pair by pair.
double u_of(const std::vector<double>& a, const std::vector<double>& b) {
  double u = 0;
  for (const double x : a) {
    for (const double y : b) u += x > y ? 1 : x == y ? 0.5 : 0;
  }
  return u;
}

/// The exact p by trying every choice of ranks for a.
double enumerated_p(const std::vector<double>& a, const std::vector<double>& b) {
  const std::size_t n = a.size() + b.size();
  const double middle = static_cast<double>(a.size() * b.size()) / 2;
  const double distance = std::abs(u_of(a, b) - middle);
  std::size_t all = 0;
  std::size_t extreme = 0;
  for (unsigned mask = 0; mask < 1U << n; ++mask) {
    if (static_cast<std::size_t>(__builtin_popcount(mask)) != a.size()) continue;
    double u = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) u += (mask >> i & 1) != 0 && (mask >> j & 1) == 0 ? 1 : 0;
    }
    ++all;
    if (std::abs(u - middle) >= distance) ++extreme;
  }
  return static_cast<double>(extreme) / static_cast<double>(all);
}

TEST(Erfc, AgreesWithTheLibrary) {
  double worst = 0;
  for (double x = 0; x < 26; x += 0.0013) {
    worst = std::max(worst, std::abs(erfc_exact(x) / std::erfc(x) - 1));
  }
  EXPECT_LT(worst, 1e-12);
  RecordProperty("worst", std::to_string(worst * 1e15) + "e-15");
  EXPECT_EQ(erfc_exact(0), 1);
  EXPECT_EQ(erfc_exact(30), 0);
  EXPECT_EQ(erfc_exact(std::numeric_limits<double>::infinity()), 0);
}

TEST(Comparison, ExactPOfFewSamples) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const std::vector<double> a = normal_samples(2 + seed % 6, 10, 2, seed);
    const std::vector<double> b = normal_samples(3 + seed % 5, 12, 2, seed + 100);
    const Result<Comparison> comparison = compare_samples(a, b);
    ASSERT_TRUE(comparison.ok());
    EXPECT_NEAR(comparison->p, enumerated_p(a, b), 1e-12) << seed;
  }
  // Tables of the test: n = 5 and 5, U = 2 gives 0.0317.
  const double low[] = {1, 2, 3, 4, 8};
  const double high[] = {5, 7, 9, 10, 11};
  EXPECT_NEAR(compare_samples(low, high)->p, 8.0 / 252, 1e-12);
}

TEST(Comparison, ApproximatePOfManySamplesWithTies) {
  std::vector<double> a = normal_samples(60, 10, 2, 1);
  std::vector<double> b = normal_samples(45, 11, 2, 2);
  for (double& x : a) x = std::round(x);
  for (double& x : b) x = std::round(x);
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  double ties = 0;
  for (double value = 0; value < 40; ++value) {
    const auto t = static_cast<double>(std::count(all.begin(), all.end(), value));
    ties += t * t * t - t;
  }
  const double n1 = 60;
  const double n2 = 45;
  const double n = n1 + n2;
  const double sigma = std::sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))));
  const double z = (std::abs(u_of(a, b) - n1 * n2 / 2) - 0.5) / sigma;
  EXPECT_NEAR(compare_samples(a, b)->p, std::erfc(z / std::sqrt(2.0)), 1e-13);
}

TEST(Comparison, VerdictOfRealDifferencesAndOfNone) {
  const std::vector<double> slow = normal_samples(100, 20, 1, 1);
  const std::vector<double> fast = normal_samples(120, 10, 1, 2);
  Result<Comparison> comparison = compare_samples(fast, slow);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->verdict, Verdict::kFaster);
  EXPECT_NEAR(comparison->ratio, 0.5, 0.03);
  EXPECT_LT(comparison->ratio_ci95_low, comparison->ratio);
  EXPECT_GT(comparison->ratio_ci95_high, comparison->ratio);
  EXPECT_LT(comparison->p, 1e-20);
  EXPECT_EQ(compare_samples(slow, fast)->verdict, Verdict::kSlower);

  comparison = compare_samples(slow, slow);
  EXPECT_EQ(comparison->verdict, Verdict::kNoDifference);
  EXPECT_EQ(comparison->ratio, 1);
  EXPECT_GT(comparison->p, 0.9);

  EXPECT_EQ(verdict_name(Verdict::kFaster), "faster");
  EXPECT_EQ(verdict_name(Verdict::kSlower), "slower");
  EXPECT_EQ(verdict_name(Verdict::kNoDifference), "no difference");
}

TEST(Comparison, CallsNoiseADifferenceSeldom) {
  int wrong = 0;
  int covered = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Result<Comparison> comparison =
        compare_samples(normal_samples(40, 10, 1, seed), normal_samples(50, 10, 1, seed + 1000));
    wrong += comparison->verdict == Verdict::kNoDifference ? 0 : 1;
    covered += comparison->ratio_ci95_low <= 1 && comparison->ratio_ci95_high >= 1 ? 1 : 0;
  }
  EXPECT_LE(wrong, 16);     // 5 % of 200, and three standard deviations
  EXPECT_GE(covered, 178);  // 95 % of 200, less three standard deviations and the bootstrap's error
}

TEST(Comparison, DoesNotDependOnTheOrderOfSamples) {
  std::vector<double> a = normal_samples(50, 10, 1, 1);
  const std::vector<double> b = normal_samples(50, 10.4, 1, 2);
  const Comparison before = *compare_samples(a, b);
  std::reverse(a.begin(), a.end());
  const Comparison after = *compare_samples(a, b);
  EXPECT_EQ(before.ratio_ci95_low, after.ratio_ci95_low);
  EXPECT_EQ(before.ratio_ci95_high, after.ratio_ci95_high);
  EXPECT_EQ(before.p, after.p);
}

TEST(Comparison, EdgesOfTheInput) {
  const double one[] = {2};
  Result<Comparison> comparison = compare_samples(one, one);
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->ratio_ci95_low, 1);
  EXPECT_EQ(comparison->ratio_ci95_high, 1);
  EXPECT_EQ(comparison->p, 1);

  const std::vector<double> equal(30, 5.0);
  EXPECT_EQ(compare_samples(equal, equal)->p, 1);
  EXPECT_EQ(compare_samples(equal, equal)->verdict, Verdict::kNoDifference);

  const double zeros[] = {0, 0, 0};
  EXPECT_EQ(compare_samples(one, zeros).status().code(), Code::kInvalidInput);
  EXPECT_EQ(compare_samples(zeros, one)->ratio, 0);

  const double broken[] = {-1, 1};
  const Status status = compare_samples({}, broken).status();
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  ASSERT_EQ(status.faults().size(), 2U);
  EXPECT_EQ(status.faults()[0].path, "a");
  EXPECT_EQ(status.faults()[1].path, "b[0]");
}

/// The shortcut must draw from the distribution that resampling itself has.
TEST(Bootstrap, MedianIsDistributedAsThatOfAResample) {
  for (const std::size_t n : {1, 2, 5, 6, 101, 200}) {
    std::vector<double> sorted(n);
    std::iota(sorted.begin(), sorted.end(), 0.0);
    constexpr int kRounds = 20000;
    std::vector<double> quick(kRounds);
    std::vector<double> plain(kRounds);
    Random random(7);
    std::mt19937 generator(8);
    std::uniform_int_distribution<std::size_t> index(0, n - 1);
    std::vector<double> resample(n);
    for (int round = 0; round < kRounds; ++round) {
      quick[static_cast<std::size_t>(round)] = resampled_median(sorted, random);
      for (double& x : resample) x = sorted[index(generator)];
      std::sort(resample.begin(), resample.end());
      plain[static_cast<std::size_t>(round)] =
          n % 2 == 1 ? resample[n / 2] : (resample[n / 2 - 1] + resample[n / 2]) / 2;
    }
    std::sort(quick.begin(), quick.end());
    std::sort(plain.begin(), plain.end());
    // Kolmogorov and Smirnov's distance of two samples stays below 1.95·√(2/rounds) with 99.9 %.
    double distance = 0;
    for (const double value : plain) {
      const auto below = [&](const std::vector<double>& values) {
        return static_cast<double>(std::upper_bound(values.begin(), values.end(), value) -
                                   values.begin());
      };
      distance = std::max(distance, std::abs(below(quick) - below(plain)) / kRounds);
    }
    EXPECT_LT(distance, 1.95 * std::sqrt(2.0 / kRounds)) << n;
  }
}

TEST(Comparison, NamesTheFirstHundredFaults) {
  const std::vector<double> samples(100'000, -1);
  EXPECT_EQ(compare_samples(samples, samples).status().faults().size(), kMaxFaults);
}

}  // namespace
}  // namespace infercore
