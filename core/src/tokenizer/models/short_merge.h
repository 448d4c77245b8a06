// The merging of one short word, a merge at a time: several words take turns, so that far memory
// answers for one while others go on.
//
//   ShortMerge merge;
//   merge.room(2)[0] = …;                              // the word's symbols
//   merge.begin(merges);
//   while (merge.step(merges)) continue;
//   merge.symbols();
#ifndef INFERCORE_TOKENIZER_MODELS_SHORT_MERGE_H_
#define INFERCORE_TOKENIZER_MODELS_SHORT_MERGE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tokenizer/models/merge_table.h"

namespace infercore {

struct BpeSymbol {
  std::uint32_t id;
  std::uint32_t length;  ///< bytes of the word, never 0
};

/// A few symbols are faster looked through than kept in order. Not for rules whose ranks have ties,
/// see Merger::run.
class ShortMerge {
 public:
  static constexpr std::size_t kMost = 48;

  /// Where `count` symbols are to be written; 1 to kMost.
  BpeSymbol* room(std::size_t count) noexcept {
    count_ = count - 1;
    return symbols_.data();
  }
  void begin(const MergeTable& merges) noexcept {
    for (std::size_t i = 0; i < count_; ++i) look_at(i, merges);
    new_begin_ = new_end_ = 0;
  }
  /// Half a merge: the pairs that the last one made are looked at, or the next two symbols become
  /// one. Each half asks for the memory that the other one reads. False where no rule is left.
  bool step(const MergeTable& merges) noexcept {
    if (new_begin_ < new_end_) {
      for (; new_begin_ < new_end_; ++new_begin_) look_at(new_begin_, merges);
      return true;
    }
    if (count_ == 0) return false;
    const auto best = std::min_element(ranks_.begin(), ranks_.begin() + count_);
    if (*best == MergeTable::kNone) return false;
    const auto at = static_cast<std::size_t>(best - ranks_.begin());
    symbols_[at] = {merges.made(*best), symbols_[at].length + symbols_[at + 1].length};
    std::copy(symbols_.begin() + at + 2, symbols_.begin() + count_ + 1, symbols_.begin() + at + 1);
    std::copy(best + 1, ranks_.begin() + count_, best);
    --count_;
    new_begin_ = at > 0 ? at - 1 : 0;
    new_end_ = std::min(at + 1, count_);
    for (std::size_t i = new_begin_; i < new_end_; ++i) {
      merges.prefetch(symbols_[i].id, symbols_[i + 1].id);
    }
    return true;
  }
  std::span<const BpeSymbol> symbols() const noexcept { return {symbols_.data(), count_ + 1}; }

 private:
  void look_at(std::size_t i, const MergeTable& merges) noexcept {
    ranks_[i] = merges.find(symbols_[i].id, symbols_[i + 1].id);
    if (ranks_[i] != MergeTable::kNone) merges.prefetch_made(ranks_[i]);
  }

  std::array<BpeSymbol, kMost> symbols_;
  std::array<std::uint32_t, kMost> ranks_;  ///< of each symbol with the next one
  std::size_t count_ = 0;                   ///< of pairs
  std::size_t new_begin_ = 0;               ///< from here to new_end_ pairs are to be looked at
  std::size_t new_end_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_SHORT_MERGE_H_
