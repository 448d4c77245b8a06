// The class Session as JavaScript holds it (SessionHandle of the binding).
#ifndef INFERCORE_NATIVE_SESSION_HANDLE_H_
#define INFERCORE_NATIVE_SESSION_HANDLE_H_

#include <napi.h>

#include <memory>

#include "infercore/status.h"
#include "session_lease.h"

namespace infercore::native {

class SessionHandle : public Napi::ObjectWrap<SessionHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object make(Napi::Env env, const std::shared_ptr<SessionLease>& lease);
  explicit SessionHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value constrain(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value run_sync(const Napi::CallbackInfo& info);
  Napi::Value embed(const Napi::CallbackInfo& info);
  Napi::Value share(const Napi::CallbackInfo& info);
  Napi::Value end_profiling(const Napi::CallbackInfo& info);
  Napi::Value dispose(const Napi::CallbackInfo& info);

  std::shared_ptr<SessionLease> lease_;  ///< nullptr once disposed
  Napi::ObjectReference disposal_;       ///< the promise of the first dispose()
};

/// createSession() of the binding.
Napi::Value create_session(const Napi::CallbackInfo& info);

/// attachSession() of the binding.
Napi::Value attach_session(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SESSION_HANDLE_H_
