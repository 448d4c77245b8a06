// What the caller says about truncation and padding, and what a tokenizer's file says.
#ifndef INFERCORE_WASM_SRC_ENCODE_OPTIONS_H_
#define INFERCORE_WASM_SRC_ENCODE_OPTIONS_H_

#include <emscripten/val.h>

#include "infercore/tokenizer.h"

namespace infercore::wasm {

using emscripten::val;

/// EncodeData of js/src/binding.ts.
EncodeOptions encode_options(const val& options);

/// TruncationData and PaddingData; undefined for nullptr.
val value_of(const Truncation* truncation);
val value_of(const Padding* padding);

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_ENCODE_OPTIONS_H_
