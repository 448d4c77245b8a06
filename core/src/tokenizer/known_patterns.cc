#include "tokenizer/known_patterns.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "unicode/property.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

// What a character is, a bit each.
enum Kind : unsigned {
  kLetter = 1,    ///< \p{L}
  kNumber = 2,    ///< \p{N}
  kSpace = 4,     ///< \s
  kUpper = 8,     ///< [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
  kLower = 16,    ///< [\p{Ll}\p{Lm}\p{Lo}\p{M}]
  kNewline = 32,  ///< [\r\n]
  kSign = 64,     ///< [\p{P}\p{S}]
  kMark = 128,    ///< \p{M}
};

constexpr unsigned kinds_of(unicode::Category category) {
  using unicode::Category;
  const unicode::CategorySet set = unicode::set_of(category);
  unsigned kinds = 0;
  if ((set & unicode::kLetters) != 0) kinds |= kLetter;
  if ((set & unicode::kNumbers) != 0) kinds |= kNumber;
  if ((set & unicode::kSeparators) != 0) kinds |= kSpace;
  if ((set & unicode::kMarks) != 0) kinds |= kMark | kUpper | kLower;
  if ((set & (unicode::kPunctuation | unicode::kSymbols)) != 0) kinds |= kSign;
  if (category == Category::kLm || category == Category::kLo) kinds |= kUpper | kLower;
  if (category == Category::kLu || category == Category::kLt) kinds |= kUpper;
  if (category == Category::kLl) kinds |= kLower;
  return kinds;
}

constexpr std::array<std::uint8_t, 30> make_kinds() {
  std::array<std::uint8_t, 30> kinds{};
  for (unsigned i = 0; i < 30; ++i) {
    kinds[i] = static_cast<std::uint8_t>(kinds_of(static_cast<unicode::Category>(i)));
  }
  return kinds;
}
constexpr std::array<std::uint8_t, 30> kKinds = make_kinds();

constexpr unsigned ascii_kinds(char c) {
  if (c >= 'a' && c <= 'z') return kinds_of(unicode::Category::kLl);
  if (c >= 'A' && c <= 'Z') return kinds_of(unicode::Category::kLu);
  if (c >= '0' && c <= '9') return kNumber;
  if (c == '\r' || c == '\n') return kSpace | kNewline;
  if (c == ' ' || (c >= '\t' && c <= '\r')) return kSpace;
  return c > ' ' && c < 0x7F ? static_cast<unsigned>(kSign) : 0;
}

constexpr std::array<std::uint8_t, 128> make_ascii() {
  std::array<std::uint8_t, 128> kinds{};
  for (unsigned c = 0; c < 128; ++c) {
    kinds[c] = static_cast<std::uint8_t>(ascii_kinds(static_cast<char>(c)));
  }
  return kinds;
}
constexpr std::array<std::uint8_t, 128> kAscii = make_ascii();

/// A valid text, looked at character by character.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// No kind, and length 0 at the end of the text.
  struct Seen {
    unsigned kinds;
    unsigned length;
    bool is(unsigned any_of) const { return (kinds & any_of) != 0; }
    /// A character, and none of these.
    bool is_none(unsigned of) const { return (kinds & of) == 0 && length > 0; }
  };
  Seen at(std::size_t place) const {
    if (place >= text_.size()) return {0, 0};
    const auto byte = static_cast<unsigned char>(text_[place]);
    if (byte < 0x80) return {kAscii[byte], 1};
    return far(place);
  }
  std::size_t size() const { return text_.size(); }
  bool has(std::size_t place, char c) const { return place < text_.size() && text_[place] == c; }
  std::string_view text() const { return text_; }

  /// Where characters of any of these kinds end.
  std::size_t run(std::size_t place, unsigned any_of) const {
    for (;;) {
      if ((any_of & (kLetter | kLower)) != 0) place = ascii_run(place, (any_of & kLetter) != 0);
      const Seen seen = at(place);
      if (!seen.is(any_of)) return place;
      place += seen.length;
    }
  }
  /// Where characters of none of these kinds end.
  std::size_t run_none(std::size_t place, unsigned of) const {
    for (Seen seen = at(place); seen.is_none(of); seen = at(place)) place += seen.length;
    return place;
  }

 private:
  /// Where letters of ASCII end, small ones or all: eight bytes at once, as most words are no
  /// longer.
  std::size_t ascii_run(std::size_t place, bool capitals) const {
    constexpr std::uint64_t kEach = 0x0101010101010101U;
    for (; place + 8 <= text_.size(); place += 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text_.data() + place, 8);
      // Sums of seven bits each: from 'a' on the first has the highest bit, behind 'z' the second.
      const std::uint64_t low = (bytes | (capitals ? kEach * 0x20 : 0)) & kEach * 0x7F;
      const std::uint64_t letters =
          (low + kEach * (0x80 - 'a')) & ~(low + kEach * (0x7F - 'z')) & ~bytes & kEach * 0x80;
      const std::uint64_t others = letters ^ kEach * 0x80;
      if (others != 0) return place + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
    return place;
  }

  Seen far(std::size_t place) const {
    const char32_t code = unicode::decode_valid(text_.data() + place);
    const unsigned kinds = code == 0x85 ? static_cast<unsigned>(kSpace)
                                        : kKinds[static_cast<std::size_t>(unicode::category(code))];
    return {kinds, unicode::sequence_length(text_[place])};
  }

  std::string_view text_;
};

