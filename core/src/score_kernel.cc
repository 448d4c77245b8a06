#include "score_kernel.h"

#include <cstring>

// Written once with the compiler's vectors of W floats and compiled for each instruction set: a
// function with a `target` attribute inlines the template, so the template becomes code of that
// target. Vectors stay inside a function: their size would change the calling convention. The loops
// over Q and R are unrolled by order: only then does GCC keep the sums in registers (three times
// the speed).
#define INFERCORE_INLINE inline __attribute__((always_inline))

namespace infercore {
namespace {

/// Q queries by R rows: each loaded vector serves Q or R products, which is what keeps the
/// multipliers busy when the data comes from a cache.
template <int W, int Q, int R>
INFERCORE_INLINE void score_tile(const float* queries, const float* rows, std::size_t dimensions,
                                 float* scores, std::size_t stride) {
  typedef float Vector __attribute__((vector_size(W * sizeof(float))));
  Vector sums[Q][R] = {};
  std::size_t i = 0;
  for (; i + W <= dimensions; i += W) {
    Vector row[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      std::memcpy(&row[r], rows + static_cast<std::size_t>(r) * dimensions + i, sizeof(Vector));
    }
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) {
      Vector query;
      std::memcpy(&query, queries + static_cast<std::size_t>(q) * dimensions + i, sizeof(Vector));
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) sums[q][r] += query * row[r];
    }
  }
#pragma GCC unroll 4
  for (int q = 0; q < Q; ++q) {
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      float lanes[W];
      std::memcpy(lanes, &sums[q][r], sizeof(lanes));
      float sum = 0;
      for (int w = 0; w < W; ++w) sum += lanes[w];
      for (std::size_t j = i; j < dimensions; ++j) {
        sum += queries[static_cast<std::size_t>(q) * dimensions + j] *
               rows[static_cast<std::size_t>(r) * dimensions + j];
      }
      scores[static_cast<std::size_t>(q) * stride + static_cast<std::size_t>(r)] = sum;
    }
  }
}

template <int W, int Q, int R>
INFERCORE_INLINE void score_rows(const float* queries, const float* matrix, std::size_t rows,
                                 std::size_t dimensions, float* scores) {
  std::size_t r = 0;
  for (; r + R <= rows; r += R) {
    score_tile<W, Q, R>(queries, matrix + r * dimensions, dimensions, scores + r, rows);
  }
  for (; r < rows; ++r) {
    score_tile<W, Q, 1>(queries, matrix + r * dimensions, dimensions, scores + r, rows);
  }
}

template <int W>
INFERCORE_INLINE void score_all(const float* queries, std::size_t query_count, const float* matrix,
                                std::size_t rows, std::size_t dimensions, float* scores) {
  constexpr int kQueries = static_cast<int>(kScoreQueries);
  std::size_t q = 0;
  for (; q + kScoreQueries <= query_count; q += kScoreQueries) {
    score_rows<W, kQueries, 2>(queries + q * dimensions, matrix, rows, dimensions,
                               scores + q * rows);
  }
  for (; q < query_count; ++q) {
    score_rows<W, 1, 4>(queries + q * dimensions, matrix, rows, dimensions, scores + q * rows);
  }
}

void score_scalar(const float* queries, std::size_t query_count, const float* matrix,
                  std::size_t rows, std::size_t dimensions, float* scores) {
  for (std::size_t q = 0; q < query_count; ++q) {
    for (std::size_t r = 0; r < rows; ++r) {
      float sum = 0;
      for (std::size_t i = 0; i < dimensions; ++i) {
        sum += queries[q * dimensions + i] * matrix[r * dimensions + i];
      }
      scores[q * rows + r] = sum;
    }
  }
}

/// Four floats: SSE2, NEON and WebAssembly's SIMD, which every target has.
void score_vector4(const float* queries, std::size_t query_count, const float* matrix,
                   std::size_t rows, std::size_t dimensions, float* scores) {
  score_all<4>(queries, query_count, matrix, rows, dimensions, scores);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void score_avx2(const float* queries, std::size_t query_count,
                                                    const float* matrix, std::size_t rows,
                                                    std::size_t dimensions, float* scores) {
  score_all<8>(queries, query_count, matrix, rows, dimensions, scores);
}

bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

}  // namespace

ScoreKernel scalar_score_kernel() { return {"scalar", score_scalar}; }

std::vector<ScoreKernel> score_kernels() {
  std::vector<ScoreKernel> kernels = {scalar_score_kernel(), {"vector4", score_vector4}};
#if defined(__x86_64__)
  if (has_avx2()) kernels.push_back({"avx2", score_avx2});
#endif
  return kernels;
}

ScoreKernel best_score_kernel() {
#if defined(__x86_64__)
  if (has_avx2()) return {"avx2", score_avx2};
#endif
  return {"vector4", score_vector4};
}

}  // namespace infercore
