#include "batch_plan.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "infercore/quote.h"

namespace infercore {
namespace {

/// The length that rows of up to `longest` tokens are padded to. Rounding up never leads beyond the
/// model's maximum.
std::size_t padded_length(const BatchTexts& texts, std::size_t longest) {
  const std::size_t length = texts.padding.rounded(std::max<std::size_t>(longest, 1));
  if (texts.max_length > 0 && length > texts.max_length) {
    return std::max<std::size_t>({longest, texts.max_length, 1});
  }
  return length;
}

std::uint32_t padding_of(const Padding& padding, BatchList list) {
  if (list == BatchList::kInputIds) return padding.id;
  return list == BatchList::kTokenTypeIds ? padding.type_id : 0;
}

template <typename T>
std::vector<T> make_list(const BatchTexts& texts, const BatchPlan& plan, const BatchRange& range,
                         BatchList list) {
  std::vector<T> data(range.rows * range.length, static_cast<T>(padding_of(texts.padding, list)));
  const bool left = texts.padding.direction == Direction::kLeft;
  for (std::size_t r = 0; r < range.rows; ++r) {
    const std::size_t text = plan.order[range.first + r];
    const std::size_t tokens = texts.length(text);
    const auto from = static_cast<std::ptrdiff_t>(texts.starts[text]);
    T* const to = data.data() + r * range.length + (left ? range.length - tokens : 0);
    switch (list) {
      case BatchList::kInputIds:
        std::copy_n(texts.ids.begin() + from, tokens, to);
        break;
      case BatchList::kAttentionMask:
        std::fill_n(to, tokens, T{1});
        break;
      case BatchList::kTokenTypeIds:
        if (texts.type_ids.empty()) {
          std::fill_n(to, tokens, T{0});
        } else {
          std::copy_n(texts.type_ids.begin() + from, tokens, to);
        }
        break;
      case BatchList::kPositionIds:
        std::iota(to, to + tokens, T{0});
        break;
    }
  }
  return data;
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

Status check_ids(const BatchTexts& texts, std::span<const BatchInput> inputs) {
  for (const BatchInput& input : inputs) {
    if (!input.int32) continue;
    std::uint32_t largest = padding_of(texts.padding, input.list);
    const auto look_at = [&](const std::vector<std::uint32_t>& ids) {
      for (const std::uint32_t id : ids) largest = std::max(largest, id);
    };
    if (input.list == BatchList::kInputIds) look_at(texts.ids);
    if (input.list == BatchList::kTokenTypeIds) look_at(texts.type_ids);
    if (largest <= std::numeric_limits<std::int32_t>::max()) continue;
    const std::string name(batch_list_name(input.list));
    return Status(Code::kNotSupported,
                  "the model wants " + quoted(name) +
                      " as int32; the tokenizer gives it an id of more than 31 bits, " +
                      std::to_string(largest),
                  "take the tokenizer that belongs to the model");
  }
  return {};
}

Batch make_batch(const BatchTexts& texts, const BatchPlan& plan, std::size_t index,
                 std::span<const BatchInput> inputs) {
  const BatchRange& range = plan.batches[index];
  Batch batch;
  batch.index = index;
  batch.rows = range.rows;
  batch.length = range.length;
  batch.feeds.reserve(inputs.size());
  for (const BatchInput& input : inputs) {
    BatchFeed& feed = batch.feeds.emplace_back();
    feed.list = input.list;
    if (input.int32) {
      feed.data = make_list<std::int32_t>(texts, plan, range, input.list);
    } else {
      feed.data = make_list<std::int64_t>(texts, plan, range, input.list);
    }
  }
  return batch;
}

}  // namespace infercore
