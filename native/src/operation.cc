#include "operation.h"

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "addon.h"
#include "mailbox.h"
#include "status.h"

namespace infercore::native {
namespace {

/// What a callback of the user threw is an uncaught exception, and must not stand in the way of the
/// next delivery.
void report_exception(Napi::Env env) {
  if (!env.IsExceptionPending()) return;
  napi_value thrown = nullptr;
  if (napi_get_and_clear_last_exception(env, &thrown) == napi_ok) {
    napi_fatal_exception(env, thrown);
  }
}

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
  if (!done) {
    progress(env);
    report_exception(env);
    return;
  }
  // Who has cancelled is told so, even if the work was quicker.
  if (const Status status = check_cancelled(); !status.ok()) status_ = status;
  if (deferred_ != nullptr) napi_resolve_deferred(env, deferred_, outcome(env, status_));
}

Napi::Value Operation::outcome(Napi::Env env, const Status& status) {
  return status.ok() ? success(env, value(env)) : failure(env, status);
}

Status Work::perform_here() noexcept {
  try {
    return perform();
  } catch (const std::bad_alloc&) {
    return {Code::kLimitExceeded, "there is not enough memory"};
  } catch (const std::exception& error) {
    return {Code::kRuntimeError, error.what()};
  }
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
