// Which two symbols become which third, and in what order.
//
//   MergeTable merges;
//   merges.add(3, 4, 0, 9);                            // the first rule: 3 4 → 9
//   merges.find(3, 4).id();                            // 9
//
// One flat table with open addressing: a lookup is one cache line as a rule.
#ifndef INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_
#define INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace infercore {

class MergeTable {
 public:
  /// A rule's rank and the symbol that it makes. Ordered by rank; kNone comes behind all.
  class Merge {
   public:
    Merge() = default;
    Merge(std::uint32_t rank, std::uint32_t id) : packed_(std::uint64_t{rank} << 32 | id) {}
    bool exists() const noexcept { return packed_ != kNone; }
    std::uint32_t rank() const noexcept { return static_cast<std::uint32_t>(packed_ >> 32); }
    std::uint32_t id() const noexcept { return static_cast<std::uint32_t>(packed_); }
    bool operator<(const Merge& other) const noexcept { return packed_ < other.packed_; }

   private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    std::uint64_t packed_ = kNone;
  };

  /// Room for that many rules; more may come.
  void reserve(std::size_t count);
  /// Of rules for the same pair the last counts.
  void add(std::uint32_t left, std::uint32_t right, std::uint32_t rank, std::uint32_t id);

  /// To be called when all are added: makes find() faster for pairs of the symbols from `common`
  /// on, as most pairs of a word are pairs of common characters.
  void finish(std::uint32_t common);

  Merge find(std::uint32_t left, std::uint32_t right) const noexcept {
    const std::uint32_t row = left - common_;
    const std::uint32_t column = right - common_;
    if (row < rows_ && column < rows_) return small_[row * kRows + column];
    const std::uint64_t key = std::uint64_t{left} << 32 | right;
    for (std::size_t at = place_of(key);; at = (at + 1) & mask_) {
      if (slots_[at].key == key) return slots_[at].merge;
      if (!slots_[at].merge.exists()) return {};
    }
  }

  std::size_t bytes() const noexcept {
    return slots_.capacity() * sizeof(Slot) + small_.capacity() * sizeof(Merge);
  }

 private:
  struct Slot {
    std::uint64_t key = ~std::uint64_t{0};
    Merge merge;  ///< free where there is none
  };

  /// Vocabularies have their common characters in a row.
  static constexpr std::uint32_t kRows = 256;

  /// The upper bits of a product depend on all of its factors' bits.
  std::size_t place_of(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>((key * factor_) >> shift_);
  }
  /// False where it takes too many steps.
  bool insert(const Slot& slot);
  void rehash(std::size_t slots);

  std::vector<Slot> slots_ = std::vector<Slot>(2);
  std::vector<Merge> small_;  ///< of pairs of the symbols from common_ to before common_ + rows_
  std::uint32_t common_ = 0;
  std::uint32_t rows_ = 0;  ///< kRows, or 0 where the table is not worth its room
  std::size_t mask_ = 1;
  unsigned shift_ = 63;
  std::uint64_t factor_ = 0x9E3779B97F4A7C15U;
  std::size_t count_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_MERGE_TABLE_H_
