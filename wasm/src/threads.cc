#include "threads.h"

#include <emscripten/val.h>

#include <cstddef>

namespace infercore::wasm {

Threads* threads() {
#ifdef __EMSCRIPTEN_PTHREADS__
  // Never destroyed: a page's end ends its workers.
  static auto* const all =
      new Threads(emscripten::val::module_property("threads").as<std::size_t>());
  return all;
#else
  return nullptr;
#endif
}

}  // namespace infercore::wasm
