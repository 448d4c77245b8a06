// What models declare, as JavaScript hands it over.
#ifndef INFERCORE_WASM_SRC_FEEDS_H_
#define INFERCORE_WASM_SRC_FEEDS_H_

#include <emscripten/val.h>

#include <vector>

#include "infercore/feeds.h"

namespace infercore::wasm {

/// A list of the binding's ValueSignature.
std::vector<ValueSignature> signature_of(const emscripten::val& list);

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_FEEDS_H_
