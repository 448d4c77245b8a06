#include "dense.h"

#include <emscripten/bind.h>

#include <memory>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

val load_dense(const val& config, const val& weights) {
  return guarded([&] {
    const std::vector<std::uint8_t> json = copy_in<std::uint8_t>(config);
    const Result<Dense> dense = Dense::from_bytes(bytes_view(json), copy_in<std::uint8_t>(weights));
    return outcome(dense, [](const Dense& it) { return val(std::make_shared<DenseHandle>(it)); });
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(dense) {
  emscripten::class_<DenseHandle>("DenseHandle")
      .smart_ptr<std::shared_ptr<DenseHandle>>("DenseHandlePointer");
  emscripten::function("loadDense", load_dense);
}

}  // namespace infercore::wasm
