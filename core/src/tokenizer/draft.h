// An encoding while it is put together: an Encoding whose sequences are still known as ranges.
//
// The reference implementation keeps for each encoding which range of tokens came from the text and
// which from the pair; truncation forgets the ranges, merging moves them. What reads them at the
// end (sequence ids) follows from that history, so it is kept here to the letter.
#ifndef INFERCORE_TOKENIZER_DRAFT_H_
#define INFERCORE_TOKENIZER_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/encoding.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"

namespace infercore {

class Draft {
 public:
  struct Range {
    std::size_t begin;
    std::size_t end;
  };

  /// What overflows is kept as whole encodings; beyond this many tokens the memory would not last.
  static constexpr std::size_t kMaxOverflow = std::size_t{1} << 24;
  /// What an encoding costs beside its tokens, in tokens.
  static constexpr std::size_t kCost = 8;
  /// LIMIT_EXCEEDED.
  static Status too_much_overflow();

  /// With `ids_only` every list but `ids` stays empty, and nothing overflows.
  explicit Draft(bool only_ids) : ids_only(only_ids) {}

  bool ids_only;
  Encoding encoding;  ///< its sequence_ids and overflowing are made last
  std::vector<Draft> overflowing;
  /// Of the text and of the pair; of more where post-processors number what others put in.
  std::vector<std::optional<Range>> sequences;
  TextView text = std::string_view();  ///< what the offsets are of

  std::size_t size() const { return encoding.ids.size(); }

  /// One token of a text; its mask entries are those of a plain token.
  void add(std::uint32_t id, std::uint32_t type_id, std::string_view token,
           std::pair<std::uint32_t, std::uint32_t> offsets, std::int32_t word);
  /// One token that a post-processor puts in.
  void add_special(std::uint32_t id, std::uint32_t type_id, std::string_view token);

  void set_sequence(std::size_t sequence, std::optional<Range> range = {}) {
    if (sequence >= sequences.size()) sequences.resize(sequence + 1);
    sequences[sequence] = range.value_or(Range{0, size()});
  }
  void set_type_ids(std::uint32_t type_id);

  /// Keeps `max_length` tokens; the rest becomes `overflowing`, in parts that overlap by `stride`
  /// (< max_length, or both 0).
  void truncate(std::size_t max_length, std::size_t stride, Direction direction);

  /// Tokens and costs of it and of all that overflowed.
  std::size_t weight() const;
  /// Would merge(pair) write at most `room` of them where something overflowed? Takes what it would
  /// write from `room`.
  bool can_merge(const Draft& pair, std::size_t& room) const;
  /// Appends `pair`. What overflowed of either is combined with the other.
  void merge(const Draft& pair);

  /// It, and each that overflowed, becomes what `make` makes of it.
  template <typename Make>
  void replace_each(const Make& make) {
    const std::vector<Draft> others = std::exchange(overflowing, {});
    *this = make(*this);
    for (const Draft& other : others) overflowing.push_back(make(other));
  }

  /// The finished encoding.
  Encoding finish() &&;

 private:
  Draft part(std::size_t begin, std::size_t end) const;
  void append(const Draft& other);
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DRAFT_H_
