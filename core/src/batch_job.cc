#include "infercore/batch_job.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "batch_plan.h"
#include "batch_texts.h"
#include "infercore/quote.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxTexts = std::numeric_limits<std::uint32_t>::max();

std::string describe(std::span<const std::int64_t> dims) {
  return bracketed(std::vector<double>(dims.begin(), dims.end()));
}

/// Do the layers fit each other?
Status check_dense(const std::vector<Dense>& dense) {
  for (std::size_t i = 1; i < dense.size(); ++i) {
    if (dense[i].in_features() == dense[i - 1].out_features()) continue;
    return Status(Code::kInvalidOption,
                  "expected Dense layer " + std::to_string(i) + " to take the " +
                      std::to_string(dense[i - 1].out_features()) +
                      " features of the layer before it, received one that takes " +
                      std::to_string(dense[i].in_features()));
  }
  return {};
}

enum class BatchState : std::uint8_t { kWaiting, kHandedOut, kTaken, kDone };

/// A batch whose output is being kept. It goes back into the caller's hands unless that succeeds,
/// also where memory runs out on the way.
class Taken {
 public:
  explicit Taken(std::atomic<BatchState>& state) : state_(state) {}
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() { state_.store(end_); }
  void done() { end_ = BatchState::kDone; }

 private:
  std::atomic<BatchState>& state_;
  BatchState end_ = BatchState::kHandedOut;
};

/// The numbers 0 to `count` − 1, each handed out once unless it is given back.
class Turns {
 public:
  void reset(std::size_t count) {
    count_ = count;
    back_.reserve(count);  // giving back must not need memory
  }
  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    if (back_.empty()) return next_ < count_ ? std::optional(next_++) : std::nullopt;
    const std::size_t turn = back_.back();
    back_.pop_back();
    return turn;
  }
  void give_back(std::size_t turn) noexcept {
    const std::lock_guard lock(mutex_);
    back_.push_back(turn);
  }

 private:
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::vector<std::size_t> back_;
};

bool wants(std::span<const BatchInput> inputs, BatchList list) {
  return std::any_of(inputs.begin(), inputs.end(),
                     [list](const BatchInput& input) { return input.list == list; });
}

}  // namespace

struct BatchJob::State {
  BatchJobOptions options;
  std::vector<Dense> dense;
  BatchTexts texts;
  BatchPlan plan;

  Turns turns;
  std::atomic<std::size_t> done{0};
  std::unique_ptr<std::atomic<BatchState>[]> states;

  // Made by the first batch that comes back, which tells d.
  std::mutex mutex;
  std::size_t model_dimensions = 0;
  FloatBuffer data;
  bool result_taken = false;

  bool keeps_tokens() const { return options.pooling == Pooling::kNone && !options.pooled; }
  bool uses_dense() const { return !options.pooled && !keeps_tokens() && !dense.empty(); }
  std::size_t out_dimensions() const {
    if (uses_dense()) return dense.back().out_features();
    return model_dimensions > 0 ? model_dimensions : options.dimensions;
  }

  Status check_output(const BatchRange& batch, std::size_t size,
                      std::span<const std::int64_t> dims) const;
  Status reserve(std::size_t dimensions);
  void keep_tokens(const BatchRange& batch, const float* output);
  void keep_vectors(const BatchRange& batch, const float* output);
};

Status BatchJob::State::check_output(const BatchRange& batch, std::size_t size,
                                     std::span<const std::int64_t> dims) const {
  const auto rows = static_cast<std::int64_t>(batch.rows);
  const auto length = static_cast<std::int64_t>(batch.length);
  const bool fits = options.pooled ? dims.size() == 2 && dims[0] == rows
                                   : dims.size() == 3 && dims[0] == rows && dims[1] == length;
  std::int64_t elements = 1;
  bool sized = fits && dims.back() > 0;
  for (const std::int64_t dim : dims) {
    sized = sized && !__builtin_mul_overflow(elements, dim, &elements);
  }
  if (!sized) {
    return Status(Code::kInvalidInput,
                  "expected an output of shape [" + std::to_string(rows) + ", " +
                      (options.pooled ? "" : std::to_string(length) + ", ") +
                      "d] for this batch, received " + describe(dims),
                  options.pooled ? "name an output with one vector a text"
                                 : "name an output with one vector a token");
  }
  if (static_cast<std::uint64_t>(elements) != size) {
    return Status(Code::kInvalidInput, "expected " + std::to_string(elements) +
                                           " numbers for an output of shape " + describe(dims) +
                                           ", received " + std::to_string(size));
  }
  return {};
}

