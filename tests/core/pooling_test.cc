#include "infercore/pooling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace infercore {
namespace {

const std::vector<float> kTokens = {1, 2, 3, 4, 5, 12};  // three tokens of two numbers

std::vector<float> pooled(Pooling pooling, std::size_t count) {
  std::vector<float> out = {-7, -7};
  pool(pooling, kTokens.data(), count, out);
  return out;
}

TEST(Pooling, OfThreeTokens) {
  EXPECT_EQ(pooled(Pooling::kMean, 3), (std::vector<float>{3, 6}));
  EXPECT_EQ(pooled(Pooling::kCls, 3), (std::vector<float>{1, 2}));
  EXPECT_EQ(pooled(Pooling::kLast, 3), (std::vector<float>{5, 12}));
  EXPECT_EQ(pooled(Pooling::kLast, 2), (std::vector<float>{3, 4}));
}

TEST(Pooling, OfNoTokensIsZeros) {
  for (const Pooling pooling : {Pooling::kMean, Pooling::kCls, Pooling::kLast}) {
    EXPECT_EQ(pooled(pooling, 0), (std::vector<float>{0, 0}));
  }
}

TEST(Normalize, GivesLengthOneAtAnySize) {
  for (std::size_t size = 1; size <= 40; ++size) {
    std::vector<float> vector(size);
    for (std::size_t i = 0; i < size; ++i) vector[i] = static_cast<float>(i) - 3.5F;
    const std::vector<float> before = vector;
    normalize(vector);
    double squares = 0;
    for (const float x : vector) squares += static_cast<double>(x) * x;
    EXPECT_NEAR(squares, 1, 1e-6) << size;
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_NEAR(vector[i] * before[0], vector[0] * before[i], 1e-5);
    }
  }
}

TEST(Normalize, KeepsZerosAndSurvivesExtremes) {
  std::vector<float> zeros(5, 0.0F);
  normalize(zeros);
  EXPECT_EQ(zeros, std::vector<float>(5, 0.0F));

  std::vector<float> large = {3e38F, 0, 0};  // its square is no float
  normalize(large);
  EXPECT_NEAR(large[0], 1, 1e-6);

  std::vector<float> long_ones(512, 3e38F);  // 1 / length is no normal float
  normalize(long_ones);
  for (const float x : long_ones) EXPECT_FLOAT_EQ(x, static_cast<float>(1 / std::sqrt(512.0)));

  std::vector<float> tiny = {1e-8F};  // below the floor of 1e-12: not blown up to 1
  normalize(tiny);
  EXPECT_NEAR(tiny[0], 1e-2, 1e-6);
}

}  // namespace
}  // namespace infercore
