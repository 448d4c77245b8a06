#include "search.h"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "infercore/search.h"
#include "marshal.h"
#include "operation.h"
#include "status.h"

namespace infercore::native {
namespace {

/// Multiplications that take about a millisecond. Above, the search goes to the pool, with copies:
/// the caller could else change or transfer what it reads. A single query reads each number of the
/// matrix once, as the copy would, so it never goes there.
constexpr std::size_t kInPlaceAtMost = 4'000'000;

Napi::Object hits_to_js(Napi::Env env, const SearchHits& hits) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("indices", copy_array<std::uint32_t>(env, hits.indices));
  object.Set("scores", copy_array<float>(env, hits.scores));
  return object;
}

class Search : public Work {
 public:
  Search(std::span<const float> queries, std::span<const float> matrix, std::size_t dimensions,
         std::size_t k)
      : Work("the search"),
        queries_(queries.begin(), queries.end()),
        matrix_(matrix.begin(), matrix.end()),
        dimensions_(dimensions),
        k_(k) {}

 private:
  Status perform() override {
    Result<SearchHits> hits = cosine_search(queries_, matrix_, dimensions_, k_);
    matrix_ = {};
    if (!hits.ok()) return hits.status();
    hits_ = *std::move(hits);
    return {};
  }
  Napi::Value value(Napi::Env env) override { return hits_to_js(env, hits_); }

  std::vector<float> queries_;
  std::vector<float> matrix_;
  std::size_t dimensions_;
  std::size_t k_;
  SearchHits hits_;
};

/// A whole number from JavaScript; anything else becomes 0, which the core refuses.
std::size_t to_size(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) return 0;
  if (!(number >= 1 && number <= 9007199254740991.0)) return 0;
  const auto size = static_cast<std::size_t>(number);
  return static_cast<double>(size) == number ? size : 0;
}

}  // namespace

Napi::Value search(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto queries = to_span<float>(env, info[0]);
  const auto matrix = to_span<float>(env, info[1]);
  if (!queries || !matrix) {
    return failure(env, {Code::kInvalidInput, "expected queries and matrix as Float32Arrays"});
  }
  const std::size_t dimensions = to_size(env, info[2]);
  const std::size_t k = to_size(env, info[3]);
  const std::size_t rows = dimensions == 0 ? 0 : queries->size() / dimensions;
  if (rows > 1 && matrix->size() > kInPlaceAtMost / rows) {
    return start(env, std::make_shared<Search>(*queries, *matrix, dimensions, k));
  }
  const Result<SearchHits> hits = cosine_search(*queries, *matrix, dimensions, k);
  return hits.ok() ? success(env, hits_to_js(env, *hits)) : failure(env, hits.status());
}

}  // namespace infercore::native
