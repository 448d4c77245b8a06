#include "tokenizer/regex_compiler.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/regex_set.h"
#include "tokenizer/regex_source.h"

namespace infercore {
namespace {

using Assertion = Regex::Assertion;
using Fragment = std::vector<Regex::Instruction>;  // falls off its end when it matched
using Instruction = Regex::Instruction;
using Op = Regex::Op;
using Set = RegexSet;

constexpr std::size_t kMaxSource = 16'384;
constexpr std::size_t kMaxInstructions = 4096;
constexpr std::size_t kMaxLooks = 16;
constexpr std::uint32_t kMaxBack = 255;  ///< characters of a look back
constexpr int kMaxDepth = 32;
constexpr std::uint32_t kUnbounded = std::numeric_limits<std::uint32_t>::max();

class Compiler {
 public:
  explicit Compiler(std::string_view source) : source_(source), size_(source.size()) {}

  Result<Regex::Program> run() {
    if (size_ > kMaxSource) {
      return Status(Code::kLimitExceeded, "expected a regular expression of at most " +
                                              std::to_string(kMaxSource) + " bytes, received " +
                                              std::to_string(size_));
    }
    Fragment code = alternatives(0);
    if (source_.status.ok() && !source_.ended())
      source_.broken("a closing parenthesis without an opening one");
    if (!source_.status.ok()) return std::move(source_.status);
    end(code);
    program_.code = std::move(code);
    return std::move(program_);
  }

 private:
  static void end(Fragment& code) { code.push_back({Op::kMatch, Assertion::kLineStart, 0, 0, 0}); }

  void append(Fragment& to, const Fragment& more) {
    if (to.size() + more.size() > kMaxInstructions) {
      source_.fail(Code::kLimitExceeded, "expected a regular expression of at most " +
                                             std::to_string(kMaxInstructions) +
                                             " instructions, received more");
      return;
    }
    to.insert(to.end(), more.begin(), more.end());
  }

  bool too_deep(int depth) {
    if (depth <= kMaxDepth) return false;
    source_.fail(Code::kLimitExceeded,
                 "expected groups at most " + std::to_string(kMaxDepth) + " deep");
    return true;
  }
  bool too_many_alternatives() {
    if (++alternatives_ <= 256) return false;
    source_.fail(Code::kLimitExceeded, "expected at most 256 alternatives");
    return true;
  }

  Fragment alternatives(int depth) {
    if (too_deep(depth)) return {};
    Fragment left = sequence(depth);
    // From the right: a|b|c is a|(b|c).
    if (!source_.take("|")) return left;
    before_ = 0;
    return either(left, alternatives_rest(depth));
  }
  Fragment either(const Fragment& left, const Fragment& right) {
    Fragment both{{Op::kSplit, Assertion::kLineStart, 0, 1, length(left) + 2}};
    append(both, left);
    both.push_back({Op::kJump, Assertion::kLineStart, 0, length(right) + 1, 0});
    append(both, right);
    return both;
  }
  Fragment alternatives_rest(int depth) {
    return too_many_alternatives() ? Fragment() : alternatives(depth);
  }

  Fragment sequence(int depth) {
    Fragment all;
    while (!source_.done() && source_.peek() != '|' && source_.peek() != ')') {
      append(all, quantified(atom(depth)));
    }
    return all;
  }

  static std::int32_t length(const Fragment& fragment) {
    return static_cast<std::int32_t>(fragment.size());
  }

  Fragment atom(int depth) {
    repeatable_ = true;
    if (source_.take("(")) return group(depth);
    if (source_.take("[")) return single(read_class(source_));
    if (source_.take("^")) return assertion(Assertion::kLineStart);
    if (source_.take("$")) return assertion(Assertion::kLineEnd);
    if (source_.take(".")) {
      Set set = set_of('\n');
      set.negated = true;
      return single(std::move(set));
    }
    if (looking_at_quantifier()) {
      source_.broken("nothing to repeat");
      return {};
    }
    if (source_.take("\\")) return escape();
    return literal(source_.next());
  }
  bool looking_at_quantifier() const {
    return source_.looking_at("*") || source_.looking_at("+") || source_.looking_at("?") ||
           source_.looking_at("{");
  }

