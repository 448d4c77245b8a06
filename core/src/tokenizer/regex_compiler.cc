#include "tokenizer/regex_compiler.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "infercore/quote.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

using Assertion = Regex::Assertion;
using Fragment = std::vector<Regex::Instruction>;  // falls off its end when it matched
using Instruction = Regex::Instruction;
using Op = Regex::Op;
using Set = Regex::Set;

constexpr std::size_t kMaxSource = 16'384;
constexpr std::size_t kMaxInstructions = 4096;
constexpr std::size_t kMaxRanges = 512;  ///< of one class
constexpr int kMaxDepth = 32;
constexpr std::uint32_t kUnbounded = std::numeric_limits<std::uint32_t>::max();

class Compiler {
 public:
  explicit Compiler(std::string_view source) : source_(source) {}

  Result<Regex::Program> run() {
    if (source_.size() > kMaxSource) {
      return Status(Code::kLimitExceeded, "expected a regular expression of at most " +
                                              std::to_string(kMaxSource) + " bytes, received " +
                                              std::to_string(source_.size()));
    }
    Fragment code = alternatives(0);
    if (status_.ok() && at_ < source_.size())
      broken("a closing parenthesis without an opening one");
    if (!status_.ok()) return std::move(status_);
    code.push_back({Op::kMatch, Assertion::kLineStart, 0, 0, 0});
    program_.code = std::move(code);
    return std::move(program_);
  }

