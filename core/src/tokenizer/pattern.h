// What Replace and Split look for: a string, or a regular expression.
//
//   std::unique_ptr<Pattern> spaces = read_pattern(fields, "pattern");
//   spaces->find_all("a  b", matches);                 // {1, 3}
#ifndef INFERCORE_TOKENIZER_PATTERN_H_
#define INFERCORE_TOKENIZER_PATTERN_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "tokenizer/component.h"

namespace infercore {

/// Bytes from `begin` to before `end`.
struct Match {
  std::size_t begin;
  std::size_t end;
};

class Pattern {
 public:
  Pattern() = default;
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  virtual ~Pattern() = default;

  /// All matches in `valid` UTF-8, from left to right, none overlapping; `matches` is emptied
  /// first. False where a regular expression needs too many steps, see Regex::find_all.
  [[nodiscard]] virtual bool find_all(std::string_view valid,
                                      std::vector<Match>& matches) const = 0;
  /// Memory that it holds.
  virtual std::size_t bytes() const = 0;
  /// What to answer where find_all gave up: LIMIT_EXCEEDED.
  static Status too_many_steps();
};

/// Reads `{"String": …}` or `{"Regex": …}`; nullptr with a fault when it is neither, or a construct
/// is not known, or the string is longer than 4,096 bytes.
std::unique_ptr<Pattern> read_pattern(const Fields& fields, std::string_view key);

/// Of a string; nullptr with a fault when it is no regular expression that is known.
std::unique_ptr<Pattern> read_regex(JsonValue source, Faults& faults);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_PATTERN_H_
