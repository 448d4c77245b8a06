// A text on its way through the tokenizer: valid UTF-8, and, where offsets are wanted, for each
// byte which code units of the original text it came from.
//
//   NormalizedText text(true);
//   text.assign(TextView(u"½"));
//   text.bytes;                       // "½" in UTF-8, two bytes
//   text.origins[0];                  // {0, 1}: the first UTF-16 unit
//
// Rewriting follows the reference implementation's alignments to the letter: a character that
// replaces another takes its origin, one that is inserted takes the origin of what stands before
// it.
#ifndef INFERCORE_TOKENIZER_NORMALIZED_TEXT_H_
#define INFERCORE_TOKENIZER_NORMALIZED_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/text.h"
#include "unicode/utf.h"

namespace infercore {

/// Code units of the original text, from `start` to before `end`.
struct Origin {
  std::uint32_t start;
  std::uint32_t end;
};

class NormalizedText {
 public:
  static constexpr std::size_t kNoLimit = ~std::size_t{0};

  explicit NormalizedText(bool with_origins) : aligned(with_origins) {}

  const bool aligned;
  std::string bytes;
  std::vector<Origin> origins;  ///< one a byte when aligned, else empty
  /// Where this text starts in the original one: the origin of what is inserted in front of
  /// everything.
  std::uint32_t start = 0;
  /// Rewriting must not grow a text beyond this; what would is left out, and `overflowed` says so.
  std::size_t limit = kNoLimit;
  bool overflowed = false;
  /// Why it overflowed: a pattern took too many steps, which says nothing about the length.
  bool exhausted = false;

  /// Makes it the units from `begin` to `end` of `text`, repaired where broken.
  void assign(TextView text, std::size_t begin, std::size_t end);

  /// As newly made, but for the memory that it holds.
  void clear() noexcept;

  /// Empties it; it goes on with `other`'s start and limit.
  void restart(const NormalizedText& other);

  std::size_t size() const noexcept { return bytes.size(); }
  bool empty() const noexcept { return bytes.empty(); }
  /// {0, 0} unless aligned.
  Origin origin_at(std::size_t byte) const { return aligned ? origins[byte] : Origin{0, 0}; }
  /// What text inserted at `byte` gets: the origin of the byte before.
  Origin origin_before(std::size_t byte) const {
    return byte == 0 ? Origin{start, start} : origin_at(byte - 1);
  }

  /// Appends the bytes from `begin` to `end` of `other` with their origins.
  void append_from(const NormalizedText& other, std::size_t begin, std::size_t end);

  /// Appends text that all comes from `origin`.
  void append(std::string_view text, Origin origin);
  void append(char32_t code, Origin origin) {
    char buffer[4];
    append({buffer, unicode::encode_utf8(code, buffer)}, origin);
  }

  void swap(NormalizedText& other) noexcept;

  /// Overflowed where `other` is, and for the same reason.
  void take_excess(const NormalizedText& other) noexcept {
    overflowed = overflowed || other.overflowed;
    exhausted = exhausted || other.exhausted;
  }
};

/// Rewrites a text character by character: each of the new ones, in order, comes with what it does
/// to the old one. 0: it replaces the next old character; −n: it replaces the next one and drops
/// the n behind it; > 0: it is new.
class Rewriter {
 public:
  /// Rewrites `from` into `to`, from byte `begin` on.
  Rewriter(const NormalizedText& from, std::size_t begin, NormalizedText& to)
      : from_(from), to_(to), at_(begin) {}

  void push(char32_t code, int changes) {
    if (changes > 0) {
      to_.append(code, from_.origin_before(at_));
      return;
    }
    to_.append(code, at_ < from_.size() ? from_.origin_at(at_) : from_.origin_before(at_));
    skip(1 - changes);
  }
  /// Does to the old text what push() would, and leaves the new character out.
  void leave_out(int changes) { skip(1 - changes); }
  /// Drops `count` old characters.
  void skip(int count) {
    for (; count > 0 && at_ < from_.size(); --count)
      at_ += unicode::sequence_length(from_.bytes[at_]);
  }

 private:
  const NormalizedText& from_;
  NormalizedText& to_;
  std::size_t at_;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_NORMALIZED_TEXT_H_
