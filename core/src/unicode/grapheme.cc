#include "unicode/grapheme.h"

#include <cstdint>

#include "unicode/grapheme_tables.h"
#include "unicode/utf.h"

namespace infercore::unicode {
namespace {

enum class Kind : std::uint8_t {
  kOther,
  kCR,
  kLF,
  kControl,
  kExtend,
  kJoiner,
  kRegional,
  kPrepend,
  kSpacingMark,
  kL,
  kV,
  kT,
  kLV,
  kLVT,
  kPictographic
};

Kind kind_of(char32_t code) noexcept {
  if (code < 0x300) {
    if (code == '\r') return Kind::kCR;
    if (code == '\n') return Kind::kLF;
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD) return Kind::kControl;
    return code == 0xA9 || code == 0xAE ? Kind::kPictographic : Kind::kOther;
  }
  // Most of what is written: Cyrillic and Greek letters, Chinese and Japanese characters.
  if (code >= 0x370 && code < 0x483) return Kind::kOther;
  if ((code >= 0x3041 && code < 0x3099) || (code >= 0x3400 && code < 0xA000)) return Kind::kOther;
  if (code == 0x200D) return Kind::kJoiner;
  if (code >= 0x1F1E6 && code <= 0x1F1FF) return Kind::kRegional;
  if ((code >= 0x1100 && code <= 0x115F) || (code >= 0xA960 && code <= 0xA97C)) return Kind::kL;
  if ((code >= 0x1160 && code <= 0x11A7) || (code >= 0xD7B0 && code <= 0xD7C6) || code == 0x16D63 ||
      (code >= 0x16D67 && code <= 0x16D6A)) {
    return Kind::kV;
  }
  if ((code >= 0x11A8 && code <= 0x11FF) || (code >= 0xD7CB && code <= 0xD7FB)) return Kind::kT;
  if (code >= 0xAC00 && code <= 0xD7A3) return (code - 0xAC00) % 28 == 0 ? Kind::kLV : Kind::kLVT;
  if (in_ranges(kExtend, code)) return Kind::kExtend;
  if (in_ranges(kSpacingMark, code)) return Kind::kSpacingMark;
  if (in_ranges(kPictographic, code)) return Kind::kPictographic;
  if (in_ranges(kControl, code)) return Kind::kControl;
  return in_ranges(kPrepend, code) ? Kind::kPrepend : Kind::kOther;
}

bool is_control(Kind kind) noexcept {
  return kind == Kind::kCR || kind == Kind::kLF || kind == Kind::kControl;
}

bool syllable_goes_on(Kind before, Kind after) noexcept {
  if (before == Kind::kL) {
    return after == Kind::kL || after == Kind::kV || after == Kind::kLV || after == Kind::kLVT;
  }
  if (before == Kind::kLV || before == Kind::kV) return after == Kind::kV || after == Kind::kT;
  return (before == Kind::kLVT || before == Kind::kT) && after == Kind::kT;
}

/// What the rules that look further back than one character need to know.
struct State {
  Kind kind;                  ///< of the character before
  bool odd_regional = false;  ///< an odd number of regional indicators
  bool pictographic = false;  ///< a pictograph and nothing but extenders behind it
  bool joined = false;        ///< … and then a joiner
  bool consonant = false;  ///< an Indic consonant and nothing but extenders and linkers behind it
  bool linked = false;     ///< … with a linker among them

  void step(Kind next, char32_t code) {
    joined = pictographic && next == Kind::kJoiner;
    pictographic = next == Kind::kPictographic || (pictographic && next == Kind::kExtend);
    odd_regional = next == Kind::kRegional && !(kind == Kind::kRegional && odd_regional);
    const bool extends = next == Kind::kExtend || next == Kind::kJoiner;
    const bool starts = code >= 0x900 && in_ranges(kConsonant, code);
    linked = !starts && consonant && extends && (linked || in_ranges(kLinker, code));
    consonant = starts || (consonant && extends);
    kind = next;
  }
};

bool breaks_between(const State& before, Kind after, char32_t code) noexcept {
  if (before.kind == Kind::kCR && after == Kind::kLF) return false;
  if (is_control(before.kind) || is_control(after)) return true;
  if (syllable_goes_on(before.kind, after)) return false;
  if (after == Kind::kExtend || after == Kind::kJoiner || after == Kind::kSpacingMark) return false;
  if (before.kind == Kind::kPrepend) return false;
  if (before.linked && code >= 0x900 && in_ranges(kConsonant, code)) return false;
  if (before.joined && after == Kind::kPictographic) return false;
  return !(before.odd_regional && after == Kind::kRegional);
}

}  // namespace

std::size_t grapheme_end(std::string_view valid, std::size_t begin) noexcept {
  const auto code_at = [valid](std::size_t at) { return decode_valid(valid.data() + at); };
  State state{Kind::kOther};
  char32_t code = code_at(begin);
  state.step(kind_of(code), code);
  std::size_t at = begin + sequence_length(valid[begin]);
  while (at < valid.size()) {
    code = code_at(at);
    const Kind kind = kind_of(code);
    if (breaks_between(state, kind, code)) break;
    state.step(kind, code);
    at += sequence_length(valid[at]);
  }
  return at;
}

}  // namespace infercore::unicode
