// Sets of characters, as regular expressions write them: [a-z\d], \p{Han}, [^\s&&[^\n]].
#ifndef INFERCORE_TOKENIZER_REGEX_SET_H_
#define INFERCORE_TOKENIZER_REGEX_SET_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tokenizer/regex_source.h"
#include "unicode/property.h"

namespace infercore {

struct RegexSet {
  using Range = unicode::CodeRange;

  bool negated = false;
  std::vector<Range> ranges;
  /// As behind the backslash: s, d, h, w in a class, v for w outside of one; capital for "not".
  std::vector<char> kinds;
  unicode::CategorySet categories = 0;
  std::vector<RegexSet> any;  ///< members of these belong to it as well
  std::vector<RegexSet> all;  ///< not empty: its members are what all of these have

  void add(char32_t code) { ranges.push_back({code, code}); }

  /// To be called before contains: orders the ranges, and looks ASCII up once and for all.
  void finish();
  bool contains(char32_t code) const { return code < 0x80 ? ascii[code] : find(code); }
  std::size_t bytes() const;

  std::bitset<128> ascii;

 private:
  bool find(char32_t code) const;
};

/// \w outside of a class, and what \b looks for. Oniguruma takes ², ³, ¹, ¼, ½ and ¾ for word
/// characters there, but not in a class; nowhere the joiners, which other regular expressions take.
bool is_regex_word(char32_t code) noexcept;

/// What stands behind a backslash and means characters, in a class or outside. True when it is a
/// kind or a property, of which no range can start.
bool read_escaped(RegexSource& source, RegexSet& set);

/// A class whose opening bracket was read.
RegexSet read_class(RegexSource& source, int depth = 0);

/// Adds the other cases of its members, for (?i). What is not in ASCII is not supported.
void add_cases(RegexSource& source, RegexSet& set);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_REGEX_SET_H_
