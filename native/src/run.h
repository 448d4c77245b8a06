// One run of a session.
#ifndef INFERCORE_NATIVE_RUN_H_
#define INFERCORE_NATIVE_RUN_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "infercore/status.h"
#include "operation.h"
#include "output.h"
#include "session.h"
#include "tensor.h"

namespace infercore::native {

class Run : public Work {
 public:
  struct Arguments {
    napi_value feeds;    ///< an array of [name, type, data, dims]
    napi_value fetches;  ///< an array of names, or [name, type, data, dims] to write into
    napi_value options;  ///< undefined for none
  };

  /// JavaScript thread, on which perform_here() may follow: feeds are read where they are. Errors:
  /// INVALID_INPUT with all faults of what was given; whether it fits the model is seen when the
  /// run begins.
  static Result<std::shared_ptr<Run>> prepare(Napi::Env env, std::shared_ptr<Session> session,
                                              const Arguments& arguments);

  /// Is it likely to be over sooner than another thread would have it?
  bool is_brief() const;

  /// Makes it fit for another thread: it can be ended, and what it uses stays. Errors:
  /// LIMIT_EXCEEDED where there is no memory for the copies.
  Status leave(Napi::Env env, const Arguments& arguments);

  explicit Run(std::shared_ptr<Session> session) : Work("the run"), session_(std::move(session)) {}
  void interrupt() noexcept override;
  void let_go() override { const std::lock_guard lock(using_); }
  Needs needs() const noexcept override;

  /// The values in the order of the fetches, once, after a success; null for what was written into
  /// the memory that came for it.
  Napi::Value value(Napi::Env env) override;

 private:
  /// An output that is wanted, with the memory for it if some was given.
  struct Fetch {
    const ValueSignature* output;
    bool given = false;
    FeedSignature signature = {};
    GivenTensor memory = {};
    bool bound = false;  ///< the model writes into `memory` itself
  };

  Status read_options(Napi::Env env, napi_value value);
  Status read_feeds(Napi::Env env, napi_value value);
  Status read_fetches(Napi::Env env, napi_value value);
  std::vector<Fault> add_fetch(Napi::Env env, napi_value value);
  Status part_memory();
  Status own_feeds();
  /// Keeps the arrays whose memory is used in place until the promise is settled.
  void keep(napi_env env, const Arguments& arguments);

  Status perform() override;
  void bind_fetches();
  Status run_model();
  Meal meal() const;
  void own(Ort::Value& value) const;
  Napi::Value outcome(Napi::Env env, const Status& status) override;

  std::shared_ptr<Session> session_;
  Ort::RunOptions options_{nullptr};
  std::vector<FeedSignature> signatures_;
  std::vector<GivenTensor> feeds_;
  std::vector<Fetch> fetches_;
  std::vector<Output> outputs_;  ///< of the fetches that are not bound
  bool borrows_ = false;         ///< some memory is JavaScript's
  std::mutex using_;             ///< held while it is used by another thread
  napi_ref kept_[2] = {};        ///< the environment frees them when that ends first
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_RUN_H_
