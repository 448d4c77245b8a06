// Outcomes: {value} or {failure}, as js/src/error.ts declares them.
//
//   val summarize(val samples) {
//     return guarded([&] { return outcome(infercore::summarize(…), value_of_summary); });
//   }
#ifndef INFERCORE_WASM_SRC_STATUS_H_
#define INFERCORE_WASM_SRC_STATUS_H_

#include <emscripten/val.h>

#include <new>
#include <stdexcept>
#include <vector>

#include "infercore/status.h"
#include "infercore/warning.h"

namespace infercore::wasm {

using emscripten::val;

/// {value}.
val success(const val& value);
/// {failure: {code, message, hint?, faults?}}.
val failure(const Status& status);
/// A Fault as JavaScript sees it.
val fault_of(const Fault& fault);
val warnings_of(const std::vector<Warning>& warnings);

/// The result's value through `convert`, or its failure.
template <typename T, typename Convert>
val outcome(const Result<T>& result, Convert convert) {
  return result.ok() ? success(convert(*result)) : failure(result.status());
}

/// Memory that is exhausted.
Status out_of_memory();

/// Runs what an entry point does. Memory that can't be had becomes a failure; all that was made
/// until then is freed, and the module stays usable.
template <typename Work>
val guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return failure(out_of_memory());
  } catch (const std::length_error&) {  // a container that would be larger than memory
    return failure(out_of_memory());
  }
}

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_STATUS_H_
