// The core's Status as JavaScript sees it: the one place where an Outcome is made.
//
//   return failure(env, Status(Code::kInvalidOption, "…"));    // {failure: {code, message, …}}
//   return success(env, Napi::Number::New(env, 7));            // {value: 7}
#ifndef INFERCORE_NATIVE_STATUS_H_
#define INFERCORE_NATIVE_STATUS_H_

#include <napi.h>

#include <vector>

#include "infercore/status.h"
#include "infercore/warning.h"

namespace infercore::native {

Napi::Object success(Napi::Env env, napi_value value);
/// `status` must not be ok.
Napi::Object failure(Napi::Env env, const Status& status);
/// Throws an Error of JavaScript with the code, for what answers no Outcome.
Napi::Value throw_error(Napi::Env env, const Status& status);

/// Memory that can't be had.
Status out_of_memory();

Napi::Array faults_to_js(Napi::Env env, const std::vector<Fault>& faults);
Napi::Array warnings_to_js(Napi::Env env, const std::vector<Warning>& warnings);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_STATUS_H_
