#include "tokenizer/models/merge_table.h"

#include <utility>

namespace infercore {
namespace {

/// Rules made so that many meet in one place must not make loading slow.
constexpr std::size_t kMaxSteps = 128;

}  // namespace

bool MergeTable::insert(const Slot& slot) {
  std::size_t steps = 0;
  for (std::size_t at = place_of(slot.key);; at = (at + 1) & mask_, ++steps) {
    if (slots_[at].merge.exists() && slots_[at].key != slot.key) continue;
    if (!slots_[at].merge.exists()) ++count_;
    slots_[at] = slot;
    return steps <= kMaxSteps;
  }
}

void MergeTable::rehash(std::size_t slots) {
  const std::vector<Slot> old = std::exchange(slots_, {});
  for (int attempt = 0;; ++attempt) {
    // Another factor helps against pairs made to meet; in the end more room does.
    if (attempt > 0) factor_ = (factor_ ^ factor_ >> 29) * 0xBF58476D1CE4E5B9U | 1;
    if (attempt > 8 && slots < old.size() * 64) slots *= 2;
    slots_.assign(slots, Slot{});
    mask_ = slots - 1;
    shift_ = 64;
    for (std::size_t size = slots; size > 1; size /= 2) --shift_;
    count_ = 0;
    bool good = true;
    for (const Slot& slot : old) {
      if (slot.merge.exists()) good = insert(slot) && good;
      if (!good && attempt < 16) break;
    }
    if (good || attempt >= 16) return;
  }
}

void MergeTable::reserve(std::size_t count) {
  std::size_t slots = slots_.size();
  while (slots * 2 < count * 3) slots *= 2;
  if (slots > slots_.size()) rehash(slots);
}

void MergeTable::add(std::uint32_t left, std::uint32_t right, std::uint32_t rank,
                     std::uint32_t id) {
  if ((count_ + 1) * 3 > slots_.size() * 2) rehash(slots_.size() * 2);
  if (!insert({std::uint64_t{left} << 32 | right, {rank, id}})) rehash(slots_.size());
}

void MergeTable::finish(std::uint32_t common) {
  if (count_ < kRows * kRows / 8) return;
  small_.resize(std::size_t{kRows} * kRows);
  for (const Slot& slot : slots_) {
    const std::uint32_t row = static_cast<std::uint32_t>(slot.key >> 32) - common;
    const std::uint32_t column = static_cast<std::uint32_t>(slot.key) - common;
    if (slot.merge.exists() && row < kRows && column < kRows) {
      small_[row * kRows + column] = slot.merge;
    }
  }
  common_ = common;
  rows_ = kRows;
}

}  // namespace infercore
