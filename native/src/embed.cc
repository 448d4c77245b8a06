#include "embed.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "batch_job.h"
#include "entry.h"
#include "handle.h"
#include "marshal.h"
#include "runtime.h"
#include "status.h"
#include "threads.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

/// Often enough for a bar on a screen, seldom enough to cost nothing.
constexpr std::chrono::nanoseconds kProgressEvery = std::chrono::milliseconds(50);

Result<Embed::Request> read_request(const Napi::CallbackInfo& info,
                                    std::shared_ptr<Session> session) {
  const Napi::Env env = info.Env();
  Result<Tokenizer> tokenizer = tokenizer_of(info[0]);
  if (!tokenizer.ok()) return tokenizer.status();
  Result<Texts> texts = Texts::read(env, info[1], "texts");
  if (!texts.ok()) return texts.status();
  Result<BatchJobOptions> options = read_batch_job_options(env, info[2]);
  if (!options.ok()) return options.status();
  Result<std::vector<Dense>> dense = read_dense_layers(env, info[3]);
  if (!dense.ok()) return dense.status();
  std::string output = to_utf8(env, info[4]).value_or(std::string());
  Result<std::vector<BatchInput>> inputs = match_model(session->inputs, session->outputs, output);
  if (!inputs.ok()) return inputs.status();
  options->inputs = *std::move(inputs);
  return Embed::Request{std::move(session),  *std::move(tokenizer), *std::move(texts),
                        *std::move(options), *std::move(dense),     std::move(output)};
}

double to_milliseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

}  // namespace

/// A place in the pool's queue. It outlives the promise by at most the time until its turn comes.
class Embed::Step : public Task, public std::enable_shared_from_this<Embed::Step> {
 public:
  explicit Step(std::shared_ptr<Embed> embed) : embed_(std::move(embed)) {}
  void execute() noexcept override {
    if (!embed_->continue_with(shared_from_this())) embed_->leave();
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
  Pool::shared().submit(embed);
  return promise;
}

void Embed::set_progress(napi_env env, napi_value callback) {
  napi_create_reference(env, callback, 1, &on_progress_);
}

void Embed::execute() noexcept {
  active_ = 1;  // this step's own, so that the others can't end the work before all are queued
  Status status = guarded(
      [this] {
        Status planned = check_cancelled();
        if (planned.ok()) planned = plan();
        return planned.ok() ? queue_steps() : planned;
      },
      [](Status failed) { return failed; });
  if (!status.ok()) fail(std::move(status));
  leave();
}

Status Embed::queue_steps() {
  const auto self = std::static_pointer_cast<Embed>(shared_from_this());
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < concurrency(); ++i) {
    steps_.push_back(std::make_shared<Step>(self));
    ++active_;
    if (Status status = submit(steps_.back()); !status.ok()) return --active_, status;
  }
  return {};
}

Status Embed::submit(const std::shared_ptr<Task>& step) noexcept {
  return guarded([&] { return Pool::shared().submit(step), Status(); },
                 [](Status failed) { return failed; });
}

bool Embed::continue_with(const std::shared_ptr<Task>& step) noexcept {
  if (!run_next_batch()) return false;
  Status status = submit(step);
  return status.ok() || (fail(std::move(status)), false);
}

Status Embed::plan() {
  const Clock::time_point start = Clock::now();
  Result<BatchJob> job = BatchJob::create(
      request_.tokenizer, request_.texts.views(), request_.options, std::move(request_.dense),
      [this] { return check_cancelled(); }, threads());
  if (!job.ok()) return job.status();
  texts_ = request_.texts.views().size();
  request_.texts = {};
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
  const auto next = [this] {
    std::optional<Batch> batch = job_->next();
    if (!batch) return false;
    Status status = guard([&] { return run_batch(*batch); });
    if (status.ok()) return note_progress(), true;
    return fail(std::move(status)), false;
  };
  return guarded(next, [this](Status status) { return fail(std::move(status)), false; });
}

Status Embed::run_batch(Batch& batch) {
  const Clock::time_point start = Clock::now();
  const std::int64_t dims[] = {static_cast<std::int64_t>(batch.rows),
                               static_cast<std::int64_t>(batch.length)};
  std::vector<const char*> names;
  std::vector<Ort::Value> values;
  const auto value_of = [&](auto& list) {  // the batch's memory: it lives until the run is over
    return Ort::Value::CreateTensor(request_.session->memory, list.data(), list.size(), dims, 2);
  };
  for (BatchFeed& feed : batch.feeds) {
    names.push_back(batch_list_name(feed.list).data());
    values.push_back(std::visit(value_of, feed.data));
  }
  const char* output_name = request_.output.c_str();
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

Status Embed::take_result() {
  if (!status_.ok()) return status_;
  if (Status status = check_cancelled(); !status.ok()) return status;
  Result<Vectors> vectors = job_->result();
  if (!vectors.ok()) return vectors.status();
  vectors_ = *std::move(vectors);
  stats_ = job_->stats();
  warnings_ = job_->warnings();
  done_ = stats_.done;
  if (on_progress_ != nullptr) post_progress();
  return {};
}

void Embed::leave() {
  if (--active_ > 0) return;
  Status status = guarded([this] { return take_result(); }, [](Status failed) { return failed; });
  // Here rather than on the JavaScript thread.
  job_.reset();
  request_.session.reset();
  // They hold this work, which would hold them for ever.
  std::vector<std::shared_ptr<Task>> steps;
  {
    const std::lock_guard lock(mutex_);
    steps.swap(steps_);
  }
  finish(std::move(status));
}

void Embed::on_cancel() {
  interrupt();
  if (Pool::shared().withdraw(static_cast<Task*>(this))) {
    active_ = 1;
    return leave();
  }
  // Tokenizing ends after the text at hand, which may be long: nobody has to wait for it.
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
