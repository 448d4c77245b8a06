// Which two symbols become which third, and in what order.
//
//   const MergeTable merges({{3, 4, 9, 0}}, 10, 0);    // the first rule: 3 4 → 9
//   merges.made(merges.find(3, 4));                    // 9
//
// One flat table with open addressing: a lookup is one cache line as a rule. A slot holds both
// symbols and the rank in 64 bits, each as wide as this table's numbers are.
#ifndef INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_
#define INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/table.h"

namespace infercore {

/// One rule of a file. Symbols are indexes of the vocabulary.
struct BpeMerge {
  std::uint32_t left;
  std::uint32_t right;
  std::uint32_t made;
  std::uint32_t rank;  ///< lower ones come first; of equal ones the leftmost
};

class MergeTable {
 public:
  /// The rank of no rule, behind all others.
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// Does a slot hold the numbers of so many symbols and rules?
  static bool fits(std::size_t symbols, std::size_t merges) noexcept;

  /// Has no rules.
  MergeTable() : MergeTable({}, 0, 0) {}
  /// `merges` stand in the order of their ranks, and of one rank those that make the same symbol
  /// together; of rules for the same pair the last counts. All symbols are below `symbols`, and
  /// fits() says yes. Pairs of symbols from `common` on are found faster, as most pairs of a word
  /// are pairs of common characters.
  MergeTable(std::span<const BpeMerge> merges, std::size_t symbols, std::uint32_t common);

  // Ranks are counted anew here: one tells what is made, and rules have the same only where they
  // have in the file and make the same symbol.

  /// The rank of the rule for a pair, or kNone.
  std::uint32_t find(std::uint32_t left, std::uint32_t right) const noexcept {
    const std::uint32_t row = left - common_;
    const std::uint32_t column = right - common_;
    if (row < rows_ && column < rows_) return small_[row * kRows + column];
    const std::uint64_t key = std::uint64_t{left} << symbol_bits_ | right;
    for (std::size_t at = place_of(key);; at = (at + 1) & mask_) {
      const std::uint64_t slot = slots_[at];
      if (slot >> rank_bits_ == key) return static_cast<std::uint32_t>(slot & rank_mask_);
      if (slot == kFree) return kNone;
    }
  }
  /// The symbol that a rule makes.
  std::uint32_t made(std::uint32_t rank) const noexcept { return made_[rank]; }
  /// A find() of the pair comes soon.
  void prefetch(std::uint32_t left, std::uint32_t right) const noexcept {
    __builtin_prefetch(&slots_[place_of(std::uint64_t{left} << symbol_bits_ | right)]);
  }
  /// made() of the rank comes soon.
  void prefetch_made(std::uint32_t rank) const noexcept { __builtin_prefetch(&made_[rank]); }
  /// The first of the ranks that are one in the file.
  std::uint32_t first_of(std::uint32_t rank) const noexcept {
    return ties_.empty() ? rank : ties_[rank];
  }
  /// Do rules that make different symbols have one rank in the file?
  bool has_ties() const noexcept { return !ties_.empty(); }

  void save(TableWriter& to) const;
  static MergeTable load(TableReader& from, std::size_t symbols);

  std::size_t bytes() const noexcept {
    return slots_.bytes() + made_.bytes() + ties_.bytes() + small_.bytes();
  }

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  /// Vocabularies have their common characters in a row.
  static constexpr std::uint32_t kRows = 256;

  /// The upper bits of a product depend on all of its factors' bits.
  std::size_t place_of(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>((key * factor_) >> shift_);
  }
  void measure(std::size_t symbols, std::size_t ranks, std::size_t slots) noexcept;
  /// The ranks of the rules.
  std::vector<std::uint32_t> count_ranks(std::span<const BpeMerge> merges);

  Table<std::uint64_t> slots_;
  Table<std::uint32_t> made_;   ///< by rank
  Table<std::uint32_t> ties_;   ///< by rank: first_of(), or empty where each is its own
  Table<std::uint32_t> small_;  ///< ranks of pairs of the symbols from common_ on, or empty
  std::uint32_t common_ = 0;
  std::uint32_t rows_ = 0;  ///< kRows, or 0 where the table is not worth its room
  std::size_t mask_ = 0;
  std::uint64_t rank_mask_ = 0;
  unsigned symbol_bits_ = 0;
  unsigned rank_bits_ = 0;
  unsigned shift_ = 63;
  std::uint64_t factor_ = 0x9E3779B97F4A7C15U;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_
