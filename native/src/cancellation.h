// Ends a piece of work from outside, whether it waits, runs or is done already.
//
// The first reason wins and becomes the code of the failure: ABORTED or TIMEOUT. What was asked to
// end answers once it has really ended; waiting work answers at once, work inside ONNX Runtime
// after the operator at hand.
#ifndef INFERCORE_NATIVE_CANCELLATION_H_
#define INFERCORE_NATIVE_CANCELLATION_H_

#include <napi.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "infercore/status.h"

namespace infercore::native {

/// What can be ended. cancel() calls it on the JavaScript thread, and only while it lives.
class Cancellable {
 public:
  virtual ~Cancellable() = default;
  virtual void on_cancel() = 0;
};

class Cancellation {
 public:
  /// `target` hears of a cancel() that comes later.
  void attach(std::weak_ptr<Cancellable> target);
  void cancel(Code reason);

  bool cancelled() const noexcept { return reason_ != Code::kOk; }
  /// Success until it was cancelled; `what` begins the message: "the run".
  Status check(std::string_view what) const;

 private:
  std::atomic<Code> reason_ = Code::kOk;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Cancellable>> targets_;
};

/// The class `Cancellation` of the binding.
class CancellationHandle : public Napi::ObjectWrap<CancellationHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit CancellationHandle(const Napi::CallbackInfo& info);
  const std::shared_ptr<Cancellation>& state() const noexcept { return state_; }

 private:
  Napi::Value cancel(const Napi::CallbackInfo& info);
  std::shared_ptr<Cancellation> state_ = std::make_shared<Cancellation>();
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_CANCELLATION_H_
