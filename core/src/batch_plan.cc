#include "batch_plan.h"

#include <algorithm>
#include <numeric>

namespace infercore {
namespace {

/// The length that rows of up to `longest` tokens are padded to. Rounding up never leads beyond the
/// model's maximum.
std::size_t padded_length(const BatchTexts& texts, std::size_t longest) {
  const std::size_t multiple = texts.padding.multiple_of;
  std::size_t length = std::max<std::size_t>(longest, 1);
  if (multiple > 1 && length % multiple != 0) length += multiple - length % multiple;
  if (texts.max_length > 0 && length > texts.max_length) {
    length = std::max<std::size_t>({longest, texts.max_length, 1});
  }
  return length;
}

}  // namespace

BatchPlan plan_batches(const BatchTexts& texts, std::size_t max_tokens_per_batch) {
  BatchPlan plan;
  plan.order.resize(texts.count());
  std::iota(plan.order.begin(), plan.order.end(), 0U);
  // A total order, so that every standard library's sort gives the same.
  std::sort(plan.order.begin(), plan.order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::size_t length_a = texts.length(a);
    const std::size_t length_b = texts.length(b);
    return length_a != length_b ? length_a > length_b : a < b;
  });
  for (std::size_t first = 0; first < plan.order.size();) {
    BatchRange batch;
    batch.first = first;
    batch.length = padded_length(texts, texts.length(plan.order[first]));
    batch.rows =
        std::clamp<std::size_t>(max_tokens_per_batch / batch.length, 1, plan.order.size() - first);
    plan.padded_tokens += batch.rows * batch.length;
    first += batch.rows;
    plan.batches.push_back(batch);
  }
  return plan;
}

Batch make_batch(const BatchTexts& texts, const BatchPlan& plan, std::size_t index) {
  const BatchRange& range = plan.batches[index];
  Batch batch;
  batch.index = index;
  batch.rows = range.rows;
  batch.length = range.length;
  const std::size_t size = range.rows * range.length;
  batch.input_ids.assign(size, texts.padding.id);
  batch.attention_mask.assign(size, 0);
  batch.token_type_ids.assign(size, texts.padding.type_id);
  for (std::size_t r = 0; r < range.rows; ++r) {
    const std::size_t text = plan.order[range.first + r];
    const std::size_t tokens = texts.length(text);
    const bool left = texts.padding.direction == Direction::kLeft;
    const std::size_t to = r * range.length + (left ? range.length - tokens : 0);
    for (std::size_t i = 0; i < tokens; ++i) {
      const std::size_t from = texts.starts[text] + i;
      batch.input_ids[to + i] = texts.ids[from];
      batch.attention_mask[to + i] = 1;
      batch.token_type_ids[to + i] = texts.type_ids.empty() ? 0 : texts.type_ids[from];
    }
  }
  return batch;
}

}  // namespace infercore
