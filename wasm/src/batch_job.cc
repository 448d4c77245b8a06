#include "infercore/batch_job.h"

#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dense.h"
#include "feeds.h"
#include "marshal.h"
#include "status.h"
#include "threads.h"
#include "tokenizer.h"

namespace infercore::wasm {
namespace {

Pooling pooling_of(const std::string& name) {
  if (name == "cls") return Pooling::kCls;
  if (name == "last") return Pooling::kLast;
  return name == "none" ? Pooling::kNone : Pooling::kMean;
}

BatchJobOptions options_of(const val& data) {
  BatchJobOptions options;
  options.max_tokens_per_batch = data["maxTokensPerBatch"].as<std::size_t>();
  options.max_length = data["maxLength"].as<std::size_t>();
  options.pooling = pooling_of(text_in(data["pooling"]));
  options.normalize = data["normalize"].as<bool>();
  options.pooled = data["pooled"].as<bool>();
  options.dimensions = data["dimensions"].as<std::size_t>();
  return options;
}

val value_of(const BatchFeed& feed) {
  const auto* const narrow = std::get_if<std::vector<std::int32_t>>(&feed.data);
  val object = val::object();
  object.set("name", std::string(batch_list_name(feed.list)));
  object.set("type", std::string(narrow == nullptr ? "int64" : "int32"));
  object.set("data", narrow == nullptr
                         ? copy_out_int64(std::get<std::vector<std::int64_t>>(feed.data))
                         : copy_out(*narrow));
  return object;
}

val value_of(const Batch& batch) {
  val object = val::object();
  object.set("index", batch.index);
  object.set("rows", batch.rows);
  object.set("length", batch.length);
  val feeds = val::array();
  for (const BatchFeed& feed : batch.feeds) feeds.call<void>("push", value_of(feed));
  object.set("feeds", feeds);
  return object;
}

val value_of(const BatchJobStats& stats) {
  val object = val::object();
  object.set("texts", stats.texts);
  object.set("batches", stats.batches);
  object.set("done", stats.done);
  object.set("tokens", stats.tokens);
  object.set("paddedTokens", stats.padded_tokens);
  return object;
}

val value_of(const Vectors& vectors) {
  val object = val::object();
  object.set("data", copy_out(vectors.data.span()));
  object.set("dims", list_of(vectors.dims));
  return object;
}

/// BatchJobHandle of js/src/binding.ts.
class BatchJobHandle {
 public:
  explicit BatchJobHandle(BatchJob job) : job_(std::move(job)) {}

  val next() {
    return plainly_guarded([&] {
      const std::optional<Batch> batch = job_.next();
      return batch ? value_of(*batch) : val::undefined();
    });
  }

  val accept(std::size_t index, const val& output, const val& dims) {
    return guarded([&] {
      std::vector<std::int64_t> shape;
      for (const double dim : copy_in<double>(dims))
        shape.push_back(static_cast<std::int64_t>(dim));
      const Status status = job_.accept(index, copy_in<float>(output), shape);
      return status.ok() ? success(val::null()) : failure(status);
    });
  }

  val result() {
    return guarded([&] {
      return outcome(job_.result(), [](const Vectors& vectors) { return value_of(vectors); });
    });
  }

  val stats() const {
    return plainly_guarded([&] { return value_of(job_.stats()); });
  }

  val warnings() const {
    return plainly_guarded([&] { return warnings_of(job_.warnings()); });
  }

 private:
  BatchJob job_;
};

val create_batch_job(const TokenizerHandle& tokenizer, const val& texts, const val& options,
                     const val& dense, const val& model) {
  return guarded([&] {
    std::vector<Dense> layers;
    const auto count = dense["length"].as<std::size_t>();
    for (std::size_t i = 0; i < count; ++i) {
      layers.push_back(dense[i].as<std::shared_ptr<DenseHandle>>()->get());
    }
    BatchJobOptions job_options = options_of(options);
    Result<std::vector<BatchInput>> inputs = match_model(
        signature_of(model["inputs"]), signature_of(model["outputs"]), text_in(model["output"]));
    if (!inputs.ok()) return failure(inputs.status());
    job_options.inputs = *std::move(inputs);
    Result<BatchJob> job = BatchJob::create(tokenizer.get(), Texts(texts).views(), job_options,
                                            std::move(layers), {}, threads());
    if (!job.ok()) return failure(job.status());
    return success(val(std::make_shared<BatchJobHandle>(*std::move(job))));
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(batch_job) {
  emscripten::class_<BatchJobHandle>("BatchJobHandle")
      .smart_ptr<std::shared_ptr<BatchJobHandle>>("BatchJobHandlePointer")
      .function("next", &BatchJobHandle::next)
      .function("accept", &BatchJobHandle::accept)
      .function("result", &BatchJobHandle::result)
      .function("stats", &BatchJobHandle::stats)
      .function("warnings", &BatchJobHandle::warnings);
  emscripten::function("createBatchJob", create_batch_job);
}

}  // namespace infercore::wasm
