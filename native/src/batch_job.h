// Batch jobs and Dense layers as JavaScript holds them (BatchJobHandle, DenseHandle of the
// binding).
#ifndef INFERCORE_NATIVE_BATCH_JOB_H_
#define INFERCORE_NATIVE_BATCH_JOB_H_

#include <napi.h>

#include <optional>
#include <vector>

#include "infercore/batch_job.h"
#include "infercore/dense.h"
#include "infercore/status.h"

namespace infercore::native {

class DenseHandle : public Napi::ObjectWrap<DenseHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit DenseHandle(const Napi::CallbackInfo& info);
  const std::optional<Dense>& dense() const { return dense_; }

 private:
  Napi::Value free(const Napi::CallbackInfo& info);
  std::optional<Dense> dense_;
};

class BatchJobHandle : public Napi::ObjectWrap<BatchJobHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit BatchJobHandle(const Napi::CallbackInfo& info);

 private:
  Napi::Value next(const Napi::CallbackInfo& info);
  Napi::Value accept(const Napi::CallbackInfo& info);
  Napi::Value result(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value warnings(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  std::optional<BatchJob> job_;
};

/// loadDense() and createBatchJob() of the binding.
Napi::Value load_dense(const Napi::CallbackInfo& info);
Napi::Value create_batch_job(const Napi::CallbackInfo& info);

Result<BatchJobOptions> read_batch_job_options(napi_env env, napi_value value);
Result<std::vector<Dense>> read_dense_layers(napi_env env, napi_value value);
Napi::Object stats_to_js(Napi::Env env, const BatchJobStats& stats);
/// Takes the memory over where that pays.
Napi::Object vectors_to_js(Napi::Env env, Vectors vectors);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_BATCH_JOB_H_
