#include "cancellation.h"

#include <string>
#include <utility>

#include "entry.h"
#include "handle.h"

namespace infercore::native {

void Cancellation::attach(std::weak_ptr<Cancellable> target) {
  const std::lock_guard lock(mutex_);
  targets_.push_back(std::move(target));
}

void Cancellation::cancel(Code reason) {
  Code none = Code::kOk;
  if (!reason_.compare_exchange_strong(none, reason)) return;
  std::vector<std::weak_ptr<Cancellable>> targets;
  {
    const std::lock_guard lock(mutex_);
    targets.swap(targets_);
  }
  for (const auto& target : targets) {
    if (const auto alive = target.lock()) alive->on_cancel();
  }
}

Status Cancellation::check(std::string_view what) const {
  switch (reason_.load()) {
    case Code::kOk:
      return {};
    case Code::kTimeout:
      return {Code::kTimeout, std::string(what) + " took longer than its time limit"};
    default:
      return {Code::kAborted, std::string(what) + " was aborted"};
  }
}

Napi::Function CancellationHandle::define(Napi::Env env) {
  return DefineClass(env, "Cancellation", {plain_method<&CancellationHandle::cancel>("cancel")});
}

CancellationHandle::CancellationHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  tag_handle(info.This(), HandleKind::kCancellation);
}

Napi::Value CancellationHandle::cancel(const Napi::CallbackInfo& info) {
  const bool timeout =
      info[0].IsString() && info[0].As<Napi::String>().Utf8Value() == code_name(Code::kTimeout);
  state_->cancel(timeout ? Code::kTimeout : Code::kAborted);
  return info.Env().Undefined();
}

}  // namespace infercore::native