  Fragment single(Set set) {
    if (any_case_) add_cases(source_, set);
    set.finish();
    program_.sets.push_back(std::move(set));
    return {{Op::kSet, Assertion::kLineStart, static_cast<std::uint32_t>(program_.sets.size() - 1),
             1, 0}};
  }
  static Set set_of(char32_t code) {
    Set set;
    set.add(code);
    return set;
  }
  /// A character that stands for itself.
  Fragment literal(char32_t code) {
    // "ß" is another case of "ss", "ﬁ" of "fi".
    static constexpr std::string_view kPairs[] = {"ff", "fi", "fl", "ss", "st"};
    const char32_t letter = code < 0x80 ? code | 0x20 : code;
    for (const std::string_view pair : kPairs) {
      if (any_case_ && before_ == static_cast<char32_t>(pair[0]) &&
          letter == static_cast<char32_t>(pair[1]))
        source_.unsupported("(?i) for letters that may be one character");
    }
    before_ = letter;
    return single(set_of(code));
  }
  Fragment assertion(Assertion kind, std::uint32_t set = 0) {
    repeatable_ = false;
    return {{Op::kAssert, kind, set, 1, 0}};
  }

  Fragment group(int depth) {
    static constexpr std::pair<std::string_view, Assertion> kLooks[] = {
        {"?=", Assertion::kNext},
        {"?!", Assertion::kNotNext},
        {"?<=", Assertion::kBefore},
        {"?<!", Assertion::kNotBefore},
    };
    for (const auto& [mark, kind] : kLooks) {
      if (source_.take(mark)) return look(kind, depth);
    }
    const bool any_case = any_case_;
    before_ = 0;
    if (source_.take("?i")) {
      any_case_ = true;
      // (?i) holds for the rest of the group around it, all alternatives of it included.
      if (source_.take(")")) return alternatives(depth + 1);
      if (!source_.take(":")) source_.unsupported("a special group");
    } else if (!source_.take("?:")) {
      if (source_.looking_at("?")) source_.unsupported("a special group");
      ++numbered_;
    }
    Fragment inner = closed(depth);
    any_case_ = any_case;
    repeatable_ = true;
    return inner;
  }

  /// What stands up to the closing parenthesis.
  Fragment closed(int depth) {
    Fragment inner = alternatives(depth + 1);
    if (!source_.take(")")) source_.broken("an opening parenthesis without a closing one");
    return inner;
  }

  Fragment look(Assertion kind, int depth) {
    const bool any_case = any_case_;
    const int numbered = numbered_;
    const bool back = kind == Assertion::kBefore || kind == Assertion::kNotBefore;
    const bool positive = kind == Assertion::kNext || kind == Assertion::kBefore;
    Regex::Look look;
    Fragment inner = back ? closed_back(depth, positive, look) : closed(depth);
    any_case_ = any_case;
    if (back && !positive && numbered_ > numbered) {
      source_.broken("a numbered group in a negative look back");
    }
    if (inner.size() == 1 && inner[0].op == Op::kSet) return assertion(kind, inner[0].set);
    if (program_.looks.size() >= kMaxLooks) {
      source_.fail(Code::kLimitExceeded, "expected at most " + std::to_string(kMaxLooks) +
                                             " looks at more than a single character");
    }
    end(inner);
    look.code = std::move(inner);
    program_.looks.push_back(std::move(look));
    const Assertion positives[] = {Assertion::kAhead, Assertion::kBehind};
    const Assertion negatives[] = {Assertion::kNotAhead, Assertion::kNotBehind};
    return assertion((positive ? positives : negatives)[back ? 1 : 0],
                     static_cast<std::uint32_t>(program_.looks.size() - 1));
  }

