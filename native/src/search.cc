#include "search.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "infercore/search.h"
#include "marshal.h"
#include "operation.h"
#include "status.h"
#include "threads.h"

namespace infercore::native {
namespace {

/// Multiplications that take well below a millisecond; a larger search goes to the pool.
constexpr std::size_t kAtOnceAtMost = 1'000'000;

Napi::Object hits_to_js(Napi::Env env, const SearchHits& hits) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("indices", copy_array<std::uint32_t>(env, hits.indices));
  object.Set("scores", copy_array<float>(env, hits.scores));
  return object;
}

/// Reads the caller's arrays in place: a copy of the matrix would hold up the event loop and double
/// the memory.
class Search : public Work {
 public:
  struct Request {
    std::span<const float> queries;
    std::span<const float> matrix;
    std::size_t dimensions;
    std::size_t k;
  };

  explicit Search(const Request& request) : Work("the search"), request_(request) {}

  /// Keeps the two arrays alive until the promise is settled.
  void keep(napi_env env, napi_value queries, napi_value matrix) {
    napi_create_reference(env, queries, 1, &kept_[0]);
    napi_create_reference(env, matrix, 1, &kept_[1]);
  }

 private:
  Status perform() override {
    const std::lock_guard lock(reading_);
    if (cancelled()) return check_cancelled();
    Result<SearchHits> hits = cosine_search(request_.queries, request_.matrix, request_.dimensions,
                                            request_.k, threads());
    if (!hits.ok()) return hits.status();
    hits_ = *std::move(hits);
    return {};
  }
  void let_go() override { const std::lock_guard lock(reading_); }
  Napi::Value value(Napi::Env env) override { return hits_to_js(env, hits_); }
  Napi::Value outcome(Napi::Env env, const Status& status) override {
    for (napi_ref& array : kept_) {
      if (array != nullptr) napi_delete_reference(env, std::exchange(array, nullptr));
    }
    return Operation::outcome(env, status);
  }

  Request request_;
  std::mutex reading_;
  napi_ref kept_[2] = {};  ///< the environment frees them when that ends first
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
  if (rows > 0 && matrix->size() > kAtOnceAtMost / rows) {
    auto work = std::make_shared<Search>(Search::Request{*queries, *matrix, dimensions, k});
    work->keep(env, info[0], info[1]);
    return start(env, work);
  }
  const Result<SearchHits> hits = cosine_search(*queries, *matrix, dimensions, k);
  return hits.ok() ? success(env, hits_to_js(env, *hits)) : failure(env, hits.status());
}

}  // namespace infercore::native
