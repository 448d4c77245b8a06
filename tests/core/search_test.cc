#include "infercore/search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "infercore/fault_list.h"
#include "score_kernel.h"

namespace infercore {
namespace {

std::vector<float> random_floats(std::size_t size, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(-1, 1);
  std::vector<float> floats(size);
  for (float& x : floats) x = distribution(generator);
  return floats;
}

void normalize_rows(std::vector<float>& matrix, std::size_t dimensions) {
  for (std::size_t start = 0; start < matrix.size(); start += dimensions) {
    double squares = 0;
    for (std::size_t i = 0; i < dimensions; ++i) {
      squares += static_cast<double>(matrix[start + i]) * matrix[start + i];
    }
    for (std::size_t i = 0; i < dimensions; ++i) {
      matrix[start + i] = static_cast<float>(matrix[start + i] / std::sqrt(squares));
    }
  }
}

TEST(ScoreKernel, AllAgreeWithTheScalarOne) {
  const ScoreKernel scalar = scalar_score_kernel();
  ASSERT_GE(score_kernels().size(), 2U);
  for (const ScoreKernel& kernel : score_kernels()) {
    for (const std::size_t dimensions : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 384, 385}) {
      for (const std::size_t rows : {0, 1, 2, 3, 4, 5, 9}) {
        for (const std::size_t queries : {1, 2, 3, 4, 5, 8, 9}) {
          // Exactly as long as needed: AddressSanitizer sees a kernel that reads beyond.
          std::vector<float> a = random_floats(queries * dimensions, 1);
          std::vector<float> b = random_floats(rows * dimensions, 2);
          normalize_rows(a, dimensions);
          normalize_rows(b, dimensions);
          std::vector<float> expected(queries * rows);
          std::vector<float> scores(queries * rows, 99.0F);
          scalar.score(a.data(), queries, b.data(), rows, dimensions, expected.data());
          kernel.score(a.data(), queries, b.data(), rows, dimensions, scores.data());
          for (std::size_t i = 0; i < scores.size(); ++i) {
            ASSERT_NEAR(scores[i], expected[i], 1e-5)
                << kernel.name << " d=" << dimensions << " rows=" << rows << " queries=" << queries;
          }
        }
      }
    }
  }
}

TEST(Search, FindsWhatSortingAllScoresFinds) {
  constexpr std::size_t kDimensions = 24;
  for (const std::size_t rows : {1, 7, 100, 5000}) {
    std::vector<float> matrix = random_floats(rows * kDimensions, 3);
    normalize_rows(matrix, kDimensions);
    const std::vector<float> queries = random_floats(6 * kDimensions, 4);
    for (const std::size_t k : {1, 5, 100}) {
      const Result<SearchHits> hits = cosine_search(queries, matrix, kDimensions, k);
      ASSERT_TRUE(hits.ok());
      ASSERT_EQ(hits->k, std::min<std::size_t>(k, rows));
      ASSERT_EQ(hits->indices.size(), 6 * hits->k);
      for (std::size_t q = 0; q < 6; ++q) {
        std::vector<double> cosines(rows);
        double squares = 0;
        for (std::size_t i = 0; i < kDimensions; ++i) {
          squares +=
              static_cast<double>(queries[q * kDimensions + i]) * queries[q * kDimensions + i];
        }
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t i = 0; i < kDimensions; ++i) {
            cosines[r] += static_cast<double>(queries[q * kDimensions + i]) *
                          matrix[r * kDimensions + i] / std::sqrt(squares);
          }
        }
        std::vector<double> sorted = cosines;
        std::sort(sorted.begin(), sorted.end(), std::greater<>());
        for (std::size_t i = 0; i < hits->k; ++i) {
          EXPECT_NEAR(hits->scores[q * hits->k + i], sorted[i], 1e-5);
          EXPECT_NEAR(cosines[hits->indices[q * hits->k + i]], sorted[i], 1e-5);
        }
      }
    }
  }
}

