#include "tokenizer/regex_set.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "unicode/utf.h"
#include "unicode/word.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxRanges = 512;  ///< of one class
constexpr std::size_t kMaxClasses = 32;  ///< in one class
constexpr int kMaxDepth = 8;

bool is_kind(char kind, char32_t code) {
  switch (kind) {
    case 's':
      return unicode::is_space(code);
    case 'd':
      return unicode::is_digit(code);
    case 'w':
      return unicode::is_word(code) && code != 0x200C && code != 0x200D;
    case 'v':
      return is_regex_word(code);
    case 'h':
      return code < 0x80 && unicode::hex_digit(static_cast<char>(code)) >= 0;
    default:  // a capital
      return !is_kind(static_cast<char>(kind + ('a' - 'A')), code);
  }
}

/// Upwards, those that touch each other as one.
void sort(std::vector<RegexSet::Range>& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<RegexSet::Range> apart;
  for (const RegexSet::Range& range : ranges) {
    if (!apart.empty() && range.first <= apart.back().last + 1) {
      apart.back().last = std::max(apart.back().last, range.last);
    } else {
      apart.push_back(range);
    }
  }
  ranges = std::move(apart);
}

void add_kind(RegexSet& set, char kind) {
  if (std::find(set.kinds.begin(), set.kinds.end(), kind) == set.kinds.end())
    set.kinds.push_back(kind);
}

/// Names that brackets like [:digit:] know, and \p as well.
bool add_posix(std::string_view name, RegexSet& set) {
  using unicode::Category;
  if (name == "digit") return set.categories |= unicode::set_of(Category::kNd), true;
  if (name == "cntrl") return set.categories |= unicode::set_of(Category::kCc), true;
  if (name == "space" || name == "whitespace") return add_kind(set, 's'), true;
  if (name == "word") return add_kind(set, 'w'), true;
  if (name == "xdigit") return add_kind(set, 'h'), true;
  if (name == "ascii") return set.ranges.push_back({0, 0x7F}), true;
  if (name != "blank") return false;
  set.categories |= unicode::set_of(Category::kZs);
  return set.add('\t'), true;
}

/// Adds what `name` means, or all but that.
void add_property(RegexSource& source, std::string_view name, bool negated, RegexSet& set) {
  std::string key;
  for (const char c : name) {
    if (c == '_' || c == ' ' || c == '-') continue;
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  RegexSet property;
  if (key == "word") {
    add_kind(property, 'v');
  } else if (!add_posix(key, property)) {
    if (const auto categories = unicode::category_set(key)) {
      property.categories = *categories;
    } else {
      property.ranges = unicode::script_ranges(key);
    }
  }
  if (property.ranges.empty() && property.categories == 0 && property.kinds.empty()) {
    return source.unsupported("a property of a name that is not known");
  }
  property.negated = negated;
  set.any.push_back(std::move(property));
}

char32_t hexadecimal(RegexSource& source, int digits) {
  char32_t code = 0;
  const bool braces = digits == 2 && source.take("{");
  for (int i = 0; i < (braces ? 6 : digits); ++i) {
    if (braces && i > 0 && source.looking_at("}")) break;
    const int digit = source.done() ? -1 : unicode::hex_digit(source.peek());
    if (digit < 0) {
      source.unsupported("a short hexadecimal escape");
      return 0;
    }
    code = code * 16 + static_cast<char32_t>(digit);
    source.next();
  }
  if (braces && !source.take("}")) source.unsupported("a long hexadecimal escape");
  // Above ASCII \x means bytes, and a surrogate is no character.
  if ((digits == 2 && !braces && code > 0x7F) || (code >= 0xD800 && code <= 0xDFFF) ||
      code > 0x10FFFF) {
    source.unsupported("an escape that is no character");
  }
  return code;
}

/// [:name:] or [:^name:]; false where there is none.
bool read_posix(RegexSource& source, RegexSet& set) {
  const std::size_t begin = source.position();
  if (!source.take("[:")) return false;
  const bool negated = source.take("^");
  const std::string_view name = source.until(":]");
  const bool is_name =
      !name.empty() && name.size() <= 8 &&
      std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!is_name) {
    source.go_back_to(begin);
    return false;
  }
  RegexSet posix;
  if (name == "punct") {  // \p{Punct} is punctuation alone
    posix.categories = unicode::kPunctuation | unicode::kSymbols;
  } else if (!add_posix(name, posix)) {
    source.unsupported("a bracket of a name that is not known");
  }
  posix.negated = negated;
  set.any.push_back(std::move(posix));
  return true;
}

/// One character or kind of a class, or a range.
void read_member(RegexSource& source, RegexSet& set) {
  if (source.take("\\")) {
    if (read_escaped(source, set)) return;
  } else {
    set.add(source.next());
  }
  const bool range = source.status.ok() && source.looking_at("-") && source.peek(1) != '\0' &&
                     source.peek(1) != ']';
  if (!range) return;
  source.next();
  RegexSet last;
  if (source.take("\\")) {
    read_escaped(source, last);
  } else {
    last.add(source.next());
  }
  if (!source.status.ok()) return;
  if (last.ranges.size() != 1 || last.ranges[0].first < set.ranges.back().first) {
    return source.broken("a range that does not go upwards");
  }
  set.ranges.back().last = last.ranges[0].first;
}

}  // namespace

