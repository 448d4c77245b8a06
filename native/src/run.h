// One run of a session.
#ifndef INFERCORE_NATIVE_RUN_H_
#define INFERCORE_NATIVE_RUN_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <memory>
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
  /// JavaScript thread. Copies the feeds. Errors: INVALID_INPUT with all faults of the objects
  /// given; whether they fit the model is seen when the run begins.
  static Result<std::shared_ptr<Run>> prepare(Napi::Env env, std::shared_ptr<Session> session,
                                              napi_value feeds, napi_value fetches,
                                              napi_value options);

  explicit Run(std::shared_ptr<Session> session) : Work("the run"), session_(std::move(session)) {}
  void interrupt() noexcept override { options_.SetTerminate(); }

  /// {name: value}, once, after a success.
  Napi::Value value(Napi::Env env) override;

 private:
  Status read_feeds(Napi::Env env, napi_value feeds);
  Status read_fetches(Napi::Env env, napi_value fetches);
  Status read_options(Napi::Env env, napi_value options);
  Status perform() override;
  std::vector<FeedSignature> feed_signatures() const;
  Status run_model();

  std::shared_ptr<Session> session_;
  Ort::RunOptions options_;
  std::vector<Feed> feeds_;
  std::vector<const ValueSignature*> fetches_;
  std::vector<Output> outputs_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_RUN_H_
