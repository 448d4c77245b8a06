// Dot products of a few vectors with the rows of a matrix: what search and Dense spend their time
// on.
//
//   best_score_kernel().score(queries, 1, rows, n, d, scores);      // scores[i] = queries ·
//   rows[i]
#ifndef INFERCORE_SRC_SCORE_KERNEL_H_
#define INFERCORE_SRC_SCORE_KERNEL_H_

#include <cstddef>
#include <vector>

namespace infercore {

struct ScoreKernel {
  const char* name;
  /// scores[q · rows + r] = queries[q] · matrix[r], over `dimensions` floats each. Reads no float
  /// outside of the two lists.
  void (*score)(const float* queries, std::size_t query_count, const float* matrix,
                std::size_t rows, std::size_t dimensions, float* scores);
};

/// Queries that a kernel takes through the matrix together; more bring nothing.
inline constexpr std::size_t kScoreQueries = 4;

/// One product after the other, in order: what the others are tested against.
ScoreKernel scalar_score_kernel();

/// Those that this machine can run, the best last.
std::vector<ScoreKernel> score_kernels();

ScoreKernel best_score_kernel();

}  // namespace infercore

#endif  // INFERCORE_SRC_SCORE_KERNEL_H_