/// Makes room for all vectors once d is known.
Status BatchJob::State::reserve(std::size_t dimensions) {
  const std::lock_guard lock(mutex);
  if (model_dimensions == dimensions) return {};
  if (model_dimensions > 0) {
    return Status(Code::kInvalidInput, "expected vectors of " + std::to_string(model_dimensions) +
                                           " numbers as in the batches before, received " +
                                           std::to_string(dimensions));
  }
  if (uses_dense() && dense.front().in_features() != dimensions) {
    return Status(Code::kInvalidInput,
                  "expected vectors of " + std::to_string(dense.front().in_features()) +
                      " numbers for the Dense layer, received " + std::to_string(dimensions),
                  "the folder's Dense layer belongs to another model or another output");
  }
  model_dimensions = dimensions;
  std::size_t row = out_dimensions();
  std::size_t size = 0;
  if (!(keeps_tokens() && __builtin_mul_overflow(row, texts.longest, &row)) &&
      !__builtin_mul_overflow(row, texts.count(), &size)) {
    if (std::optional<FloatBuffer> buffer = FloatBuffer::zeros(size)) {
      data = *std::move(buffer);
      return {};
    }
  }
  model_dimensions = 0;
  return Status(Code::kLimitExceeded,
                "expected memory for the vectors of " + std::to_string(texts.count()) +
                    " texts, there is none: each takes " + std::to_string(row) + " floats",
                "pass the texts in parts");
}

void BatchJob::State::keep_tokens(const BatchRange& batch, const float* output) {
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const std::size_t text = plan.order[batch.first + r];
    const std::size_t tokens = texts.length(text);
    const bool left = texts.padding.direction == Direction::kLeft;
    const std::size_t from = r * batch.length + (left ? batch.length - tokens : 0);
    const std::size_t to = text * texts.longest + (left ? texts.longest - tokens : 0);
    float* const out = data.data() + to * model_dimensions;
    std::copy_n(output + from * model_dimensions, tokens * model_dimensions, out);
    if (!options.normalize) continue;
    for (std::size_t i = 0; i < tokens; ++i) {
      infercore::normalize({out + i * model_dimensions, model_dimensions});
    }
  }
}

void BatchJob::State::keep_vectors(const BatchRange& batch, const float* output) {
  const std::size_t d = model_dimensions;
  std::vector<float> pooled(batch.rows * d);
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const std::span<float> vector(pooled.data() + r * d, d);
    if (options.pooled) {
      std::copy_n(output + r * d, d, vector.begin());
      continue;
    }
    const std::size_t tokens = texts.length(plan.order[batch.first + r]);
    const bool left = texts.padding.direction == Direction::kLeft;
    const std::size_t from = r * batch.length + (left ? batch.length - tokens : 0);
    pool(options.pooling, output + from * d, tokens, vector);
  }
  if (uses_dense()) {
    for (const Dense& layer : dense) {
      std::vector<float> out(batch.rows * layer.out_features());
      layer.apply(pooled, out);
      pooled = std::move(out);
    }
  }
  const std::size_t width = out_dimensions();
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const std::span<float> vector(pooled.data() + r * width, width);
    if (options.normalize) infercore::normalize(vector);
    std::copy(vector.begin(), vector.end(), data.data() + plan.order[batch.first + r] * width);
  }
}

BatchJob::BatchJob(std::unique_ptr<State> state) : state_(std::move(state)) {}
BatchJob::BatchJob(BatchJob&&) noexcept = default;
BatchJob& BatchJob::operator=(BatchJob&&) noexcept = default;
BatchJob::~BatchJob() = default;

