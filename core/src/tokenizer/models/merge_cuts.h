// Where a word can be cut without a change of its tokens: between characters that no rule joins.
//
//   cuts.piece_end("▁the▁whale,", 0);                  // 6: in front of the second ▁
//   cuts.piece_end("▁the▁whale,", 6);                  // 14: in front of the comma
//
// Files without a pre-tokenizer have a model that takes whole texts as one word: cut, they are as
// many short ones, most of them met before.
#ifndef INFERCORE_TOKENIZER_MODELS_MERGE_CUTS_H_
#define INFERCORE_TOKENIZER_MODELS_MERGE_CUTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenizer/models/merge_table.h"
#include "tokenizer/models/vocabulary.h"

namespace infercore {

class MergeCuts {
 public:
  /// Cuts nowhere.
  MergeCuts() = default;
  /// `others`: symbols that stand for other text than their own; where rules have such a one,
  /// nothing is cut.
  MergeCuts(const Vocabulary& vocabulary, const std::vector<BpeMerge>& merges,
            const std::vector<std::uint32_t>& others);

  bool any() const noexcept { return any_; }

  void save(TableWriter& to) const;
  static MergeCuts load(TableReader& from);

  /// Where the part of `word` from `begin` to the next place that no rule joins ends: in front of a
  /// ▁, or between two characters of ASCII.
  std::size_t piece_end(std::string_view word, std::size_t begin) const noexcept;

 private:
  void find(const Vocabulary& vocabulary, const std::vector<BpeMerge>& merges,
            const std::vector<std::uint32_t>& others);

  static constexpr std::size_t kMaxJoined = 64;
  static constexpr std::size_t kWords = 128 * 128 / 64;

  /// Does a rule join two characters of ASCII?
  bool joins(unsigned char first, unsigned char second) const noexcept {
    const std::size_t bit = first * 128U + second;
    return (joined_[bit / 64] >> bit % 64 & 1) != 0;
  }

  bool any_ = false;
  std::vector<char32_t> joined_to_space_;       ///< characters that rules join to a ▁ behind
  std::array<std::uint64_t, kWords> joined_{};  ///< bits by first · 128 + second
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_MERGE_CUTS_H_
