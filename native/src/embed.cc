#include "embed.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "batch_job.h"
#include "handle.h"
#include "infercore/did_you_mean.h"
#include "marshal.h"
#include "runtime.h"
#include "status.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

/// Often enough for a bar on a screen, seldom enough to cost nothing.
constexpr std::chrono::nanoseconds kProgressEvery = std::chrono::milliseconds(50);

struct KnownInput {
  const char* name;
  std::vector<std::int64_t> Batch::*list;
};
constexpr KnownInput kKnownInputs[] = {{"input_ids", &Batch::input_ids},
                                       {"attention_mask", &Batch::attention_mask},
                                       {"token_type_ids", &Batch::token_type_ids}};

/// Which of a batch's lists the model wants; a fault for each input that a text can't give.
Result<std::vector<BatchInput>> match_inputs(const Session& session) {
  std::vector<BatchInput> inputs;
  std::vector<Fault> faults;
  for (const ValueSignature& input : session.inputs) {
    const auto* known = std::find_if(std::begin(kKnownInputs), std::end(kKnownInputs),
                                     [&](const KnownInput& row) { return input.name == row.name; });
    if (known == std::end(kKnownInputs)) {
      faults.push_back({input.name, Code::kNotSupported,
                        "the model wants \"" + input.name +
                            "\"; texts give input_ids, attention_mask and token_type_ids"});
    } else if (input.type != "int64" && input.type != "int32") {
      faults.push_back({input.name, Code::kNotSupported,
                        "the model wants \"" + input.name + "\" as " + input.type +
                            "; texts give int64 or int32"});
    } else {
      inputs.push_back({known->name, known->list, input.type == "int32"});
    }
  }
  if (faults.empty()) return inputs;
  const Status all = Status::from_faults("the model's inputs", faults);
  return Status(Code::kNotSupported, all.message(),
                "run such a model with session.run() and feeds of your own");
}

Result<const ValueSignature*> find_output(const Session& session, const std::string& name) {
  std::vector<std::string> names;
  for (const ValueSignature& output : session.outputs) {
    names.push_back(output.name);
    if (output.name != name) continue;
    if (output.type == "float32") return &output;
    return Status(Code::kNotSupported, "output \"" + name + "\" is of type " + output.type +
                                           "; expected float32 for vectors");
  }
  return Status(Code::kInvalidOption,
                "unknown output \"" + name + "\"" + did_you_mean(name, names));
}

Result<Embed::Request> read_request(const Napi::CallbackInfo& info,
                                    std::shared_ptr<Session> session) {
  const Napi::Env env = info.Env();
  Result<Tokenizer> tokenizer = tokenizer_of(info[0]);
  if (!tokenizer.ok()) return tokenizer.status();
  Result<Texts> texts = Texts::read(env, info[1], "texts");
  if (!texts.ok()) return texts.status();
  const Result<BatchJobOptions> options = read_batch_job_options(env, info[2]);
  if (!options.ok()) return options.status();
  Result<std::vector<Dense>> dense = read_dense_layers(env, info[3]);
  if (!dense.ok()) return dense.status();
  const auto output = find_output(*session, to_utf8(env, info[4]).value_or(std::string()));
  if (!output.ok()) return output.status();
  Result<std::vector<BatchInput>> inputs = match_inputs(*session);
  if (!inputs.ok()) return inputs.status();
  return Embed::Request{std::move(session), *std::move(tokenizer), *std::move(texts),
                        *options,           *std::move(dense),     *output,
                        *std::move(inputs)};
}

double to_milliseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

}  // namespace

/// A place in the pool's queue. It outlives the promise by at most the time until its turn comes.
class Embed::Step : public Task, public std::enable_shared_from_this<Embed::Step> {
 public:
  explicit Step(std::shared_ptr<Embed> embed) : embed_(std::move(embed)) {}
  void execute() noexcept override {
    if (embed_->run_next_batch()) {
      Pool::shared().submit(shared_from_this());
    } else {
      embed_->leave();
    }
  }
  void interrupt() noexcept override { embed_->interrupt(); }

 private:
  std::shared_ptr<Embed> embed_;
};

Napi::Value start_embed(const Napi::CallbackInfo& info, std::shared_ptr<Session> session,
                        std::shared_ptr<Cancellation> cancellation) {
  const Napi::Env env = info.Env();
  Result<Embed::Request> request = read_request(info, std::move(session));
  if (!request.ok()) return settled(env, failure(env, request.status()));
  auto embed = std::make_shared<Embed>(*std::move(request));
  Napi::Promise promise;
  if (!embed->begin(env, std::move(cancellation), promise)) return promise;
  if (info[6].IsFunction()) embed->set_progress(env, info[6]);
  Pool::shared().submit(std::move(embed));
  return promise;
}

void Embed::set_progress(napi_env env, napi_value callback) {
  napi_create_reference(env, callback, 1, &on_progress_);
}

void Embed::execute() noexcept {
  active_ = 1;  // this step's own, so that the others can't end the work before all are queued
  Status status = check_cancelled();
  try {
    if (status.ok()) status = plan();
  } catch (const std::exception& error) {
    status = {Code::kLimitExceeded, error.what()};
  }
  if (status.ok()) {
    const auto self = std::static_pointer_cast<Embed>(shared_from_this());
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < concurrency(); ++i) {
      steps_.push_back(std::make_shared<Step>(self));
      ++active_;
      Pool::shared().submit(steps_.back());
    }
  } else {
    fail(std::move(status));
  }
  leave();
}

