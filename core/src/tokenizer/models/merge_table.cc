#include "tokenizer/models/merge_table.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace infercore {
namespace {

/// Rules made so that many meet in one place must not make loading slow.
constexpr std::size_t kMaxSteps = 128;

}  // namespace

bool MergeTable::fits(std::size_t symbols, std::size_t merges) noexcept {
  // The highest bit stays 0, so that none looks like a free slot.
  return 2 * std::bit_width(symbols) + std::bit_width(merges) < 64;
}

void MergeTable::measure(std::size_t symbols, std::size_t ranks, std::size_t slots) noexcept {
  symbol_bits_ = static_cast<unsigned>(std::bit_width(symbols));
  rank_bits_ = static_cast<unsigned>(std::bit_width(ranks));
  rank_mask_ = (std::uint64_t{1} << rank_bits_) - 1;
  mask_ = slots - 1;
  shift_ = 64 - static_cast<unsigned>(std::bit_width(mask_));
}

std::vector<std::uint32_t> MergeTable::count_ranks(std::span<const BpeMerge> merges) {
  std::vector<std::uint32_t> ranks;
  std::vector<std::uint32_t> made;
  std::vector<std::uint32_t> ties;
  bool any_ties = false;
  ranks.reserve(merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const bool tied = i > 0 && merges[i].rank == merges[i - 1].rank;
    if (!tied || merges[i].made != merges[i - 1].made) {
      ties.push_back(tied ? ties.back() : static_cast<std::uint32_t>(made.size()));
      made.push_back(merges[i].made);
      any_ties = any_ties || tied;
    }
    ranks.push_back(static_cast<std::uint32_t>(made.size() - 1));
  }
  made_ = Table<std::uint32_t>::copy_of(made);
  if (any_ties) ties_ = Table<std::uint32_t>::copy_of(ties);
  return ranks;
}

MergeTable::MergeTable(std::span<const BpeMerge> merges, std::size_t symbols, std::uint32_t common)
    : common_(common) {
  const std::vector<std::uint32_t> ranks = count_ranks(merges);
  std::size_t count = 2;
  while (count * 2 < merges.size() * 3) count *= 2;
  std::vector<std::uint64_t> slots;
  const auto insert = [&](std::uint64_t key, std::uint64_t rank) {
    std::size_t steps = 0;
    for (std::size_t at = place_of(key);; at = (at + 1) & mask_, ++steps) {
      if (slots[at] != kFree && slots[at] >> rank_bits_ != key) continue;
      slots[at] = key << rank_bits_ | rank;
      return steps <= kMaxSteps;
    }
  };
  for (int attempt = 0;; ++attempt) {
    // Another factor helps against pairs made to meet; in the end more room does.
    if (attempt > 0) factor_ = (factor_ ^ factor_ >> 29) * 0xBF58476D1CE4E5B9U | 1;
    if (attempt > 8 && count < merges.size() * 64) count *= 2;
    slots.assign(count, kFree);
    measure(symbols, made_.size(), count);
    bool good = true;
    for (std::size_t i = 0; i < merges.size() && (good || attempt >= 16); ++i) {
      const BpeMerge& merge = merges[i];
      good = insert(std::uint64_t{merge.left} << symbol_bits_ | merge.right, ranks[i]) && good;
    }
    if (good || attempt >= 16) break;
  }
  std::vector<std::uint32_t> small;
  if (merges.size() >= kRows * kRows / 8) {
    small.assign(std::size_t{kRows} * kRows, kNone);
    for (std::size_t i = 0; i < merges.size(); ++i) {
      const std::uint32_t row = merges[i].left - common;
      const std::uint32_t column = merges[i].right - common;
      if (row < kRows && column < kRows) small[row * kRows + column] = ranks[i];
    }
    rows_ = kRows;
  }
  slots_ = Table<std::uint64_t>::copy_of(slots);
  small_ = Table<std::uint32_t>::copy_of(small);
}

}  // namespace infercore
