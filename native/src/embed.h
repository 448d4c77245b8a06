// Texts to vectors, all of it on the pool: the core's BatchJob plans, several threads run its
// batches on the one session.
//
// Each step runs one batch and then queues itself again behind whatever else waits, so a long list
// does not keep other runs from the pool.
#ifndef INFERCORE_NATIVE_EMBED_H_
#define INFERCORE_NATIVE_EMBED_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "encode.h"
#include "infercore/batch_job.h"
#include "infercore/status.h"
#include "operation.h"
#include "session.h"

namespace infercore::native {

/// embed() of a session's handle: (tokenizer, texts, options, dense, output, cancellation,
/// onProgress).
Napi::Value start_embed(const Napi::CallbackInfo& info, std::shared_ptr<Session> session,
                        std::shared_ptr<Cancellation> cancellation);

class Embed : public Operation, public Task {
 public:
  struct Request {
    std::shared_ptr<Session> session;
    Tokenizer tokenizer;
    Texts texts;
    BatchJobOptions options;
    std::vector<Dense> dense;
    std::string output;
  };

  explicit Embed(Request request) : Operation("the embedding"), request_(std::move(request)) {}
  void set_progress(napi_env env, napi_value callback);

  /// The first step: tokenizes, plans, queues the others.
  void execute() noexcept override;
  void refuse(const Status& status) noexcept override { finish(status); }
  void interrupt() noexcept override { run_options_.SetTerminate(); }
  void on_cancel() override;

 private:
  class Step;
  using Clock = std::chrono::steady_clock;

  Status plan();
  std::size_t concurrency() const;
  /// One batch. False when there is no more to do.
  bool run_next_batch();
  Status run_batch(Batch& batch);
  Status queue_steps();
  static Status submit(const std::shared_ptr<Task>& step) noexcept;
  /// Runs a batch and queues `step` again. False when there is no more to do for it.
  bool continue_with(const std::shared_ptr<Task>& step) noexcept;
  void fail(Status status);
  Status take_result();
  void leave();
  void note_progress();
  Napi::Value value(Napi::Env env) override;
  void progress(Napi::Env env) override;
  Napi::Value outcome(Napi::Env env, const Status& status) override;

  Request request_;
  Ort::RunOptions run_options_;  ///< shared by all runs: one flag ends them all
  std::optional<BatchJob> job_;
  std::size_t texts_ = 0;

  std::mutex mutex_;
  std::vector<std::shared_ptr<Task>> steps_;
  Status status_;  ///< the first failure
  std::atomic<bool> planned_ = false;
  std::atomic<bool> stop_ = false;
  std::atomic<std::size_t> active_ = 0;  ///< steps that have not left
  std::atomic<std::size_t> done_ = 0;
  std::atomic<std::int64_t> next_progress_ = 0;
  std::atomic<std::int64_t> run_time_ = 0;   ///< nanoseconds
  std::atomic<std::int64_t> pool_time_ = 0;  ///< nanoseconds
  double tokenize_ms_ = 0;

  std::optional<Vectors> vectors_;
  BatchJobStats stats_;
  std::vector<Warning> warnings_;
  napi_ref on_progress_ = nullptr;  ///< the environment frees it when that ends first
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_EMBED_H_
