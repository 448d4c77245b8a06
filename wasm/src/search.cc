#include "infercore/search.h"

#include <emscripten/bind.h>

#include "marshal.h"
#include "status.h"
#include "threads.h"

namespace infercore::wasm {
namespace {

val value_of(const SearchHits& hits) {
  val object = val::object();
  object.set("indices", copy_out(hits.indices));
  object.set("scores", copy_out(hits.scores));
  return object;
}

/// The matrix is copied: WebAssembly reads no memory but its own.
val search(const val& queries, const val& matrix, std::size_t dimensions, std::size_t k) {
  return guarded([&] {
    return outcome(
        cosine_search(copy_in<float>(queries), copy_in<float>(matrix), dimensions, k, threads()),
        value_of);
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(search) { emscripten::function("search", search); }

}  // namespace infercore::wasm
