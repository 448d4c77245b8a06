#include "status.h"

#include <string>

namespace infercore::native {

Napi::Object success(Napi::Env env, napi_value value) {
  Napi::Object outcome = Napi::Object::New(env);
  outcome.Set("value", value);
  return outcome;
}

Napi::Object failure(Napi::Env env, const Status& status) {
  Napi::Object inner = Napi::Object::New(env);
  inner.Set("code", std::string(code_name(status.code())));
  inner.Set("message", status.message());
  if (!status.hint().empty()) inner.Set("hint", status.hint());
  if (!status.faults().empty()) inner.Set("faults", faults_to_js(env, status.faults()));
  Napi::Object outcome = Napi::Object::New(env);
  outcome.Set("failure", inner);
  return outcome;
}

Napi::Value throw_error(Napi::Env env, const Status& status) {
  const Napi::Error error = Napi::Error::New(env, status.message());
  error.Value().Set("code", std::string(code_name(status.code())));
  error.ThrowAsJavaScriptException();
  return {};
}

Status out_of_memory() {
  return {Code::kLimitExceeded, "there is not enough memory", "pass the work in parts"};
}

Napi::Array faults_to_js(Napi::Env env, const std::vector<Fault>& faults) {
  Napi::Array list = Napi::Array::New(env, faults.size());
  for (uint32_t i = 0; i < faults.size(); ++i) {
    Napi::Object fault = Napi::Object::New(env);
    fault.Set("path", faults[i].path);
    fault.Set("code", std::string(code_name(faults[i].code)));
    fault.Set("message", faults[i].message);
    list.Set(i, fault);
  }
  return list;
}

Napi::Array warnings_to_js(Napi::Env env, const std::vector<Warning>& warnings) {
  Napi::Array list = Napi::Array::New(env, warnings.size());
  for (uint32_t i = 0; i < warnings.size(); ++i) {
    Napi::Object warning = Napi::Object::New(env);
    warning.Set("code", warnings[i].code);
    warning.Set("message", warnings[i].message);
    if (!warnings[i].hint.empty()) warning.Set("hint", warnings[i].hint);
    list.Set(i, warning);
  }
  return list;
}

}  // namespace infercore::native