// Each part of an expression answers where its match at `place` ends; `place` where there is none.

/// 's|'t|'re|'ve|'m|'ll|'d
std::size_t contraction(const Reader& text, std::size_t place, bool any_case) {
  if (!text.has(place, '\'') || place + 1 >= text.size()) return place;
  const auto letter = [&](std::size_t at) -> char {
    const char c = text.text()[at];
    return any_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  };
  const char first = letter(place + 1);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return place + 2;
  if (place + 2 >= text.size()) return place;
  const char second = letter(place + 2);
  if (second == 'e' && (first == 'r' || first == 'v')) return place + 3;
  if (second == 'l' && first == 'l') return place + 3;
  // Of all letters only "ſ" has a case, that of "s", which is not in ASCII.
  if (any_case && text.text().substr(place + 1, 2) == "\u017F") return place + 3;
  return place;
}

/// [^\r\n\p{L}\p{N}]?\p{L}+
std::size_t letters(const Reader& text, std::size_t place) {
  const Reader::Seen first = text.at(place);
  if (first.is(kLetter)) return text.run(place + first.length, kLetter);
  if (!first.is_none(kNewline | kNumber) || !text.at(place + first.length).is(kLetter))
    return place;
  return text.run(place + first.length, kLetter);
}

/// \p{N}{1,most}
std::size_t digits(const Reader& text, std::size_t place, int most) {
  for (int i = 0; i < most; ++i) {
    const Reader::Seen seen = text.at(place);
    if (!seen.is(kNumber)) break;
    place += seen.length;
  }
  return place;
}

/// ` ?[^\s\p{L}\p{N}]+` and then any of `tail`.
std::size_t signs(const Reader& text, std::size_t place, std::string_view tail) {
  const std::size_t begin = place + (text.has(place, ' ') ? 1 : 0);
  std::size_t end = text.run_none(begin, kSpace | kLetter | kNumber);
  if (end == begin) return place;
  while (end < text.size() && tail.find(text.text()[end]) != std::string_view::npos) ++end;
  return end;
}

/// \s+(?!\S)|\s+, and in front of them `\s*[\r\n]+` where `lines`.
std::size_t spaces(const Reader& text, std::size_t place, bool lines) {
  std::size_t end = place;
  std::size_t last = place;  // where the last one starts
  std::size_t line = place;  // behind the last newline
  for (Reader::Seen seen = text.at(end); seen.is(kSpace); seen = text.at(end)) {
    last = end;
    end += seen.length;
    if (seen.is(kNewline)) line = end;
  }
  if (lines && line > place) return line;
  // The last one goes with what follows.
  return end == text.size() || last == place ? end : last;
}

struct Gpt2 {
  static constexpr std::string_view kSource =
      R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

  static std::size_t end(const Reader& text, std::size_t place) {
    const std::size_t begin = place + (text.has(place, ' ') ? 1 : 0);
    const Reader::Seen seen = text.at(begin);
    if (seen.is(kLetter)) return text.run(begin + seen.length, kLetter);
    if (seen.is(kNumber)) return text.run(begin + seen.length, kNumber);
    if (const std::size_t after = contraction(text, place, false); after > place) return after;
    if (seen.is_none(kSpace)) return text.run_none(begin, kSpace | kLetter | kNumber);
    return spaces(text, place, false);
  }
};

/// Of GPT-3.5 and 4, Llama 3, Qwen: they differ in how many digits stand together.
template <int most_digits>
struct Cl100k {
  static constexpr std::string_view kSource =
      most_digits == 1
          ? R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"
          : R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

