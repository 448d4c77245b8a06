// Merges neighbouring symbols of a word, always the pair of the lowest rank, the leftmost of equal
// ones.
//
//   merger.symbols = {{3, 1}, {4, 1}};
//   merger.run(merges, false);
//   merger.symbols;                                    // {{9, 2}}
#ifndef INFERCORE_TOKENIZER_MODELS_MERGER_H_
#define INFERCORE_TOKENIZER_MODELS_MERGER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tokenizer/models/merge_table.h"
#include "tokenizer/models/short_merge.h"

namespace infercore {

class Merger {
 public:
  std::vector<BpeSymbol> symbols;

  /// Time n log n in the number of symbols.
  /// `keeps_promises`: as the reference implementation a queued merge stands where both symbols
  /// have changed since, as long as they still make the same one. That makes a difference only in
  /// vocabularies where two different pairs in one place can make the same id.
  void run(const MergeTable& merges, bool keeps_promises);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Node {
    std::uint32_t id;
    std::uint32_t length;  ///< 0: merged into the one before
    std::uint32_t previous;
    std::uint32_t next;
  };
  /// In the order of the queue: by rank, then from left to right.
  struct Promise {
    std::uint32_t rank;  ///< MergeTable::first_of()
    std::uint32_t at;
    std::uint32_t made;
  };

  void run_short(const MergeTable& merges);
  void run_queue(const MergeTable& merges);
  void promise(const MergeTable& merges, std::uint32_t at);
  void join(const MergeTable& merges, std::uint32_t at, std::uint32_t id);

  ShortMerge short_;
  std::vector<Node> nodes_;
  std::vector<Promise> queue_;  ///< a heap
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_MERGER_H_
