#include "batch_job.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "addon.h"
#include "encode.h"
#include "entry.h"
#include "feeds.h"
#include "handle.h"
#include "marshal.h"
#include "operation.h"
#include "status.h"
#include "threads.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

constexpr std::string_view kPoolings[] = {"none", "mean", "cls", "last"};

Status deleted() { return {Code::kDisposed, "the batch job was disposed"}; }

Napi::Array feeds_to_js(Napi::Env env, const std::vector<BatchFeed>& feeds) {
  Napi::Array list = Napi::Array::New(env, feeds.size());
  for (uint32_t i = 0; i < feeds.size(); ++i) {
    const auto* const narrow = std::get_if<std::vector<std::int32_t>>(&feeds[i].data);
    Napi::Object feed = Napi::Object::New(env);
    feed.Set("name", std::string(batch_list_name(feeds[i].list)));
    feed.Set("type", narrow == nullptr ? "int64" : "int32");
    feed.Set("data",
             narrow == nullptr
                 ? copy_array<std::int64_t>(env, std::get<std::vector<std::int64_t>>(feeds[i].data))
                 : copy_array<std::int32_t>(env, *narrow));
    list.Set(i, feed);
  }
  return list;
}

class LoadDense : public Work {
 public:
  LoadDense(std::string config, std::vector<std::uint8_t> weights)
      : Work("loading a Dense layer"), config_(std::move(config)), weights_(std::move(weights)) {}

 private:
  Status perform() override {
    Result<Dense> dense = Dense::from_bytes(config_, weights_);
    weights_ = {};
    if (!dense.ok()) return dense.status();
    dense_ = *std::move(dense);
    return {};
  }
  Napi::Value value(Napi::Env env) override {
    return Factory<std::optional<Dense>>::make(Addon::of(env).dense, std::move(dense_));
  }

  std::string config_;
  std::vector<std::uint8_t> weights_;
  std::optional<Dense> dense_;
};

}  // namespace

Result<BatchJobOptions> read_batch_job_options(napi_env env, napi_value value) {
  BatchJobOptions options;
  Fields fields(env, value, "options");
  fields.read("maxTokensPerBatch", options.max_tokens_per_batch);
  fields.read("maxLength", options.max_length);
  fields.read_name("pooling", kPoolings, options.pooling);
  fields.read("normalize", options.normalize);
  fields.read("pooled", options.pooled);
  fields.read("dimensions", options.dimensions);
  if (Status status = fields.status(); !status.ok()) return status;
  return options;
}

Result<std::vector<Dense>> read_dense_layers(napi_env env, napi_value value) {
  std::vector<Dense> layers;
  bool all = true;
  const bool is_array = each_element(env, value, [&](std::uint32_t, napi_value element) {
    auto* handle = open_handle<DenseHandle>(Napi::Value(env, element), HandleKind::kDense);
    if (handle != nullptr && handle->dense()) {
      layers.push_back(*handle->dense());
    } else {
      all = false;
    }
  });
  if (!is_array || !all) return wrong_handle(HandleKind::kDense);
  return layers;
}

Napi::Object stats_to_js(Napi::Env env, const BatchJobStats& stats) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("texts", static_cast<double>(stats.texts));
  object.Set("batches", static_cast<double>(stats.batches));
  object.Set("done", static_cast<double>(stats.done));
  object.Set("tokens", static_cast<double>(stats.tokens));
  object.Set("paddedTokens", static_cast<double>(stats.padded_tokens));
  return object;
}

Napi::Object vectors_to_js(Napi::Env env, Vectors vectors) {
  const std::size_t size = vectors.data.size();
  const std::shared_ptr<float> owner(vectors.data.release(), std::free);
  const auto bytes = std::as_writable_bytes(std::span<float>(owner.get(), size));
  Napi::Object object = Napi::Object::New(env);
  object.Set("data", adopt_array(env, napi_float32_array, sizeof(float), bytes, owner));
  object.Set("dims", numbers_to_js(env, vectors.dims));
  return object;
}

// ── Dense ────────────────────────────────────────────────────────────────────────────────────────
Napi::Function DenseHandle::define(Napi::Env env) {
  return DefineClass(env, "Dense", {plain_method<&DenseHandle::free>("delete")});
}

DenseHandle::DenseHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), dense_(Factory<std::optional<Dense>>::take()) {
  tag_handle(info.This(), HandleKind::kDense);
}

Napi::Value DenseHandle::free(const Napi::CallbackInfo& info) {
  dense_.reset();
  return info.Env().Undefined();
}

