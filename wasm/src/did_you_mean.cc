#include "infercore/did_you_mean.h"

#include <emscripten/bind.h>

#include <string>
#include <vector>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

val nearest(const val& name, const val& candidates) {
  return plainly_guarded([&] {
    std::vector<std::string> names;
    const auto count = candidates["length"].as<std::size_t>();
    for (std::size_t i = 0; i < count; ++i) names.push_back(text_in(candidates[i]));
    const std::string wanted = text_in(name);
    const auto found = nearest_name(wanted, names);
    return found ? text_out(*found) : val::undefined();
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(did_you_mean) { emscripten::function("nearestName", nearest); }

}  // namespace infercore::wasm
