// A small regular expression matcher: the constructs that tokenizer files use, in the meaning of
// Oniguruma's Ruby syntax.
//
//   Result<Regex> regex = Regex::compile("\\s{2,}|[\\n\\t]");
//   regex->find_all("a  b", matches);                  // {1, 3}
//
// One match is found in time linear in text × pattern (Pike's simulation: all ways at once, no
// going back). All matches may take the square of the text, where each search runs far past its
// match (`a.*b|a` in a text of "a"): the steps of each find_all are counted, and bounded by the
// text's length whatever the pattern, so that hundreds of alternatives can be too many as well.
//
// Known: characters, `.`, classes ([a-z], [^…], [a-z&&[^b]], [[:punct:]], \s \S \d \D \w \W \h \H
// \n \t \r \f \v \a \e \xHH \x{HHHH} \uHHHH, \p{…} \P{…} \p{^…} of general categories and scripts),
// groups, (?i) for ASCII, alternatives, greedy and lazy ? * + {n,} {,m} {n,m}, {n} (where {n}? is
// no lazy count but an optional one, as in Ruby), possessive ?+ *+ ++ of a single character or
// class, anchors ^ $ \A \z \Z \b \B, (?=…) (?!…), and (?<=…) (?<!…) of
// alternatives of one length each, at most 255 characters.
// Anything else is an error that says what and where.
#ifndef INFERCORE_TOKENIZER_REGEX_H_
#define INFERCORE_TOKENIZER_REGEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "infercore/status.h"
#include "tokenizer/pattern.h"
#include "tokenizer/regex_set.h"

namespace infercore {

class Regex {
 public:
  /// Errors: UNSUPPORTED_COMPONENT for a construct that is not known, NOT_A_TOKENIZER for a broken
  /// expression, LIMIT_EXCEEDED for one too large: 16 KB, 4,096 instructions, 512 ranges in a
  /// class.
  static Result<Regex> compile(std::string_view source);

  /// Appends all matches in `valid` UTF-8, leftmost first, none overlapping, none empty right
  /// behind another. False where that takes more than 256 steps a byte, and 65,536 besides.
  [[nodiscard]] bool find_all(std::string_view valid, std::vector<Match>& matches) const;

  /// Memory that it holds.
  std::size_t bytes() const;

  // What the compiler writes and the matcher reads.

  enum class Op : std::uint8_t { kSet, kSplit, kJump, kAssert, kMatch };
  enum class Assertion : std::uint8_t {
    kLineStart,
    kLineEnd,
    kTextStart,
    kTextEnd,
    kTextEndOrNewline,
    kWordEdge,
    kNotWordEdge,
    kNext,
    kNotNext,
    kBefore,
    kNotBefore,
    kAhead,  ///< looks[set] matches here
    kNotAhead,
    kBehind,  ///< looks[set] has a match that ends here
    kNotBehind
  };
  struct Instruction {
    Op op = Op::kMatch;
    Assertion assertion = Assertion::kLineStart;
    std::uint32_t set = 0;    ///< of sets, or of looks
    std::int32_t first = 1;   ///< how far to where it goes on; of a split the preferred way
    std::int32_t second = 0;  ///< of a split the other way
  };
  /// A program that must match, or must not. One that looks back starts so many characters before.
  struct Look {
    std::vector<Instruction> code;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
  };
  struct Program {
    std::vector<Instruction> code;
    std::vector<RegexSet> sets;
    std::vector<Look> looks;
  };

 private:
  explicit Regex(Program program);

  Program program_;
  /// By first byte: may a match start there? False saves the matcher the look.
  std::array<bool, 256> starts_{};
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_REGEX_H_