  /// What stands up to the closing parenthesis of a look back: alternatives, each of one length.
  Fragment closed_back(int depth, bool positive, Regex::Look& look) {
    if (too_deep(depth + 1)) return {};
    std::vector<Fragment> parts;
    look.least = kMaxBack;
    do {
      before_ = 0;
      parts.push_back(sequence(depth + 1));
      const std::uint32_t length = length_back(parts.back(), positive);
      look.least = std::min(look.least, length);
      look.most = std::max(look.most, length);
    } while (source_.take("|") && !too_many_alternatives());
    if (!source_.take(")")) source_.broken("an opening parenthesis without a closing one");
    Fragment all = std::move(parts.back());
    for (std::size_t i = parts.size() - 1; i > 0; --i) all = either(parts[i - 1], all);
    return all;
  }

  /// How many characters an alternative of a look back takes.
  std::uint32_t length_back(const Fragment& part, bool positive) {
    // What did not fit was left out, and jumps in the rest lead past its end.
    if (!source_.status.ok()) return 0;
    // Of the ways to each instruction; ways only lead further on, but those of loops.
    std::vector<std::uint32_t> ways(part.size() + 1, kUnbounded);
    ways[0] = 0;
    bool one = true;
    for (std::size_t i = 0; i < part.size() && one; ++i) {
      const Instruction& each = part[i];
      if (each.op == Op::kAssert && !stands_behind(each.assertion, positive)) {
        source_.unsupported("such an anchor or look in a look back");
      }
      one = each.first > 0 && ways[i] != kUnbounded;
      const std::uint32_t length = ways[i] + (each.op == Op::kSet ? 1 : 0);
      const auto reach = [&](std::int32_t by) {
        std::uint32_t& there = ways[i + static_cast<std::size_t>(by)];
        one = one && (there == kUnbounded || there == length);
        there = length;
      };
      if (one) reach(each.first);
      if (one && each.op == Op::kSplit) reach(each.second);
    }
    if (!one) source_.unsupported("a look back at what may be of several lengths");
    if (ways.back() <= kMaxBack) return ways.back();
    source_.unsupported("a look back at more than " + std::to_string(kMaxBack) + " characters");
    return 0;
  }

  /// What Oniguruma takes in a look back.
  static bool stands_behind(Assertion kind, bool positive) {
    switch (kind) {
      case Assertion::kLineStart:
      case Assertion::kLineEnd:
      case Assertion::kTextStart:
      case Assertion::kWordEdge:
      case Assertion::kNotWordEdge:
      case Assertion::kBefore:
      case Assertion::kBehind:
        return true;
      case Assertion::kNotBefore:
      case Assertion::kNotBehind:
        return !positive;
      default:
        return false;
    }
  }

  Fragment escape() {
    static constexpr std::pair<char, Assertion> kAnchors[] = {
        {'A', Assertion::kTextStart},        {'z', Assertion::kTextEnd},
        {'Z', Assertion::kTextEndOrNewline}, {'b', Assertion::kWordEdge},
        {'B', Assertion::kNotWordEdge},
    };
    if (source_.ended()) {
      source_.broken("a backslash at its end");
      return {};
    }
    for (const auto& [letter, kind] : kAnchors) {
      if (source_.take({&letter, 1})) return assertion(kind);
    }
    Set set;
    read_escaped(source_, set);
    for (char& kind : set.kinds) kind = kind == 'w' ? 'v' : kind == 'W' ? 'V' : kind;
    return single(std::move(set));
  }

