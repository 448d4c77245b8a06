// The module's threads, which all calls share.
#ifndef INFERCORE_WASM_SRC_THREADS_H_
#define INFERCORE_WASM_SRC_THREADS_H_

#include "infercore/parallel.h"

namespace infercore::wasm {

/// As many as the loader said (js/src/wasm_module.ts), started with the first call and kept for
/// good; nullptr in the build without threads.
Threads* threads();

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_THREADS_H_
