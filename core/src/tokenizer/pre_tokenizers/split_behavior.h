// What becomes of the delimiters that a pre-tokenizer cuts words at.
//
//   split_words(splits, spare, [&](std::string_view word, Cutter& cutter) {
//     cut_at_matches(word, matches, false, cutter);   // or cutter.piece(…) again and again
//   }, SplitBehavior::kIsolated);
//   split_at_characters(splits, spare, is_punctuation, SplitBehavior::kRemoved);
//
// By the example of the reference implementation, "the-final--countdown" cut at "-": removed: the,
// final, countdown; isolated: the, -, final, -, -, countdown; merged with previous: the-, final-,
// -, countdown; merged with next: the, -final, -, -countdown; contiguous: the, -, final, --,
// countdown.
#ifndef INFERCORE_TOKENIZER_PRE_TOKENIZERS_SPLIT_BEHAVIOR_H_
#define INFERCORE_TOKENIZER_PRE_TOKENIZERS_SPLIT_BEHAVIOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/pattern.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "unicode/utf.h"

namespace infercore {

enum class SplitBehavior : std::uint8_t {
  kRemoved,
  kIsolated,
  kMergedWithPrevious,
  kMergedWithNext,
  kContiguous,
};

/// Reads the member "behavior", which may only be missing where there is a default.
SplitBehavior read_split_behavior(const Fields& fields,
                                  std::optional<SplitBehavior> otherwise = {});

/// Makes splits of the pieces of one word.
class Cutter {
 public:
  /// Words go to `to`; `base` is the byte of its text where the word begins.
  Cutter(SplitBehavior behavior, std::size_t base, Splits& to)
      : behavior_(behavior), base_(base), to_(to) {}

  /// The next piece, from byte `begin` to `end` of the word: a delimiter, or what stands between
  /// two. Pieces come in order, without gaps; a delimiter may be empty.
  void piece(std::size_t begin, std::size_t end, bool is_delimiter);
  /// After the last piece.
  void finish() { flush(); }

 private:
  /// Does `is_delimiter` belong to what waits?
  bool joins(bool is_delimiter) const;
  void flush();

  SplitBehavior behavior_;
  std::size_t base_;
  Splits& to_;
  bool waits_ = false;  ///< for what comes next: it may belong to the piece below
  bool was_delimiter_ = false;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Cuts every word of `splits`: `cut(word, cutter)` says the pieces. `spare` is room to work in.
template <typename Cut>
void split_words(Splits& splits, Splits& spare, const Cut& cut, SplitBehavior behavior) {
  cut_words(splits, spare, [&](const Split& word) {
    Cutter cutter(behavior, word.begin, splits);
    cut(std::string_view(splits.text.bytes).substr(word.begin, word.end - word.begin), cutter);
    cutter.finish();
  });
}

/// Delimiters are the matches in the word (in order, none overlapping, as Pattern::find_all gives
/// them), or, `inverted`, all that stands between.
void cut_at_matches(std::string_view word, const std::vector<Match>& matches, bool inverted,
                    Cutter& cutter);

/// Cuts every word of `splits` where `pattern` matches, or, `inverted`, between. Where that takes
/// too long, splits.text.overflowed is set.
void cut_at_pattern(Splits& splits, Splits& spare, const Pattern& pattern, bool inverted,
                    SplitBehavior behavior);

/// Each character for which `is_delimiter` is true is a delimiter.
template <typename IsDelimiter>
void split_at_characters(Splits& splits, Splits& spare, const IsDelimiter& is_delimiter,
                         SplitBehavior behavior) {
  const auto cut = [&is_delimiter](std::string_view word, Cutter& cutter) {
    std::size_t done = 0;
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t next = at + unicode::sequence_length(word[at]);
      if (is_delimiter(unicode::decode_valid(&word[at]))) {
        if (done < at) cutter.piece(done, at, false);
        cutter.piece(at, next, true);
        done = next;
      }
      at = next;
    }
    if (done < word.size()) cutter.piece(done, word.size(), false);
  };
  split_words(splits, spare, cut, behavior);
}

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_PRE_TOKENIZERS_SPLIT_BEHAVIOR_H_
