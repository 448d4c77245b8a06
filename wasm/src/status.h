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

/// Throws the JavaScript Error that binding.ts promises, with the status's code and message.
[[noreturn]] void throw_error(const Status& status);

/// What `work` answers, or what `failed` makes of the Status that its exception becomes. All that
/// was made until then is freed, and the module stays usable.
template <typename Work, typename Failed>
val guarded(Work work, Failed failed) {
  // Answered outside of the handlers: a JavaScript exception thrown in one would never end it.
  Status status;
  try {
    return work();
  } catch (const std::bad_alloc&) {
    status = out_of_memory();
  } catch (const std::length_error&) {  // a container that would be larger than memory
    status = out_of_memory();
  } catch (const std::invalid_argument& error) {  // text_in
    status = Status(Code::kInvalidInput, error.what());
  }
  return failed(status);
}

/// For an entry point that answers an Outcome.
template <typename Work>
val guarded(Work work) {
  return guarded(work, failure);
}

/// For one that answers something else: its failure is an Error that is thrown.
template <typename Work>
val plainly_guarded(Work work) {
  return guarded(work, [](const Status& status) -> val { throw_error(status); });
}

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_STATUS_H_
