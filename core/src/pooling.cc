#include "infercore/pooling.h"

#include <algorithm>
#include <cmath>

namespace infercore {
namespace {

void pool_mean(const float* tokens, std::size_t count, std::span<float> out) {
  const std::size_t dimensions = out.size();
  float* const sums = out.data();
  for (std::size_t token = 0; token < count; ++token) {
    const float* const row = tokens + token * dimensions;
    for (std::size_t i = 0; i < dimensions; ++i) sums[i] += row[i];
  }
  const auto divisor = static_cast<float>(std::max<std::size_t>(count, 1));
  for (std::size_t i = 0; i < dimensions; ++i) sums[i] /= divisor;
}

}  // namespace

void pool(Pooling pooling, const float* tokens, std::size_t count, std::span<float> out) {
  std::fill(out.begin(), out.end(), 0.0F);
  if (count == 0) return;
  switch (pooling) {
    case Pooling::kMean:
      pool_mean(tokens, count, out);
      break;
    case Pooling::kLast:
      std::copy_n(tokens + (count - 1) * out.size(), out.size(), out.begin());
      break;
    case Pooling::kCls:
    case Pooling::kNone:
      std::copy_n(tokens, out.size(), out.begin());
      break;
  }
}

void normalize(std::span<float> vector) {
  // Four sums side by side let the compiler use its vectors without changing the result's order;
  // doubles hold the square of any float.
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= vector.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const double x = vector[i + lane];
      sums[lane] += x * x;
    }
  }
  for (; i < vector.size(); ++i) sums[0] += static_cast<double>(vector[i]) * vector[i];
  const double squares = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  // The factor of a very long vector would lose its digits as a float.
  const double factor = 1 / std::sqrt(std::max(squares, 1e-12));
  for (float& x : vector) x = static_cast<float>(x * factor);
}

}  // namespace infercore