Result<BatchJob> BatchJob::create(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                  const BatchJobOptions& options, std::vector<Dense> dense,
                                  const Interrupt& interrupt, Threads* threads) {
  if (options.max_tokens_per_batch == 0) {
    return Status(Code::kInvalidOption, "expected at least 1 for maxTokensPerBatch, received 0");
  }
  if (texts.size() > kMaxTexts) {
    return Status(Code::kLimitExceeded, "expected at most " + std::to_string(kMaxTexts) +
                                            " texts, received " + std::to_string(texts.size()));
  }
  if (Status status = check_dense(dense); !status.ok()) return status;
  TokenizeOptions tokenize;
  tokenize.max_length = options.max_length;
  tokenize.type_ids = wants(options.inputs, BatchList::kTokenTypeIds);
  Result<BatchTexts> tokenized = tokenize_texts(tokenizer, texts, tokenize, interrupt, threads);
  if (!tokenized.ok()) return tokenized.status();
  if (Status status = check_ids(*tokenized, options.inputs); !status.ok()) return status;

  auto state = std::make_unique<State>();
  state->options = options;
  state->dense = std::move(dense);
  state->texts = *std::move(tokenized);
  state->plan = plan_batches(state->texts, options.max_tokens_per_batch);
  state->states = std::make_unique<std::atomic<BatchState>[]>(state->plan.batches.size());
  state->turns.reset(state->plan.batches.size());
  return BatchJob(std::move(state));
}

std::optional<Batch> BatchJob::next() {
  State& state = *state_;
  const std::optional<std::size_t> index = state.turns.take();
  if (!index) return std::nullopt;
  try {
    Batch batch = make_batch(state.texts, state.plan, *index, state.options.inputs);
    state.states[*index].store(BatchState::kHandedOut);
    return batch;
  } catch (...) {  // there is no memory for it now
    state.turns.give_back(*index);
    throw;
  }
}

Status BatchJob::accept(std::size_t index, std::span<const float> output,
                        std::span<const std::int64_t> dims) {
  State& state = *state_;
  const std::string name = "batch " + std::to_string(index);
  if (index >= state.plan.batches.size()) {
    return Status(Code::kInvalidInput, "expected one of " +
                                           std::to_string(state.plan.batches.size()) +
                                           " batches, received the output of " + name);
  }
  const BatchRange& batch = state.plan.batches[index];
  if (Status status = state.check_output(batch, output.size(), dims); !status.ok()) return status;
  BatchState expected = BatchState::kHandedOut;
  if (!state.states[index].compare_exchange_strong(expected, BatchState::kTaken)) {
    return Status(Code::kInvalidInput,
                  "expected the output of a batch that was handed out and not yet accepted, "
                  "received that of " +
                      name + ", which was " +
                      (expected == BatchState::kWaiting ? "not handed out" : "accepted before"));
  }
  Taken taken(state.states[index]);
  if (Status status = state.reserve(static_cast<std::size_t>(dims.back())); !status.ok()) {
    return status;
  }
  if (state.keeps_tokens()) {
    state.keep_tokens(batch, output.data());
  } else {
    state.keep_vectors(batch, output.data());
  }
  taken.done();
  state.done += batch.rows;
  return {};
}

Result<Vectors> BatchJob::result() {
  State& state = *state_;
  const std::size_t count = state.texts.count();
  if (state.done.load() != count) {
    return Status(Code::kInvalidInput, "expected the outputs of all batches before the result, " +
                                           std::to_string(count - state.done.load()) + " of " +
                                           std::to_string(count) + " texts are missing");
  }
  const std::lock_guard lock(state.mutex);
  if (state.result_taken) {
    return Status(Code::kInvalidInput, "the result was taken before: a job hands it over once");
  }
  state.result_taken = true;
  Vectors vectors;
  vectors.data = std::move(state.data);
  vectors.dims = {count};
  if (state.keeps_tokens()) vectors.dims.push_back(state.texts.longest);
  vectors.dims.push_back(state.out_dimensions());
  return vectors;
}

BatchJobStats BatchJob::stats() const {
  BatchJobStats stats;
  stats.texts = state_->texts.count();
  stats.batches = state_->plan.batches.size();
  stats.done = state_->done.load();
  stats.tokens = state_->texts.ids.size();
  stats.padded_tokens = state_->plan.padded_tokens;
  return stats;
}

const std::vector<Warning>& BatchJob::warnings() const { return state_->texts.warnings; }

}  // namespace infercore