Napi::Value load_dense(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto config = to_span<std::uint8_t>(env, info[0]);
  const auto weights = to_span<std::uint8_t>(env, info[1]);
  if (!config || !weights) {
    return settled(env, failure(env, {Code::kInvalidInput,
                                      "expected config.json and model.safetensors as two "
                                      "Uint8Arrays"}));
  }
  std::string json(reinterpret_cast<const char*>(config->data()), config->size());
  return start(env,
               std::make_shared<LoadDense>(
                   std::move(json), std::vector<std::uint8_t>(weights->begin(), weights->end())));
}

// ── BatchJob ─────────────────────────────────────────────────────────────────────────────────────
Napi::Function BatchJobHandle::define(Napi::Env env) {
  return DefineClass(
      env, "BatchJob",
      {plain_method<&BatchJobHandle::next>("next"), method<&BatchJobHandle::accept>("accept"),
       method<&BatchJobHandle::result>("result"), plain_method<&BatchJobHandle::stats>("stats"),
       plain_method<&BatchJobHandle::warnings>("warnings"),
       plain_method<&BatchJobHandle::free>("delete")});
}

BatchJobHandle::BatchJobHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), job_(Factory<std::optional<BatchJob>>::take()) {
  tag_handle(info.This(), HandleKind::kBatchJob);
}

Napi::Value create_batch_job(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Result<Tokenizer> tokenizer = tokenizer_of(info[0]);
  if (!tokenizer.ok()) return failure(env, tokenizer.status());
  const Result<Texts> texts = Texts::read(env, info[1], "texts");
  if (!texts.ok()) return failure(env, texts.status());
  Result<BatchJobOptions> options = read_batch_job_options(env, info[2]);
  if (!options.ok()) return failure(env, options.status());
  Result<std::vector<Dense>> dense = read_dense_layers(env, info[3]);
  if (!dense.ok()) return failure(env, dense.status());
  const Fields model(env, info[4], "model");
  Result<std::vector<BatchInput>> inputs = match_model(
      read_signature(env, model.get("inputs")), read_signature(env, model.get("outputs")),
      to_utf8(env, model.get("output")).value_or(std::string()));
  if (!inputs.ok()) return failure(env, inputs.status());
  options->inputs = *std::move(inputs);
  Result<BatchJob> job =
      BatchJob::create(*tokenizer, texts->views(), *options, *std::move(dense), {}, threads());
  if (!job.ok()) return failure(env, job.status());
  return success(env,
                 Factory<std::optional<BatchJob>>::make(Addon::of(env).batch_job, *std::move(job)));
}

Napi::Value BatchJobHandle::next(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto batch = job_ ? job_->next() : std::nullopt;
  if (!batch) return env.Undefined();
  Napi::Object object = Napi::Object::New(env);
  object.Set("index", static_cast<double>(batch->index));
  object.Set("rows", static_cast<double>(batch->rows));
  object.Set("length", static_cast<double>(batch->length));
  object.Set("feeds", feeds_to_js(env, batch->feeds));
  return object;
}

Napi::Value BatchJobHandle::accept(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::int64_t index = -1;
  std::vector<std::int64_t> dims;
  const bool has_dims = each_element(env, info[2], [&](std::uint32_t, napi_value element) {
    napi_get_value_int64(env, element, &dims.emplace_back(-1));
  });
  // After the array was read, which may run JavaScript.
  if (!job_) return failure(env, deleted());
  const auto output = to_span<float>(env, info[1]);
  if (napi_get_value_int64(env, info[0], &index) != napi_ok || index < 0 || !output || !has_dims) {
    return failure(env, {Code::kInvalidInput, "expected an index, a Float32Array and its dims"});
  }
  const Status status = job_->accept(static_cast<std::size_t>(index), *output, dims);
  return status.ok() ? success(env, env.Null()) : failure(env, status);
}

Napi::Value BatchJobHandle::result(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!job_) return failure(env, deleted());
  Result<Vectors> vectors = job_->result();
  return vectors.ok() ? success(env, vectors_to_js(env, *std::move(vectors)))
                      : failure(env, vectors.status());
}

Napi::Value BatchJobHandle::stats(const Napi::CallbackInfo& info) {
  return stats_to_js(info.Env(), job_ ? job_->stats() : BatchJobStats());
}

Napi::Value BatchJobHandle::warnings(const Napi::CallbackInfo& info) {
  return warnings_to_js(info.Env(), job_ ? job_->warnings() : std::vector<Warning>());
}

Napi::Value BatchJobHandle::free(const Napi::CallbackInfo& info) {
  job_.reset();
  return info.Env().Undefined();
}

}  // namespace infercore::native
