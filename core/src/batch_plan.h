// Which texts share a batch. Depends on their lengths alone.
#ifndef INFERCORE_SRC_BATCH_PLAN_H_
#define INFERCORE_SRC_BATCH_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "batch_texts.h"
#include "infercore/batch_job.h"

namespace infercore {

struct BatchRange {
  std::size_t first = 0;  ///< of the plan's order
  std::size_t rows = 0;
  std::size_t length = 0;
};

struct BatchPlan {
  /// All texts, longest first, equal lengths in the caller's order.
  std::vector<std::uint32_t> order;
  std::vector<BatchRange> batches;
  std::size_t padded_tokens = 0;
};

/// Longest first: memory is highest in the first batch, so that a run that can't succeed fails at
/// once, and the short batches at the end let several threads finish together.
BatchPlan plan_batches(const BatchTexts& texts, std::size_t max_tokens_per_batch);

/// NOT_SUPPORTED where one of `inputs` takes 32 bits and an id (that of the padding too) needs
/// more.
Status check_ids(const BatchTexts& texts, std::span<const BatchInput> inputs);

/// The padded feeds of batch `index`, one for each of `inputs`.
Batch make_batch(const BatchTexts& texts, const BatchPlan& plan, std::size_t index,
                 std::span<const BatchInput> inputs);

}  // namespace infercore

#endif  // INFERCORE_SRC_BATCH_PLAN_H_
