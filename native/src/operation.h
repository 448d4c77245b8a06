// Something that takes time and that JavaScript awaits: loading, a run, a list of texts.
//
//   class Load : public Work {
//     Status perform() override;                    // on a thread of the pool: no JavaScript here
//     Napi::Value value(Napi::Env env) override;    // on the JavaScript thread, after a success
//   };
//   return start(env, std::make_shared<Load>(…), cancellation);   // the promise of an Outcome
#ifndef INFERCORE_NATIVE_OPERATION_H_
#define INFERCORE_NATIVE_OPERATION_H_

#include <napi.h>

#include <atomic>
#include <cstddef>
#include <memory>

#include "cancellation.h"
#include "infercore/status.h"
#include "live.h"
#include "pool.h"

namespace infercore::native {

class Mailbox;

class Operation : public Cancellable, public std::enable_shared_from_this<Operation> {
 public:
  /// `what` begins the messages of its failures, "the run"; a static string.
  explicit Operation(const char* what) : what_(what) {}

  /// JavaScript thread: makes the promise and listens to `cancellation` (may be absent). False when
  /// that was cancelled already: the promise is settled then and nothing is to be begun.
  bool begin(Napi::Env env, std::shared_ptr<Cancellation> cancellation, Napi::Promise& promise);

  /// As Cancellation::cancel does it, also for an operation without one.
  void cancel(Code reason) { cancellation_->cancel(reason); }

  /// JavaScript thread, after a cancel, when the environment ends: returns once no other thread
  /// uses memory of JavaScript any more.
  virtual void let_go() {}

 protected:
  /// Any thread, once: settles the promise with value(), or with `status`.
  void finish(Status status);
  /// Any thread: has progress() called soon.
  void post_progress();
  bool cancelled() const noexcept { return cancellation_ && cancellation_->cancelled(); }
  Status check_cancelled() const { return cancellation_ ? cancellation_->check(what_) : Status(); }

  virtual Napi::Value value(Napi::Env env) = 0;
  /// What the promise becomes.
  virtual Napi::Value outcome(Napi::Env env, const Status& status);
  /// What it throws ends the operation, and the promise is rejected with it.
  virtual void progress(Napi::Env) {}

 private:
  friend class Mailbox;
  /// JavaScript thread, by the mailbox.
  void deliver(Napi::Env env, bool done);
  void deliver_progress(Napi::Env env);
  /// What progress() has thrown; nullptr when nothing.
  napi_value take_thrown(Napi::Env env);

  const char* what_;
  std::shared_ptr<Cancellation> cancellation_;
  std::shared_ptr<Mailbox> mailbox_;
  napi_deferred deferred_ = nullptr;
  Status status_;
  std::atomic<bool> finished_ = false;
  napi_ref thrown_ = nullptr;  ///< {error}: what progress() threw, which may be no object
  std::size_t place_ = 0;      ///< the mailbox's
  Live<Operation> live_;
};

/// An operation that is one task of the pool.
class Work : public Operation, public Task {
 public:
  using Operation::Operation;

  void execute() noexcept final;
  void refuse(const Status& status) noexcept final { finish(status); }
  /// perform() on the calling thread; an exception becomes a Status.
  Status perform_here() noexcept;

 protected:
  virtual Status perform() = 0;
  void on_cancel() final;
};

/// The promise of an Outcome; `work` is queued.
Napi::Value start(Napi::Env env, const std::shared_ptr<Work>& work,
                  std::shared_ptr<Cancellation> cancellation = nullptr);

/// A promise that is settled already.
Napi::Value settled(Napi::Env env, Napi::Object outcome);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_OPERATION_H_