  static std::size_t end(const Reader& text, std::size_t place) {
    if (const std::size_t after = contraction(text, place, true); after > place) return after;
    if (const std::size_t after = letters(text, place); after > place) return after;
    if (const std::size_t after = digits(text, place, most_digits); after > place) return after;
    if (const std::size_t after = signs(text, place, "\r\n"); after > place) return after;
    return spaces(text, place, true);
  }
};

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+
std::size_t to_lower(const Reader& text, std::size_t place) {
  std::size_t end = place;
  std::size_t both = place;  // behind the last one that may stand in either part
  Reader::Seen seen = text.at(end);
  for (; seen.is(kUpper); seen = text.at(end)) {
    end += seen.length;
    if (seen.is(kLower)) both = end;
  }
  return seen.is(kLower) ? text.run(end, kLower) : both;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*, where to_lower finds nothing.
std::size_t from_upper(const Reader& text, std::size_t place) { return text.run(place, kUpper); }

/// The word, in capitals or not: with one other character in front where that can be.
std::size_t cased_word(const Reader& text, std::size_t place) {
  const Reader::Seen first = text.at(place);
  const std::size_t second =
      first.is_none(kNewline | kLetter | kNumber) ? place + first.length : place;
  for (const auto part : {to_lower, from_upper}) {
    if (second > place) {
      if (const std::size_t end = part(text, second); end > second) return end;
    }
    if (const std::size_t end = part(text, place); end > place) return end;
  }
  return place;
}

struct O200k {
  static constexpr std::string_view kSource =
      R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

  static std::size_t end(const Reader& text, std::size_t place) {
    if (const std::size_t after = cased_word(text, place); after > place) {
      return contraction(text, after, true);
    }
    if (const std::size_t after = digits(text, place, 3); after > place) return after;
    if (const std::size_t after = signs(text, place, "\r\n/"); after > place) return after;
    return spaces(text, place, true);
  }
};

/// Of Mistral's Tekken, and files made after it.
template <bool space_before_digit>
struct Tekken {
  static constexpr std::string_view kSource =
      space_before_digit
          ? R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*| ?\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"
          : R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

  static std::size_t end(const Reader& text, std::size_t place) {
    if (const std::size_t after = cased_word(text, place); after > place) return after;
    const std::size_t digit = place + (space_before_digit && text.has(place, ' ') ? 1 : 0);
    if (const Reader::Seen seen = text.at(digit); seen.is(kNumber)) return digit + seen.length;
    if (const std::size_t after = signs(text, place, "\r\n/"); after > place) return after;
    return spaces(text, place, true);
  }
};

struct DeepSeek {
  static constexpr std::string_view kSource =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
      "[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|"
      "\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

  static bool is_latin(const Reader& text, std::size_t place) {
    return static_cast<unsigned char>(text.text()[place]) < 0x80 && text.at(place).is(kLetter);
  }

  static std::size_t end(const Reader& text, std::size_t place) {
    const Reader::Seen first = text.at(place);
    const std::size_t second = place + first.length;
    if (first.is(kSign) && first.length == 1 && second < text.size() && is_latin(text, second)) {
      std::size_t end = second;
      while (end < text.size() && is_latin(text, end)) ++end;
      return end;
    }
    if (first.is(kLetter | kMark)) return text.run(second, kLetter | kMark);
    if (first.is_none(kNewline | kSign) && text.at(second).is(kLetter | kMark)) {
      return text.run(second, kLetter | kMark);
    }
    const std::size_t begin = text.has(place, ' ') ? second : place;
    if (std::size_t end = text.run(begin, kSign); end > begin) {
      while (text.at(end).is(kNewline)) ++end;
      return end;
    }
    return spaces(text, place, true);
  }
};

template <int most>
struct Digits {
  static constexpr std::string_view kSource = R"(\p{N}{1,3})";
  static std::size_t end(const Reader& text, std::size_t place) {
    return digits(text, place, most);
  }
};

template <typename Rules>
class Scanner : public Pattern {
 public:
  bool find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    const Reader text(valid);
    for (std::size_t at = 0; at < valid.size();) {
      const std::size_t end = Rules::end(text, at);
      if (end == at) {
        at += unicode::sequence_length(valid[at]);
        continue;
      }
      matches.push_back({at, end});
      at = end;
    }
    return true;
  }
  std::size_t bytes() const override { return 0; }
};

template <typename... Rules>
struct List {
  static constexpr std::string_view kSources[] = {Rules::kSource...};

  static std::unique_ptr<Pattern> make(std::string_view source) {
    std::unique_ptr<Pattern> scanner;
    ((source == Rules::kSource ? void(scanner = std::make_unique<Scanner<Rules>>()) : void()), ...);
    return scanner;
  }
};
using Known =
    List<Gpt2, Cl100k<3>, Cl100k<1>, O200k, Tekken<true>, Tekken<false>, DeepSeek, Digits<3>>;

}  // namespace

const std::string_view kGpt2Pattern = Gpt2::kSource;
const std::string_view kCl100kPattern = Cl100k<3>::kSource;
const std::string_view kQwenPattern = Cl100k<1>::kSource;
const std::string_view kO200kPattern = O200k::kSource;

std::unique_ptr<Pattern> known_pattern(std::string_view source) { return Known::make(source); }

std::span<const std::string_view> known_pattern_sources() { return Known::kSources; }

}  // namespace infercore