bool is_regex_word(char32_t code) noexcept {
  if (code == 0xB2 || code == 0xB3 || code == 0xB9) return true;
  return (code >= 0xBC && code <= 0xBE) || is_kind('w', code);
}

void RegexSet::finish() {
  sort(ranges);
  for (RegexSet& set : any) set.finish();
  for (RegexSet& set : all) set.finish();
  for (char32_t code = 0; code < 0x80; ++code) ascii[code] = find(code);
}

bool RegexSet::find(char32_t code) const {
  const auto has = [code](const RegexSet& set) { return set.contains(code); };
  if (!all.empty()) return std::all_of(all.begin(), all.end(), has) != negated;
  const auto behind =
      std::upper_bound(ranges.begin(), ranges.end(), code,
                       [](char32_t wanted, const Range& range) { return wanted < range.first; });
  bool in = behind != ranges.begin() && code <= (behind - 1)->last;
  in = in || (categories != 0 && unicode::in_set(code, categories));
  for (const char kind : kinds) in = in || is_kind(kind, code);
  return (in || std::any_of(any.begin(), any.end(), has)) != negated;
}

std::size_t RegexSet::bytes() const {
  std::size_t sum = sizeof(*this) + ranges.capacity() * sizeof(Range) + kinds.capacity();
  for (const RegexSet& set : any) sum += set.bytes();
  for (const RegexSet& set : all) sum += set.bytes();
  return sum;
}

bool read_escaped(RegexSource& source, RegexSet& set) {
  if (source.done()) return source.broken("a backslash at its end"), false;
  const char32_t code = source.next();
  static constexpr std::string_view kKinds = "sSdDwWhH";
  static constexpr std::pair<char, char> kControls[] = {
      {'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'f', '\f'}, {'v', '\v'}, {'a', '\a'}, {'e', '\x1B'}};
  if (code < 0x80 && kKinds.find(static_cast<char>(code)) != std::string_view::npos) {
    add_kind(set, static_cast<char>(code));
    return true;
  }
  for (const auto& [letter, control] : kControls) {
    if (code == static_cast<char32_t>(letter))
      return set.add(static_cast<char32_t>(control)), false;
  }
  if (code == 'x' || code == 'u') return set.add(hexadecimal(source, code == 'x' ? 2 : 4)), false;
  if ((code == 'p' || code == 'P') && source.take("{")) {
    const bool negated = source.take("^") != (code == 'P');
    add_property(source, source.until("}"), negated, set);
    return true;
  }
  const bool letter_or_digit =
      (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  if (letter_or_digit) return source.unsupported("an escape"), false;
  set.add(code);
  return false;
}

RegexSet read_class(RegexSource& source, int depth) {
  RegexSet set;
  if (depth > kMaxDepth) {
    source.fail(Code::kLimitExceeded,
                "expected classes at most " + std::to_string(kMaxDepth) + " deep");
    return set;
  }
  const bool negated = source.take("^");
  std::vector<RegexSet> parts;
  for (bool first = true; !source.done() && (first || source.peek() != ']'); first = false) {
    if (source.take("&&")) {
      parts.push_back(std::exchange(set, {}));
    } else if (read_posix(source, set)) {
      continue;
    } else if (source.take("[")) {
      set.any.push_back(read_class(source, depth + 1));
    } else {
      read_member(source, set);
    }
    if (set.ranges.size() > kMaxRanges || set.any.size() + parts.size() > kMaxClasses) {
      source.fail(Code::kLimitExceeded,
                  "expected a class of at most " + std::to_string(kMaxRanges) + " ranges and " +
                      std::to_string(kMaxClasses) + " classes, received more");
    }
  }
  if (!source.take("]")) source.broken("a class without an end");
  if (!parts.empty()) {
    parts.push_back(std::move(set));
    set = {};
    set.all = std::move(parts);
  }
  set.negated = negated;
  return set;
}

void add_cases(RegexSource& source, RegexSet& set) {
  constexpr unicode::CategorySet kCased =
      unicode::set_of(unicode::Category::kLu, unicode::Category::kLt);
  for (RegexSet& part : set.any) add_cases(source, part);
  for (RegexSet& part : set.all) add_cases(source, part);
  bool hard = (set.categories & kCased) != 0 && (set.categories & kCased) != kCased;
  const std::size_t count = set.ranges.size();
  for (std::size_t i = 0; i < count; ++i) {
    const RegexSet::Range range = set.ranges[i];
    hard = hard || range.last > 0x7F;
    for (char32_t code = range.first; code <= range.last && code < 0x80; ++code) {
      const char32_t lower = code | 0x20;
      if (lower < 'a' || lower > 'z') continue;
      set.add(code ^ 0x20);
      if (lower == 's') set.add(0x17F);   // ſ
      if (lower == 'k') set.add(0x212A);  // the sign of Kelvin
    }
  }
  if (hard) source.unsupported("(?i) for characters beyond ASCII");
}

}  // namespace infercore
