#include "infercore/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "infercore/fault_list.h"
#include "score_kernel.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxRows = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMaxHits = std::size_t{1} << 26;
constexpr std::size_t kMaxPartHits = std::size_t{1} << 16;
/// What of the matrix stays in a core's second cache while all queries pass over it.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;

struct Hit {
  float score;
  std::uint32_t index;
};

/// Is `a` the better hit? As a heap's order it puts the worst hit on top.
bool better(const Hit& a, const Hit& b) {
  return a.score != b.score ? a.score > b.score : a.index < b.index;
}

/// The k best hits of one query, so far.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) {}

  /// Rows come in rising order: one that only equals the worst hit has the higher index and loses.
  void offer(float score, std::uint32_t index) {
    if (hits_.size() == k_) {
      if (!(score > hits_.front().score)) return;  // also for NaN
      std::pop_heap(hits_.begin(), hits_.end(), better);
      hits_.back() = {score, index};
    } else {
      if (std::isnan(score)) score = -std::numeric_limits<float>::infinity();
      hits_.push_back({score, index});
    }
    std::push_heap(hits_.begin(), hits_.end(), better);
  }

  const std::vector<Hit>& sorted() {
    std::sort(hits_.begin(), hits_.end(), better);
    return hits_;
  }

 private:
  std::size_t k_;
  std::vector<Hit> hits_;
};

Status check_options(std::size_t dimensions, std::size_t k) {
  FaultList faults;
  if (dimensions == 0) {
    faults.add(
        {"dimensions", Code::kInvalidOption, "expected at least 1 for dimensions, received 0"});
  }
  if (k == 0) {
    faults.add({"k", Code::kInvalidOption, "expected at least 1 for k, received 0"});
  }
  if (faults.empty()) return {};
  return std::move(faults).status("the search can't start");
}

void check_length(const char* name, std::size_t size, std::size_t dimensions, FaultList& faults) {
  if (size % dimensions == 0) return;
  faults.add({name, Code::kInvalidInput,
              "expected rows of " + std::to_string(dimensions) + " numbers for " + name +
                  ", received " + std::to_string(size) + " numbers"});
}

/// The queries at length 1; those that aren't finite become faults. Scaled in double, which holds
/// the square of any float: 1 / |query| itself may be none.
std::vector<float> unit_queries(std::span<const float> queries, std::size_t dimensions,
                                FaultList& faults) {
  std::vector<float> units;
  units.reserve(queries.size());
  for (std::size_t start = 0; start + dimensions <= queries.size(); start += dimensions) {
    const std::span<const float> query = queries.subspan(start, dimensions);
    double squares = 0;
    for (const double x : query) squares += x * x;
    if (!std::isfinite(squares)) {
      std::string path = element_path("queries", start / dimensions);
      std::string message = "expected finite numbers for " + path + ", received " +
                            (std::isnan(squares) ? "NaN" : "Infinity");
      faults.add({std::move(path), Code::kInvalidInput, std::move(message)});
      if (faults.full()) break;
    }
    const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (const double x : query) units.push_back(static_cast<float>(x * factor));
  }
  return units;
}

/// One search: what all parts of it read.
struct Search {
  std::span<const float> units;  ///< queries of length 1
  std::span<const float> matrix;
  std::size_t dimensions;
  std::size_t k;
  std::size_t block;  ///< rows that are scored together

  std::size_t rows() const { return matrix.size() / dimensions; }
  std::size_t queries() const { return units.size() / dimensions; }
  std::size_t blocks() const { return (rows() + block - 1) / block; }

  /// The best rows for each query within a range of blocks.
  std::vector<Best> best_of(IndexRange blocks) const;
};

std::vector<Best> Search::best_of(IndexRange blocks) const {
  const ScoreKernel kernel = best_score_kernel();
  std::vector<float> scores(kScoreQueries * block);
  std::vector<Best> best(queries(), Best(k));
  const std::size_t end = std::min(blocks.last * block, rows());
  for (std::size_t first = blocks.first * block; first < end; first += block) {
    const std::size_t in_block = std::min(block, end - first);
    for (std::size_t query = 0; query < queries(); query += kScoreQueries) {
      const std::size_t in_group = std::min(kScoreQueries, queries() - query);
      kernel.score(units.data() + query * dimensions, in_group, matrix.data() + first * dimensions,
                   in_block, dimensions, scores.data());
      for (std::size_t q = 0; q < in_group; ++q) {
        for (std::size_t r = 0; r < in_block; ++r) {
          best[query + q].offer(scores[q * in_block + r], static_cast<std::uint32_t>(first + r));
        }
      }
    }
  }
  return best;
}

/// The parts stand in the order of their rows.
SearchHits collect(std::vector<std::vector<Best>>& parts, std::size_t k) {
  SearchHits hits;
  hits.k = k;
  std::vector<Best>& best = parts[0];
  hits.indices.reserve(best.size() * k);
  hits.scores.reserve(best.size() * k);
  for (std::size_t query = 0; query < best.size(); ++query) {
    for (std::size_t part = 1; part < parts.size(); ++part) {
      for (const Hit& hit : parts[part][query].sorted()) best[query].offer(hit.score, hit.index);
    }
    for (const Hit& hit : best[query].sorted()) {
      hits.indices.push_back(hit.index);
      hits.scores.push_back(hit.score);
    }
  }
  return hits;
}

}  // namespace

Result<SearchHits> cosine_search(std::span<const float> queries, std::span<const float> matrix,
                                 std::size_t dimensions, std::size_t k, Threads* threads) {
  if (Status status = check_options(dimensions, k); !status.ok()) return status;
  FaultList faults;
  check_length("queries", queries.size(), dimensions, faults);
  check_length("matrix", matrix.size(), dimensions, faults);
  const std::vector<float> units = unit_queries(queries, dimensions, faults);
  if (!faults.empty()) return std::move(faults).status("the search can't start");

  const std::size_t rows = matrix.size() / dimensions;
  const std::size_t count = queries.size() / dimensions;
  k = std::min(k, rows);
  if (rows > kMaxRows || (count > 0 && k > kMaxHits / count)) {
    return Status(Code::kLimitExceeded,
                  "expected at most " + std::to_string(kMaxHits) + " hits of at most " +
                      std::to_string(kMaxRows) + " rows, received " + std::to_string(count) +
                      " queries for the best " + std::to_string(k) + " of " + std::to_string(rows) +
                      " rows",
                  "ask for fewer hits or pass the queries in parts");
  }

  const std::size_t block =
      std::clamp<std::size_t>(kBlockBytes / sizeof(float) / dimensions, 8, 4096);
  const Search search{units, matrix, dimensions, k, block};
  // Each part keeps k hits for each query, which pays for short lists alone.
  const std::size_t least = count * k > kMaxPartHits ? search.blocks() : 1;
  const std::vector<IndexRange> ranges = split(k > 0 ? search.blocks() : 0, least, threads);
  std::vector<std::vector<Best>> parts(ranges.size());
  parallel_for(threads, ranges.size(),
               [&](std::size_t i) { parts[i] = search.best_of(ranges[i]); });
  return collect(parts, k);
}

}  // namespace infercore