 private:
  bool done() const { return !status_.ok() || at_ >= source_.size(); }
  bool looking_at(std::string_view text) const { return source_.substr(at_, text.size()) == text; }
  bool take(std::string_view text) {
    if (!status_.ok() || !looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  char32_t next() {
    const char32_t code = unicode::decode_valid(source_.data() + at_);
    at_ += unicode::sequence_length(source_[at_]);
    return code;
  }
  void fail(Code code, std::string message) {
    if (status_.ok())
      status_ = Status(code, std::move(message) + " at byte " + std::to_string(at_));
  }
  void unsupported(std::string_view what) {
    fail(Code::kUnsupportedComponent, "the regular expression " + quoted(source_) + " has " +
                                          std::string(what) + ", which is not supported");
  }
  void broken(std::string_view what) {
    fail(Code::kNotATokenizer, "expected a regular expression, received " + quoted(source_) +
                                   " with " + std::string(what));
  }

  void append(Fragment& to, const Fragment& more) {
    if (to.size() + more.size() > kMaxInstructions) {
      fail(Code::kLimitExceeded, "expected a regular expression of at most " +
                                     std::to_string(kMaxInstructions) +
                                     " instructions, received more");
      return;
    }
    to.insert(to.end(), more.begin(), more.end());
  }

  Fragment alternatives(int depth) {
    if (depth > kMaxDepth) {
      fail(Code::kLimitExceeded, "expected groups at most " + std::to_string(kMaxDepth) + " deep");
      return {};
    }
    Fragment left = sequence(depth);
    // From the right: a|b|c is a|(b|c).
    if (!take("|")) return left;
    const Fragment right = alternatives_rest(depth);
    Fragment both{{Op::kSplit, Assertion::kLineStart, 0, 1, length(left) + 2}};
    append(both, left);
    both.push_back({Op::kJump, Assertion::kLineStart, 0, length(right) + 1, 0});
    append(both, right);
    return both;
  }
  Fragment alternatives_rest(int depth) {
    if (++alternatives_ > 256) {
      fail(Code::kLimitExceeded, "expected at most 256 alternatives");
      return {};
    }
    return alternatives(depth);
  }

  Fragment sequence(int depth) {
    Fragment all;
    while (!done() && source_[at_] != '|' && source_[at_] != ')') {
      append(all, quantified(atom(depth)));
    }
    return all;
  }

  static std::int32_t length(const Fragment& fragment) {
    return static_cast<std::int32_t>(fragment.size());
  }

  Fragment atom(int depth) {
    repeatable_ = true;
    if (take("(")) return group(depth);
    if (take("[")) return single(bracket());
    if (take("^")) return assertion(Assertion::kLineStart);
    if (take("$")) return assertion(Assertion::kLineEnd);
    if (take(".")) return single({true, {{'\n', '\n'}}, {}});
    if (looking_at("*") || looking_at("+") || looking_at("?") || looking_at("{")) {
      broken("nothing to repeat");
      return {};
    }
    if (take("\\")) return escape();
    const char32_t code = next();
    return single({false, {{code, code}}, {}});
  }

  Fragment single(Set set) {
    if (set.ranges.size() > kMaxRanges) {
      fail(Code::kLimitExceeded, "expected a class of at most " + std::to_string(kMaxRanges) +
                                     " ranges, received " + std::to_string(set.ranges.size()));
      return {};
    }
    sort(set.ranges);
    program_.sets.push_back(std::move(set));
    return {{Op::kSet, Assertion::kLineStart, static_cast<std::uint32_t>(program_.sets.size() - 1),
             1, 0}};
  }
  /// Upwards, those that touch each other as one.
  static void sort(std::vector<Set::Range>& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const Set::Range& a, const Set::Range& b) { return a.first < b.first; });
    std::vector<Set::Range> apart;
    for (const Set::Range& range : ranges) {
      if (!apart.empty() && range.first <= apart.back().last + 1) {
        apart.back().last = std::max(apart.back().last, range.last);
      } else {
        apart.push_back(range);
      }
    }
    ranges = std::move(apart);
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
      if (take(mark)) return look(kind, depth);
    }
    if (!take("?:") && looking_at("?")) unsupported("a special group");
    Fragment inner = alternatives(depth + 1);
    if (!take(")")) broken("an opening parenthesis without a closing one");
    repeatable_ = true;
    return inner;
  }

  Fragment look(Assertion kind, int depth) {
    const Fragment inner = alternatives(depth + 1);
    if (!take(")")) broken("an opening parenthesis without a closing one");
    if (inner.size() != 1 || inner[0].op != Op::kSet) {
      unsupported("a look around at more than a single character");
      return {};
    }
    return assertion(kind, inner[0].set);
  }

  Fragment escape() {
    static constexpr std::pair<char, Assertion> kAnchors[] = {
        {'A', Assertion::kTextStart},        {'z', Assertion::kTextEnd},
        {'Z', Assertion::kTextEndOrNewline}, {'b', Assertion::kWordEdge},
        {'B', Assertion::kNotWordEdge},
    };
    if (at_ >= source_.size()) {
      broken("a backslash at its end");
      return {};
    }
    for (const auto& [letter, kind] : kAnchors) {
      if (take({&letter, 1})) return assertion(kind);
    }
    Set set;
    escaped(set);
    return single(std::move(set));
  }

  /// What stands behind a backslash and means characters, in a class or outside.
  void escaped(Set& set) {
    if (done()) return broken("a backslash at its end");
    const char32_t code = next();
    static constexpr std::string_view kKinds = "sSdDwWhH";
    static constexpr std::pair<char, char> kControls[] = {{'n', '\n'},  {'t', '\t'}, {'r', '\r'},
                                                          {'f', '\f'},  {'v', '\v'}, {'a', '\a'},
                                                          {'e', '\x1B'}};
    if (code < 0x80 && kKinds.find(static_cast<char>(code)) != std::string_view::npos) {
      const auto kind = static_cast<char>(code);
      is_kind_ = true;
      if (std::find(set.kinds.begin(), set.kinds.end(), kind) == set.kinds.end())
        set.kinds.push_back(kind);
      return;
    }
    for (const auto& [letter, control] : kControls) {
      if (code == static_cast<char32_t>(letter)) return add(set, static_cast<char32_t>(control));
    }
    if (code == 'x' || code == 'u') return add(set, hexadecimal(code == 'x' ? 2 : 4));
    const bool letter_or_digit = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
                                 (code >= 'A' && code <= 'Z');
    if (letter_or_digit) return unsupported("an escape");
    add(set, code);
  }
  static void add(Set& set, char32_t code) { set.ranges.push_back({code, code}); }

  char32_t hexadecimal(int digits) {
    char32_t code = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = done() ? -1 : unicode::hex_digit(source_[at_]);
      if (digit < 0) {
        unsupported("a short hexadecimal escape");
        return 0;
      }
      code = code * 16 + static_cast<char32_t>(digit);
      ++at_;
    }
    // Above ASCII \x means bytes, and a surrogate is no character.
    if ((digits == 2 && code > 0x7F) || (code >= 0xD800 && code <= 0xDFFF)) {
      unsupported("an escape that is no character");
    }
    return code;
  }

  Set bracket() {
    Set set;
    set.negated = take("^");
    bool first = true;
    while (!done() && (first || source_[at_] != ']')) {
      first = false;
      if (looking_at("[") || looking_at("&&")) unsupported("a class inside a class");
      if (done()) break;
      member(set);
    }
    if (!take("]")) broken("a class without an end");
    return set;
  }

  void member(Set& set) {
    is_kind_ = false;
    if (take("\\")) {
      escaped(set);
    } else {
      add(set, next());
    }
    const bool range = status_.ok() && !is_kind_ && looking_at("-") && at_ + 1 < source_.size() &&
                       source_[at_ + 1] != ']';
    if (!range) return;
    ++at_;
    Set last;
    if (take("\\")) {
      escaped(last);
    } else {
      add(last, next());
    }
    if (!status_.ok()) return;
    if (last.ranges.size() != 1 || last.ranges[0].first < set.ranges.back().first) {
      return broken("a range that does not go upwards");
    }
    set.ranges.back().last = last.ranges[0].first;
  }

  Fragment quantified(Fragment inner) {
    while (!done()) {
      std::uint32_t low = 0;
      std::uint32_t high = kUnbounded;
      bool exact = false;
      if (take("+")) {
        low = 1;
      } else if (take("?")) {
        high = 1;
      } else if (looking_at("{")) {
        if (!interval(low, high, exact)) return inner;
      } else if (!take("*")) {
        return inner;
      }
      if (!repeatable_) {
        unsupported("a repeated anchor");
        return inner;
      }
      const bool marked = take("?");
      if (looking_at("+") || looking_at("*") || looking_at("?") || looking_at("{")) {
        unsupported("a quantifier behind a quantifier");
      }
      inner = repeated(inner, low, high, marked && !exact);
      if (exact && marked) inner = repeated(inner, 0, 1, false);
    }
    return inner;
  }

  /// {n} {n,} {,m} {n,m}
  bool interval(std::uint32_t& low, std::uint32_t& high, bool& exact) {
    const std::size_t begin = at_++;
    const bool has_low = number(low);
    high = low;
    bool has_high = false;
    exact = !take(",");
    if (!exact) {
      high = kUnbounded;
      has_high = number(high);
    }
    if ((has_low || has_high) && take("}") && low <= high) return true;
    at_ = begin;
    unsupported("a brace that is no count");
    return false;
  }
  bool number(std::uint32_t& value) {
    const std::size_t begin = at_;
    std::uint32_t read = 0;
    while (!done() && source_[at_] >= '0' && source_[at_] <= '9' && read <= 1000) {
      read = read * 10 + static_cast<std::uint32_t>(source_[at_++] - '0');
    }
    if (read > 1000) fail(Code::kLimitExceeded, "expected a count of at most 1000");
    if (at_ > begin) value = read;
    return at_ > begin;
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
    for (std::uint32_t left = high - low; left > 0 && status_.ok(); --left) {
      append(all, {split(1, static_cast<std::int32_t>(left) * (length(inner) + 1), lazy)});
      append(all, inner);
    }
    return all;
  }
  static Instruction split(std::int32_t into, std::int32_t past, bool lazy) {
    return {Op::kSplit, Assertion::kLineStart, 0, lazy ? past : into, lazy ? into : past};
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int alternatives_ = 0;
  bool repeatable_ = true;
  bool is_kind_ = false;  ///< the member of a class read last was one of \s, \d, …
  Status status_;
  Regex::Program program_;
};

}  // namespace

Result<Regex::Program> compile_regex(std::string_view source) { return Compiler(source).run(); }

}  // namespace infercore
