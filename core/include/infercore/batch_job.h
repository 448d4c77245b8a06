// Everything around a model's runs that turns texts into vectors, without the model: tokenizes,
// plans batches, pads, takes what the model made of them, pools, and puts rows into the caller's
// order.
//
//   auto job = BatchJob::create(tokenizer, texts, {.max_tokens_per_batch = 1024});
//   while (std::optional<Batch> batch = job->next()) {
//     … run the model on batch->feeds, each [batch->rows, batch->length] …
//     Status status = job->accept(batch->index, output, dims);
//   }
//   Result<Vectors> vectors = job->result();            // row i belongs to texts[i]
//
// Rows of similar length share a batch, so that little of what the model computes is padding. The
// plan depends on lengths alone: it is the same on every target and for any number of threads.
//
// next() and accept() may be called by several threads at once; create() before and result() after
// them.
#ifndef INFERCORE_BATCH_JOB_H_
#define INFERCORE_BATCH_JOB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "infercore/batch_inputs.h"
#include "infercore/dense.h"
#include "infercore/float_buffer.h"
#include "infercore/interrupt.h"
#include "infercore/parallel.h"
#include "infercore/pooling.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"
#include "infercore/warning.h"

namespace infercore {

struct BatchJobOptions {
  /// Rows × padded length of one batch at most; a single longer text is a batch of its own.
  std::size_t max_tokens_per_batch = 1024;
  /// The model's maximum, special tokens counted. 0: what the tokenizer's file says, if anything.
  /// Where both say one, the smaller holds.
  std::size_t max_length = 0;
  Pooling pooling = Pooling::kMean;
  /// Each vector gets length 1 (with Pooling::kNone each token's).
  bool normalize = false;
  /// The model's output is [rows, d] already: neither pooling nor Dense is applied.
  bool pooled = false;
  /// The last dimension that the model declares for its output, 0 when it is free: the d of a
  /// result without texts.
  std::size_t dimensions = 0;
  /// What the model takes: match_model's answer.
  std::vector<BatchInput> inputs = {
      {BatchList::kInputIds}, {BatchList::kAttentionMask}, {BatchList::kTokenTypeIds}};
};

struct BatchFeed {
  BatchList list = BatchList::kInputIds;
  std::variant<std::vector<std::int64_t>, std::vector<std::int32_t>> data;
};

/// Padded feeds of one batch, [rows, length] each, in the order of options.inputs. `length` is at
/// least 1, also for texts without tokens.
struct Batch {
  std::size_t index = 0;
  std::size_t rows = 0;
  std::size_t length = 0;
  std::vector<BatchFeed> feeds;
};

struct BatchJobStats {
  std::size_t texts = 0;
  std::size_t batches = 0;
  std::size_t done = 0;           ///< texts whose batch was accepted
  std::size_t tokens = 0;         ///< real ones, after truncation
  std::size_t padded_tokens = 0;  ///< rows × length, summed over all batches
};

/// [texts, d], or for Pooling::kNone [texts, longest, d] with zeros where a text has no token.
struct Vectors {
  FloatBuffer data;
  std::vector<std::size_t> dims;
};

class BatchJob {
 public:
  /// Tokenizes `texts` and plans the batches. The views may be given up afterwards; the tokenizer
  /// and the layers of `dense` (applied in order to pooled vectors) are shared. Padding takes id,
  /// type id, direction and multiple_of of the tokenizer's file, never its fixed length: padding
  /// beyond a batch's longest row changes no result. Errors: INVALID_OPTION (a budget of 0, Dense
  /// layers that don't fit each other), LIMIT_EXCEEDED (more than 2³² − 1 texts or tokens),
  /// NOT_SUPPORTED (an id above 2³¹ − 1 for an input of int32), whatever the tokenizer answers
  /// (each text that failed is a fault "texts[i]"), that of `interrupt`. With `threads` the texts
  /// are tokenized on all of them, to the same result; `interrupt` is then asked on each.
  static Result<BatchJob> create(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                 const BatchJobOptions& options, std::vector<Dense> dense = {},
                                 const Interrupt& interrupt = {}, Threads* threads = nullptr);

  BatchJob(BatchJob&&) noexcept;
  BatchJob& operator=(BatchJob&&) noexcept;
  ~BatchJob();

  /// The next batch, longest texts first; nothing when all were handed out. Each is handed out
  /// once; one that memory could not be had for (see status.h) comes again.
  std::optional<Batch> next();

  /// Takes the model's output for batch `index`: [rows, length, d], or [rows, d] when
  /// options.pooled; d is the same for all batches. `output` is not needed afterwards. Errors:
  /// INVALID_INPUT (a batch that was not handed out or was accepted before, dims that don't fit;
  /// the batch can then be given again), LIMIT_EXCEEDED (no memory for all vectors). Also where
  /// memory could not be had it can be given again.
  Status accept(std::size_t index, std::span<const float> output,
                std::span<const std::int64_t> dims);

  /// All vectors, row i for text i; without texts [0, d]. Hands its memory over, so only once.
  /// Errors: INVALID_INPUT when batches are missing or the result was taken before.
  Result<Vectors> result();

  BatchJobStats stats() const;

  /// One warning each: TEXT_TRUNCATED when texts were cut, UNKNOWN_TOKENS when at least a fifth of
  /// a text's tokens are unknown.
  const std::vector<Warning>& warnings() const;

 private:
  struct State;
  explicit BatchJob(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace infercore

#endif  // INFERCORE_BATCH_JOB_H_
