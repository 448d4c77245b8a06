#include "infercore/model_bytes.h"

#include <emscripten/bind.h>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

val check(const val& head, double size) {
  return guarded([&] {
    const Status status =
        check_model_bytes(copy_in<std::uint8_t>(head), static_cast<std::uint64_t>(size));
    return status.ok() ? success(val::null()) : failure(status);
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(model_bytes) { emscripten::function("checkModelBytes", check); }

}  // namespace infercore::wasm
