#include "status.h"

#include <string>

namespace infercore::wasm {
namespace {

val text_of(std::string_view text) { return val(std::string(text)); }

}  // namespace

val success(const val& value) {
  val outcome = val::object();
  outcome.set("value", value);
  return outcome;
}

val fault_of(const Fault& fault) {
  val object = val::object();
  object.set("path", fault.path);
  object.set("code", text_of(code_name(fault.code)));
  object.set("message", fault.message);
  return object;
}

val failure(const Status& status) {
  val object = val::object();
  object.set("code", text_of(code_name(status.code())));
  object.set("message", status.message());
  if (!status.hint().empty()) object.set("hint", status.hint());
  if (!status.faults().empty()) {
    val faults = val::array();
    for (const Fault& fault : status.faults()) faults.call<void>("push", fault_of(fault));
    object.set("faults", faults);
  }
  val outcome = val::object();
  outcome.set("failure", object);
  return outcome;
}

val warnings_of(const std::vector<Warning>& warnings) {
  val list = val::array();
  for (const Warning& warning : warnings) {
    val object = val::object();
    object.set("code", warning.code);
    object.set("message", warning.message);
    if (!warning.hint.empty()) object.set("hint", warning.hint);
    list.call<void>("push", object);
  }
  return list;
}

void throw_error(const Status& status) {
  val error = val::global("Error").new_(status.message());
  error.set("code", text_of(code_name(status.code())));
  error.throw_();
}

Status out_of_memory() {
  return Status(Code::kLimitExceeded,
                "expected memory for this call, the WebAssembly module can have no more of it",
                "pass the work in parts; a module holds at most 4 GB");
}

}  // namespace infercore::wasm