TEST(Search, EqualScoresGiveTheLowerIndexFirst) {
  std::vector<float> matrix(5000, 1.0F);  // 5,000 equal rows of one number
  const float query[] = {2};
  const Result<SearchHits> hits = cosine_search(query, matrix, 1, 7);
  ASSERT_TRUE(hits.ok());
  std::vector<std::uint32_t> expected(7);
  std::iota(expected.begin(), expected.end(), 0U);
  EXPECT_EQ(hits->indices, expected);
  EXPECT_EQ(hits->scores, std::vector<float>(7, 1.0F));

  matrix[4321] = 1.5F;
  EXPECT_EQ(cosine_search(query, matrix, 1, 3)->indices, (std::vector<std::uint32_t>{4321, 0, 1}));
}

TEST(Search, EdgesOfTheInput) {
  const float matrix[] = {1, 0, 0, 1};
  const float zeros[] = {0, 0};
  Result<SearchHits> hits = cosine_search(zeros, matrix, 2, 2);
  ASSERT_TRUE(hits.ok());
  EXPECT_EQ(hits->indices, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(hits->scores, (std::vector<float>{0, 0}));

  EXPECT_EQ(cosine_search({}, matrix, 2, 2)->indices.size(), 0U);
  EXPECT_EQ(cosine_search(zeros, {}, 2, 2)->k, 0U);
  EXPECT_EQ(cosine_search(zeros, {}, 2, 2)->indices.size(), 0U);

  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float broken[] = {nan, nan, -1, 0, 0, nan};
  const float query[] = {1, 0};
  hits = cosine_search(query, broken, 2, 3);
  ASSERT_TRUE(hits.ok());
  EXPECT_EQ(hits->indices, (std::vector<std::uint32_t>{1, 0, 2}));
  EXPECT_EQ(hits->scores[0], -1);
  EXPECT_EQ(hits->scores[2], -std::numeric_limits<float>::infinity());
  EXPECT_EQ(cosine_search(query, broken, 2, 1)->indices, (std::vector<std::uint32_t>{1}));
}

TEST(Search, TakesQueriesOfAnyLength) {
  const float matrix[] = {1, 0, 0.6F, 0.8F};
  const float root = std::sqrt(0.5F);
  const float queries[] = {1e-40F, 0, 3e38F, 3e38F, -1e-45F, 0};
  const Result<SearchHits> hits = cosine_search(queries, matrix, 2, 2);
  ASSERT_TRUE(hits.ok());
  EXPECT_EQ(hits->indices, (std::vector<std::uint32_t>{0, 1, 1, 0, 1, 0}));
  const float expected[] = {1, 0.6F, 1.4F * root, root, -0.6F, -1};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(hits->scores[i], expected[i], 1e-6) << i;
}

TEST(Search, NamesTheFirstHundredFaults) {
  const std::vector<float> bad(3000, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(cosine_search(bad, {}, 2, 1).status().faults().size(), kMaxFaults);
}

TEST(Search, NamesAllFaults) {
  const float numbers[] = {1, 2, 3, 4, 5};
  Status status = cosine_search(numbers, numbers, 0, 0).status();
  EXPECT_EQ(status.code(), Code::kInvalidOption);
  EXPECT_EQ(status.faults().size(), 2U);

  status = cosine_search(numbers, numbers, 2, 1).status();
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  ASSERT_EQ(status.faults().size(), 2U);
  EXPECT_EQ(status.faults()[1].path, "matrix");

  const float bad[] = {
      1, 2, std::numeric_limits<float>::quiet_NaN(), 0, std::numeric_limits<float>::infinity(), 0};
  status = cosine_search(bad, std::span(numbers).first(4), 2, 1).status();
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  ASSERT_EQ(status.faults().size(), 2U);
  EXPECT_EQ(status.faults()[0].path, "queries[1]");
  EXPECT_NE(status.faults()[0].message.find("NaN"), std::string::npos);
  EXPECT_NE(status.faults()[1].message.find("Infinity"), std::string::npos);
}

TEST(Search, RefusesMoreHitsThanItHoldsMemoryFor) {
  const std::vector<float> many(20000, 1.0F);
  EXPECT_EQ(cosine_search(many, many, 1, 20000).status().code(), Code::kLimitExceeded);
}

}  // namespace
}  // namespace infercore
