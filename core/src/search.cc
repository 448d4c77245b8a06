#include "infercore/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "score_kernel.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxRows = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMaxHits = std::size_t{1} << 26;
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
  std::vector<Fault> faults;
  if (dimensions == 0) {
    faults.push_back(
        {"dimensions", Code::kInvalidOption, "expected at least 1 for dimensions, received 0"});
  }
  if (k == 0) {
    faults.push_back({"k", Code::kInvalidOption, "expected at least 1 for k, received 0"});
  }
  if (faults.empty()) return {};
  return Status::from_faults("the search can't start", std::move(faults));
}

void check_length(const char* name, std::size_t size, std::size_t dimensions,
                  std::vector<Fault>& faults) {
  if (size % dimensions == 0) return;
  faults.push_back({name, Code::kInvalidInput,
                    "expected rows of " + std::to_string(dimensions) + " numbers for " + name +
                        ", received " + std::to_string(size) + " numbers"});
}

/// 1 / |query| for each query, 0 for a query of zeros; queries that aren't finite become faults.
std::vector<float> inverse_lengths(std::span<const float> queries, std::size_t dimensions,
                                   std::vector<Fault>& faults) {
  std::vector<float> inverses;
  inverses.reserve(queries.size() / dimensions);
  for (std::size_t start = 0; start + dimensions <= queries.size(); start += dimensions) {
    double squares = 0;
    for (const float x : queries.subspan(start, dimensions)) {
      squares += static_cast<double>(x) * static_cast<double>(x);
    }
    if (!std::isfinite(squares)) {
      const std::string path = "queries[" + std::to_string(start / dimensions) + "]";
      faults.push_back({path, Code::kInvalidInput,
                        "expected finite numbers for " + path + ", received " +
                            (std::isnan(squares) ? "NaN" : "Infinity")});
    }
    inverses.push_back(squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0);
  }
  return inverses;
}

SearchHits collect(std::vector<Best>& best, std::size_t k) {
  SearchHits hits;
  hits.k = k;
  hits.indices.reserve(best.size() * k);
  hits.scores.reserve(best.size() * k);
  for (Best& one : best) {
    for (const Hit& hit : one.sorted()) {
      hits.indices.push_back(hit.index);
      hits.scores.push_back(hit.score);
    }
  }
  return hits;
}

}  // namespace

Result<SearchHits> cosine_search(std::span<const float> queries, std::span<const float> matrix,
                                 std::size_t dimensions, std::size_t k) {
  if (Status status = check_options(dimensions, k); !status.ok()) return status;
  std::vector<Fault> faults;
  check_length("queries", queries.size(), dimensions, faults);
  check_length("matrix", matrix.size(), dimensions, faults);
  const std::vector<float> inverses = inverse_lengths(queries, dimensions, faults);
  if (!faults.empty()) return Status::from_faults("the search can't start", std::move(faults));

  const std::size_t rows = matrix.size() / dimensions;
  const std::size_t count = inverses.size();
  k = std::min(k, rows);
  if (rows > kMaxRows || (count > 0 && k > kMaxHits / count)) {
    return Status(Code::kLimitExceeded,
                  "expected at most " + std::to_string(kMaxHits) + " hits of at most " +
                      std::to_string(kMaxRows) + " rows, received " + std::to_string(count) +
                      " queries for the best " + std::to_string(k) + " of " + std::to_string(rows) +
                      " rows",
                  "ask for fewer hits or pass the queries in parts");
  }

  const ScoreKernel kernel = best_score_kernel();
  const std::size_t block =
      std::clamp<std::size_t>(kBlockBytes / sizeof(float) / dimensions, 8, 4096);
  std::vector<float> scores(kScoreQueries * block);
  std::vector<Best> best(count, Best(k));
  for (std::size_t first = 0; k > 0 && first < rows; first += block) {
    const std::size_t in_block = std::min(block, rows - first);
    for (std::size_t query = 0; query < count; query += kScoreQueries) {
      const std::size_t in_group = std::min(kScoreQueries, count - query);
      kernel.score(queries.data() + query * dimensions, in_group,
                   matrix.data() + first * dimensions, in_block, dimensions, scores.data());
      for (std::size_t q = 0; q < in_group; ++q) {
        for (std::size_t r = 0; r < in_block; ++r) {
          best[query + q].offer(scores[q * in_block + r] * inverses[query + q],
                                static_cast<std::uint32_t>(first + r));
        }
      }
    }
  }
  return collect(best, k);
}

}  // namespace infercore
