// A small regular expression matcher: the constructs that tokenizer files use, in the meaning of
// Oniguruma's Ruby syntax, in time linear in text × pattern (Pike's simulation: all ways at once,
// no going back).
//
//   Result<Regex> regex = Regex::compile("\\s{2,}|[\\n\\t]");
//   regex->find_all("a  b", matches);                  // {1, 3}
//
// Known: characters, `.`, classes ([a-z], [^…], \s \S \d \D \w \W \h \H \n \t \r \f \v \a \e \xHH
// \uHHHH), groups, alternatives, greedy and lazy ? * + {n,m}, anchors ^ $ \A \z \Z \b \B, and (?=…)
// (?!…) (?<=…) (?<!…) around a single character or class. Anything else is an error that says what
// and where.
#ifndef INFERCORE_TOKENIZER_REGEX_H_
#define INFERCORE_TOKENIZER_REGEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "infercore/status.h"
#include "tokenizer/pattern.h"

namespace infercore {

class Regex {
 public:
  /// Errors: UNSUPPORTED_COMPONENT for a construct that is not known, NOT_A_TOKENIZER for a broken
  /// expression, LIMIT_EXCEEDED for one too large.
  static Result<Regex> compile(std::string_view source);

  /// Appends all matches in `valid` UTF-8, leftmost first, none overlapping, none empty right
  /// behind another.
  void find_all(std::string_view valid, std::vector<Match>& matches) const;

  // What the compiler writes and the matcher reads.

  /// Characters: ranges, and kinds whose members a table knows.
  struct Set {
    struct Range {
      char32_t first;
      char32_t last;
    };
    bool negated = false;
    std::vector<Range> ranges;
    std::vector<char> kinds;  ///< as behind the backslash: s, d, w, h, capital for "not"

    bool contains(char32_t code) const;
  };
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
    kNotBefore
  };
  struct Instruction {
    Op op = Op::kMatch;
    Assertion assertion = Assertion::kLineStart;
    std::uint32_t set = 0;
    std::int32_t first = 1;   ///< how far to where it goes on; of a split the preferred way
    std::int32_t second = 0;  ///< of a split the other way
  };
  struct Program {
    std::vector<Instruction> code;
    std::vector<Set> sets;
  };

 private:
  explicit Regex(Program program);

  Program program_;
  /// By first byte: may a match start there? False saves the matcher the look.
  std::array<bool, 256> starts_{};
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_REGEX_H_
