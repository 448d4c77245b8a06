#include "infercore/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "infercore/fault_list.h"

namespace infercore {
namespace {

std::vector<double> one_to(std::size_t n) {
  std::vector<double> samples(n);
  std::iota(samples.begin(), samples.end(), 1.0);
  return samples;
}

TEST(Summary, OfKnownSamples) {
  const double samples[] = {4, 1, 2, 3};
  const Result<Summary> summary = summarize(samples);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->n, 4U);
  EXPECT_EQ(summary->mean, 2.5);
  EXPECT_DOUBLE_EQ(summary->sd, std::sqrt(5.0 / 3.0));
  EXPECT_EQ(summary->median, 2.5);
  EXPECT_EQ(summary->p75, 3.25);
  EXPECT_EQ(summary->mad, 1.0);
  EXPECT_EQ(summary->min, 1);
  EXPECT_EQ(summary->max, 4);
  EXPECT_EQ(summary->outliers, 0U);
}

TEST(Summary, OfOneSample) {
  const double samples[] = {7};
  const Result<Summary> summary = summarize(samples);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->sd, 0);
  EXPECT_EQ(summary->median_ci95_low, 7);
  EXPECT_EQ(summary->median_ci95_high, 7);
}

TEST(Summary, HighPercentilesNeedEnoughSamples) {
  EXPECT_FALSE(summarize(one_to(99))->p99.has_value());
  EXPECT_TRUE(summarize(one_to(100))->p99.has_value());
  EXPECT_FALSE(summarize(one_to(999))->p999.has_value());
  EXPECT_TRUE(summarize(one_to(1000))->p999.has_value());
}

TEST(Summary, IntervalOfTheMedianHoldsIt) {
  for (std::size_t n = 1; n <= 300; ++n) {
    const Result<Summary> summary = summarize(one_to(n));
    ASSERT_TRUE(summary.ok());
    EXPECT_LE(summary->median_ci95_low, summary->median) << n;
    EXPECT_GE(summary->median_ci95_high, summary->median) << n;
  }
  // n = 100: ranks 40 and 61 (50 ∓ 9.8, outwards).
  const Result<Summary> summary = summarize(one_to(100));
  EXPECT_EQ(summary->median_ci95_low, 40);
  EXPECT_EQ(summary->median_ci95_high, 61);
}

TEST(Summary, CountsOutliersAndKeepsThem) {
  std::vector<double> samples = one_to(20);
  samples.push_back(1000);
  const Result<Summary> summary = summarize(samples);
  EXPECT_EQ(summary->outliers, 1U);
  EXPECT_EQ(summary->max, 1000);
}

TEST(Summary, NamesEverySampleThatIsNoDuration) {
  const double samples[] = {1, std::numeric_limits<double>::quiet_NaN(), -1,
                            std::numeric_limits<double>::infinity()};
  const Result<Summary> summary = summarize(samples);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.status().code(), Code::kInvalidInput);
  ASSERT_EQ(summary.status().faults().size(), 3U);
  EXPECT_EQ(summary.status().faults()[0].path, "samples[1]");
  EXPECT_NE(summary.status().message().find("received NaN"), std::string::npos);
}

TEST(Summary, TellsNoNegativeZero) {
  const double samples[] = {0.0, -0.0};
  EXPECT_FALSE(std::signbit(summarize(samples)->min));
  EXPECT_FALSE(std::signbit(summarize(samples)->max));
}

TEST(Summary, RefusesNoSamples) { EXPECT_EQ(summarize({}).status().code(), Code::kInvalidInput); }

TEST(Summary, HasAMeanWhereTheSumIsBeyondTheDoubles) {
  const double samples[] = {0, 1.7e308, 1.7e308};
  const Result<Summary> summary = summarize(samples);
  ASSERT_TRUE(summary.ok());
  EXPECT_NEAR(summary->mean / 1.7e308, 2.0 / 3, 1e-12);
  EXPECT_NEAR(summary->sd / 1.7e308, std::sqrt(1.0 / 3), 1e-12);
  EXPECT_NEAR(summary->cv, std::sqrt(1.0 / 3) * 1.5, 1e-12);
}

TEST(Summary, HasADeviationWhereTheSquaresAreBelowTheDoubles) {
  const double samples[] = {0, 2e-300, 4e-300};
  EXPECT_DOUBLE_EQ(summarize(samples)->sd, 2e-300);
}

TEST(Summary, NamesTheFirstHundredFaults) {
  const std::vector<double> samples(100'000, -1);
  EXPECT_EQ(summarize(samples).status().faults().size(), kMaxFaults);
}

}  // namespace
}  // namespace infercore