Status Embed::plan() {
  const Clock::time_point start = Clock::now();
  Result<BatchJob> job = BatchJob::create(request_.tokenizer, request_.texts.views(),
                                          request_.options, std::move(request_.dense));
  if (!job.ok()) return job.status();
  texts_ = request_.texts.units.size();
  request_.texts.units = {};
  job_ = *std::move(job);
  planned_ = true;
  tokenize_ms_ = to_milliseconds((Clock::now() - start).count());
  return {};
}

std::size_t Embed::concurrency() const {
  // A run that uses all cores by itself gains nothing from a second one beside it.
  const std::size_t cores = Pool::shared().size();
  const auto threads = static_cast<std::size_t>(std::max(request_.session->intra_op_threads, 0));
  const std::size_t runs = threads == 0 ? 1 : std::max<std::size_t>(1, cores / threads);
  return std::min(runs, job_->stats().batches);
}

bool Embed::run_next_batch() {
  if (stop_ || cancelled()) return false;
  try {
    const std::optional<Batch> batch = job_->next();
    if (!batch) return false;
    Status status = guard([&] { return run_batch(*batch); });
    if (status.ok()) return note_progress(), true;
    fail(std::move(status));
  } catch (const std::exception& error) {
    fail({Code::kLimitExceeded, error.what()});
  }
  return false;
}

Status Embed::run_batch(const Batch& batch) {
  const Clock::time_point start = Clock::now();
  const std::int64_t dims[] = {static_cast<std::int64_t>(batch.rows),
                               static_cast<std::int64_t>(batch.length)};
  std::vector<const char*> names;
  std::vector<Ort::Value> values;
  std::vector<std::vector<std::int32_t>> narrow;
  narrow.reserve(request_.inputs.size());
  for (const BatchInput& input : request_.inputs) {
    // The batch's own memory: it lives until the run is over, and the runtime only reads it.
    auto& list = const_cast<std::vector<std::int64_t>&>(batch.*input.list);
    names.push_back(input.name);
    if (input.int32) {
      auto& copy = narrow.emplace_back(list.begin(), list.end());
      values.push_back(Ort::Value::CreateTensor<std::int32_t>(request_.session->memory, copy.data(),
                                                              copy.size(), dims, 2));
    } else {
      values.push_back(Ort::Value::CreateTensor<std::int64_t>(request_.session->memory, list.data(),
                                                              list.size(), dims, 2));
    }
  }
  const char* output_name = request_.output->name.c_str();
  const std::vector<Ort::Value> outputs = request_.session->onnx.Run(
      run_options_, names.data(), values.data(), values.size(), &output_name, 1);
  const Clock::time_point ran = Clock::now();
  run_time_ += (ran - start).count();
  const auto info = outputs[0].GetTensorTypeAndShapeInfo();
  Status status = job_->accept(
      batch.index, {outputs[0].GetTensorData<float>(), info.GetElementCount()}, info.GetShape());
  pool_time_ += (Clock::now() - ran).count();
  return status;
}

void Embed::fail(Status status) {
  const std::lock_guard lock(mutex_);
  if (status_.ok()) status_ = std::move(status);
  stop_ = true;
  run_options_.SetTerminate();  // what the other steps still run is of no use
}

void Embed::note_progress() {
  if (on_progress_ == nullptr) return;
  const std::int64_t now = Clock::now().time_since_epoch().count();
  std::int64_t next = next_progress_;
  if (now < next || !next_progress_.compare_exchange_strong(next, now + kProgressEvery.count())) {
    return;
  }
  done_ = job_->stats().done;
  post_progress();
}

void Embed::leave() {
  if (--active_ > 0) return;
  Status status = status_.ok() ? check_cancelled() : status_;
  if (status.ok()) {
    Result<Vectors> vectors = job_->result();
    status = vectors.status();
    if (vectors.ok()) vectors_ = *std::move(vectors);
    stats_ = job_->stats();
    warnings_ = job_->warnings();
    done_ = stats_.done;
    if (on_progress_ != nullptr) post_progress();
  }
  // Here rather than on the JavaScript thread.
  job_.reset();
  request_.session.reset();
  finish(std::move(status));
}

void Embed::on_cancel() {
  interrupt();
  if (Pool::shared().withdraw(static_cast<Task*>(this))) {
    active_ = 1;
    return leave();
  }
  // Tokenizing can't be interrupted, but nobody has to wait for it.
  if (!planned_) return finish(check_cancelled());
  std::vector<std::shared_ptr<Task>> steps;
  {
    const std::lock_guard lock(mutex_);
    steps = steps_;
  }
  for (const auto& step : steps) {
    if (Pool::shared().withdraw(step.get())) leave();
  }
}

void Embed::progress(Napi::Env env) {
  napi_value callback = nullptr;
  if (on_progress_ == nullptr) return;
  if (napi_get_reference_value(env, on_progress_, &callback) != napi_ok) return;
  Napi::Function(env, callback)
      .Call({Napi::Number::New(env, static_cast<double>(done_)),
             Napi::Number::New(env, static_cast<double>(texts_))});
}

Napi::Value Embed::value(Napi::Env env) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("vectors", vectors_to_js(env, *std::move(vectors_)));
  object.Set("stats", stats_to_js(env, stats_));
  object.Set("phases", times_to_js(env, {{"tokenize", tokenize_ms_},
                                         {"run", to_milliseconds(run_time_)},
                                         {"pool", to_milliseconds(pool_time_)}}));
  object.Set("warnings", warnings_to_js(env, warnings_));
  return object;
}

Napi::Value Embed::outcome(Napi::Env env, const Status& status) {
  if (on_progress_ != nullptr) napi_delete_reference(env, on_progress_);
  on_progress_ = nullptr;
  return Operation::outcome(env, status);
}

}  // namespace infercore::native
