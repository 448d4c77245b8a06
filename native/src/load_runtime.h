// loadRuntime(), loadRuntimeSync() and limitThreads() of the binding.
#ifndef INFERCORE_NATIVE_LOAD_RUNTIME_H_
#define INFERCORE_NATIVE_LOAD_RUNTIME_H_

#include <napi.h>

namespace infercore::native {

/// On the pool: opening the library takes tens of milliseconds.
Napi::Value load_runtime(const Napi::CallbackInfo& info);
/// On the calling thread, for what must answer at once.
Napi::Value load_runtime_sync(const Napi::CallbackInfo& info);
/// How many threads the library may use, as JavaScript has found out.
Napi::Value limit_threads(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_LOAD_RUNTIME_H_
