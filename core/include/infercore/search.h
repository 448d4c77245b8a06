// The rows of a matrix that are nearest to a query, by cosine.
//
//   auto hits = cosine_search(query, matrix, /*dimensions=*/384, /*k=*/10);
//   hits->indices[0];     // the best row
//   hits->scores[0];      // its cosine
//
// Exact: every row is looked at. The kernel is written once and compiled for each instruction set
// that the target may have; the best one is chosen when the program runs.
#ifndef INFERCORE_SEARCH_H_
#define INFERCORE_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "infercore/parallel.h"
#include "infercore/status.h"

namespace infercore {

/// `k` hits for each query, best first: query q has entries [q·k, (q + 1)·k).
struct SearchHits {
  std::size_t k = 0;
  std::vector<std::uint32_t> indices;
  std::vector<float> scores;
};

/// The k rows of `matrix` (n × dimensions, each of length 1) nearest to each row of `queries`
/// (m × dimensions, of any length but 0: they are normalised here; a query of zeros scores 0
/// everywhere). Equal scores: the lower index first. A k above n gives n hits. A row that holds
/// NaN comes last, with −∞. Scores of different targets differ by rounding, about 1e-6. Errors:
/// INVALID_OPTION (dimensions or k is 0), INVALID_INPUT (a length that is no multiple of
/// dimensions, a query that holds NaN or ±∞: each is a fault "queries[i]"), LIMIT_EXCEEDED (more
/// than 2³² − 1 rows or 2²⁶ hits). With `threads` each takes a part of the rows, to the same
/// result. Not named `search`: calls with std's types would find std::search first.
Result<SearchHits> cosine_search(std::span<const float> queries, std::span<const float> matrix,
                                 std::size_t dimensions, std::size_t k, Threads* threads = nullptr);

}  // namespace infercore

#endif  // INFERCORE_SEARCH_H_