  Fragment quantified(Fragment inner) {
    while (!source_.done()) {
      std::uint32_t low = 0;
      std::uint32_t high = kUnbounded;
      bool exact = false;
      bool counted = false;
      if (source_.take("+")) {
        low = 1;
      } else if (source_.take("?")) {
        high = 1;
      } else if (source_.looking_at("{")) {
        counted = true;
        if (!interval(low, high, exact)) return inner;
      } else if (!source_.take("*")) {
        return inner;
      }
      before_ = 0;
      if (!repeatable_) {
        source_.unsupported("a repeated anchor");
        return inner;
      }
      const bool marked = source_.take("?");
      const bool greedy = !counted && !marked && source_.take("+");
      // A count is never greedy without end: the sign behind it repeats it.
      const bool again = counted && source_.looking_at("+");
      if (!again && looking_at_quantifier())
        source_.unsupported("a quantifier behind a quantifier");
      const Fragment once = inner;
      inner = repeated(inner, low, high, marked && !exact);
      if (exact && marked) inner = repeated(inner, 0, 1, false);
      if (greedy) keep_all(once, high, inner);
    }
    return inner;
  }

  /// a++ and the like give nothing back: behind them stands no a.
  void keep_all(const Fragment& once, std::uint32_t high, Fragment& all) {
    if (once.size() != 1 || once[0].op != Op::kSet) {
      source_.unsupported("a possessive quantifier of more than a single character");
      return;
    }
    const Instruction no_more{Op::kAssert, Assertion::kNotNext, once[0].set, 1, 0};
    if (high == kUnbounded) {
      append(all, {no_more});
    } else {  // a?+ is a|(?!a)
      all = {split(1, 3, false), once[0], {Op::kJump, Assertion::kLineStart, 0, 2, 0}, no_more};
    }
  }

  /// {n} {n,} {,m} {n,m}
  bool interval(std::uint32_t& low, std::uint32_t& high, bool& exact) {
    const std::size_t begin = source_.position();
    source_.take("{");
    const bool has_low = number(low);
    high = low;
    bool has_high = false;
    exact = !source_.take(",");
    if (!exact) {
      high = kUnbounded;
      has_high = number(high);
    }
    if ((has_low || has_high) && source_.take("}") && low <= high) return true;
    source_.go_back_to(begin);
    source_.unsupported("a brace that is no count");
    return false;
  }
  bool number(std::uint32_t& value) {
    const std::size_t begin = source_.position();
    std::uint32_t read = 0;
    while (!source_.done() && source_.peek() >= '0' && source_.peek() <= '9' && read <= 1000) {
      read = read * 10 + static_cast<std::uint32_t>(source_.next() - '0');
    }
    if (read > 1000) source_.fail(Code::kLimitExceeded, "expected a count of at most 1000");
    if (source_.position() > begin) value = read;
    return source_.position() > begin;
  }

  Fragment repeated(const Fragment& inner, std::uint32_t low, std::uint32_t high, bool lazy) {
    Fragment all;
    for (std::uint32_t i = 0; i < low; ++i) append(all, inner);
    if (high == kUnbounded) {
      Fragment loop{split(1, length(inner) + 2, lazy)};
      append(loop, inner);
      loop.push_back({Op::kJump, Assertion::kLineStart, 0, -(length(inner) + 1), 0});
      append(all, loop);
      return all;
    }
    // x{0,3} is (x(x(x)?)?)?: whoever leaves goes to the end.
    for (std::uint32_t left = high - low; left > 0 && source_.status.ok(); --left) {
      append(all, {split(1, static_cast<std::int32_t>(left) * (length(inner) + 1), lazy)});
      append(all, inner);
    }
    return all;
  }
  static Instruction split(std::int32_t into, std::int32_t past, bool lazy) {
    return {Op::kSplit, Assertion::kLineStart, 0, lazy ? past : into, lazy ? into : past};
  }

  RegexSource source_;
  std::size_t size_;
  int alternatives_ = 0;
  int numbered_ = 0;  ///< groups that others could refer to
  bool repeatable_ = true;
  bool any_case_ = false;
  char32_t before_ = 0;  ///< the literal that the next character stands directly behind
  Regex::Program program_;
};

}  // namespace

Result<Regex::Program> compile_regex(std::string_view source) { return Compiler(source).run(); }

}  // namespace infercore
