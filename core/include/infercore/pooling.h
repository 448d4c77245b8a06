// One vector for a text from the vectors of its tokens.
//
//   pool(Pooling::kMean, tokens, /*count=*/7, vector);
//   normalize(vector);
//
// All functions work on real tokens alone: the caller leaves padding out.
#ifndef INFERCORE_POOLING_H_
#define INFERCORE_POOLING_H_

#include <cstddef>
#include <span>

namespace infercore {

enum class Pooling {
  kNone,  ///< every token keeps its vector
  kMean,  ///< the mean of all tokens, special tokens counted (sentence-transformers' default)
  kCls,   ///< the first token
  kLast,  ///< the last token
};

/// Writes the one vector of `count` token vectors, [count, out.size()], to `out`. Without tokens
/// `out` becomes zeros. `pooling` must not be kNone. Sums in single precision, in the tokens'
/// order.
void pool(Pooling pooling, const float* tokens, std::size_t count, std::span<float> out);

/// Divides `vector` by its length: x / sqrt(max(Σx², 1e-12)), so that zeros stay zeros.
void normalize(std::span<float> vector);

}  // namespace infercore

#endif  // INFERCORE_POOLING_H_
