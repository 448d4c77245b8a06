// Where JavaScript enters the addon: the one place that keeps C++ exceptions from the engine, which
// would end the process.
//
//   add("summarize", entry<summarize_samples>);
//   DefineClass(env, "Dense", {method<&DenseHandle::free>("delete")});
#ifndef INFERCORE_NATIVE_ENTRY_H_
#define INFERCORE_NATIVE_ENTRY_H_

#include <napi.h>

#include <exception>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "infercore/status.h"
#include "status.h"

namespace infercore::native {

/// What `call` answers, or what `failed` makes of the Status that its exception becomes.
template <typename Call, typename Failed>
std::invoke_result_t<Call> guarded(Call call, Failed failed) noexcept {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return failed(out_of_memory());
  } catch (const std::length_error&) {  // a container that would be larger than memory
    return failed(out_of_memory());
  } catch (const std::exception& error) {
    return failed(Status(Code::kRuntimeError, error.what()));
  }
}

/// A function that answers an Outcome, or the promise of one.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value entry(const Napi::CallbackInfo& info) {
  return guarded([&] { return function(info); },
                 [&](const Status& status) -> Napi::Value { return failure(info.Env(), status); });
}

/// A function that answers something else: its failure is an error that is thrown.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value plain_entry(const Napi::CallbackInfo& info) {
  return guarded([&] { return function(info); },
                 [&](const Status& status) { return throw_error(info.Env(), status); });
}

namespace entry_details {

template <typename Handle>
using Method = Napi::Value (Handle::*)(const Napi::CallbackInfo&);

template <typename Handle, Method<Handle> called, bool plain>
napi_value call_method(napi_env env, napi_callback_info arguments) {
  return guarded(
      [&]() -> napi_value {
        const Napi::CallbackInfo info(env, arguments);
        Handle* handle = Handle::Unwrap(info.This().As<Napi::Object>());
        return handle == nullptr ? Napi::Value() : (handle->*called)(info);
      },
      [&](const Status& status) -> napi_value {
        if (plain) return throw_error(env, status);
        return failure(env, status);
      });
}

template <typename Handle, Method<Handle> called, bool plain>
Napi::ClassPropertyDescriptor<Handle> describe(const char* name) {
  napi_property_descriptor descriptor = {};
  descriptor.utf8name = name;
  descriptor.method = &call_method<Handle, called, plain>;
  return {descriptor};
}

template <typename Handle>
Handle handle_of(Method<Handle>);

}  // namespace entry_details

/// entry() and plain_entry() for the methods of a handle.
template <auto called>
auto method(const char* name) {
  using Handle = decltype(entry_details::handle_of(called));
  return entry_details::describe<Handle, called, false>(name);
}
template <auto called>
auto plain_method(const char* name) {
  using Handle = decltype(entry_details::handle_of(called));
  return entry_details::describe<Handle, called, true>(name);
}

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_ENTRY_H_
