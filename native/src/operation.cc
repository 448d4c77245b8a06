#include "operation.h"

#include <utility>

#include "addon.h"
#include "entry.h"
#include "mailbox.h"
#include "status.h"

namespace infercore::native {
namespace {

constexpr const char* kThrown = "error";

}  // namespace

bool Operation::begin(Napi::Env env, std::shared_ptr<Cancellation> cancellation,
                      Napi::Promise& promise) {
  napi_value made = nullptr;
  napi_create_promise(env, &deferred_, &made);
  promise = Napi::Promise(env, made);
  cancellation_ = cancellation ? std::move(cancellation) : std::make_shared<Cancellation>();
  if (const Status status = check_cancelled(); !status.ok()) {
    napi_resolve_deferred(env, deferred_, failure(env, status));
    return false;
  }
  mailbox_ = Addon::of(env).mailbox;
  cancellation_->attach(weak_from_this());
  mailbox_->expect(shared_from_this());
  return true;
}

void Operation::finish(Status status) {
  if (finished_.exchange(true)) return;
  status_ = std::move(status);
  mailbox_->post(shared_from_this(), true);
}

void Operation::post_progress() { mailbox_->post(shared_from_this(), false); }

void Operation::deliver(Napi::Env env, bool done) {
  if (!done) return deliver_progress(env);
  // Who has cancelled is told so, even if the work was quicker.
  if (const Status status = check_cancelled(); !status.ok()) status_ = status;
  const napi_value settled =
      guarded([&] { return outcome(env, status_); },
              [&](const Status& status) -> Napi::Value { return failure(env, status); });
  if (deferred_ == nullptr) return;
  if (const napi_value thrown = take_thrown(env)) {
    napi_reject_deferred(env, deferred_, thrown);
  } else {
    napi_resolve_deferred(env, deferred_, settled);
  }
}

void Operation::deliver_progress(Napi::Env env) {
  if (thrown_ != nullptr) return;
  progress(env);
  napi_value thrown = nullptr;
  napi_value holder = nullptr;
  if (!env.IsExceptionPending() || napi_get_and_clear_last_exception(env, &thrown) != napi_ok ||
      napi_create_object(env, &holder) != napi_ok) {
    return;
  }
  napi_set_named_property(env, holder, kThrown, thrown);
  napi_create_reference(env, holder, 1, &thrown_);
  cancel(Code::kAborted);
}

napi_value Operation::take_thrown(Napi::Env env) {
  if (thrown_ == nullptr) return nullptr;
  napi_value holder = nullptr;
  napi_value thrown = nullptr;
  napi_get_reference_value(env, thrown_, &holder);
  napi_get_named_property(env, holder, kThrown, &thrown);
  napi_delete_reference(env, thrown_);
  thrown_ = nullptr;
  return thrown;
}

Napi::Value Operation::outcome(Napi::Env env, const Status& status) {
  return status.ok() ? success(env, value(env)) : failure(env, status);
}

Status Work::perform_here() noexcept {
  return guarded([this] { return perform(); }, [](Status status) { return status; });
}

void Work::execute() noexcept {
  Status status = check_cancelled();
  if (status.ok()) status = perform_here();
  finish(std::move(status));
}

void Work::on_cancel() {
  if (Pool::shared().withdraw(this)) return finish(check_cancelled());
  interrupt();
}

Napi::Value start(Napi::Env env, const std::shared_ptr<Work>& work,
                  std::shared_ptr<Cancellation> cancellation) {
  Napi::Promise promise;
  if (work->begin(env, std::move(cancellation), promise)) Pool::shared().submit(work);
  return promise;
}

Napi::Value settled(Napi::Env env, Napi::Object outcome) {
  // Not Napi::Promise::Deferred: where the environment is just being ended it makes no promise and
  // hands out whatever its members held.
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) return {};
  napi_resolve_deferred(env, deferred, outcome);
  return {env, promise};
}

}  // namespace infercore::native
