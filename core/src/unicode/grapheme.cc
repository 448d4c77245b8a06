#include "unicode/grapheme.h"

#include <cstdint>

#include "unicode/grapheme_tables.h"
#include "unicode/property_runs.h"
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

// Bits beside the Kind.
constexpr std::uint8_t kKind = 15;
constexpr std::uint8_t kConsonant = 16;  ///< Indic, of a script that joins them
constexpr std::uint8_t kLinker = 32;     ///< what does so

class GraphemeTable : public CodeTable<std::uint8_t, kGraphemeBlocks> {
 public:
  GraphemeTable() noexcept {
    TableFiller filler(*this);
    PropertyRuns runs;
    while (runs.next())
      filler.append(runs->end, static_cast<std::uint8_t>(kind_in(runs->category)));
    filler.append(0x110000, 0);
    for_each_correction(
        kGraphemeGaps, kGraphemeCounts, kGraphemeKinds,
        [&filler](auto first, auto last, auto kind) { filler.fill(first, last, kind); });
  }

 private:
  static Kind kind_in(Category category) noexcept {
    const CategorySet set = set_of(category);
    if ((set & set_of(Category::kZl, Category::kCf)) != 0) return Kind::kControl;
    if (category == Category::kMc) return Kind::kSpacingMark;
    return (set & kMarks) != 0 ? Kind::kExtend : Kind::kOther;
  }
};

/// A character's Kind and the bits beside it.
struct Piece {
  Kind kind;
  std::uint8_t bits;
};

Piece piece_of(char32_t code) noexcept {
  const std::uint8_t bits = grapheme_class(code);
  auto kind = static_cast<Kind>(bits & kKind);
  if (kind == Kind::kLVT && (code - 0xAC00) % 28 == 0) kind = Kind::kLV;
  return {kind, bits};
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

  void step(Piece piece) {
    const Kind next = piece.kind;
    joined = pictographic && next == Kind::kJoiner;
    pictographic = next == Kind::kPictographic || (pictographic && next == Kind::kExtend);
    odd_regional = next == Kind::kRegional && !(kind == Kind::kRegional && odd_regional);
    const bool extends = next == Kind::kExtend || next == Kind::kJoiner;
    const bool starts = (piece.bits & kConsonant) != 0;
    linked = !starts && consonant && extends && (linked || (piece.bits & kLinker) != 0);
    consonant = starts || (consonant && extends);
    kind = next;
  }
};

bool breaks_between(const State& before, Piece piece) noexcept {
  const Kind after = piece.kind;
  if (before.kind == Kind::kCR && after == Kind::kLF) return false;
  if (is_control(before.kind) || is_control(after)) return true;
  if (syllable_goes_on(before.kind, after)) return false;
  if (after == Kind::kExtend || after == Kind::kJoiner || after == Kind::kSpacingMark) return false;
  if (before.kind == Kind::kPrepend) return false;
  if (before.linked && (piece.bits & kConsonant) != 0) return false;
  if (before.joined && after == Kind::kPictographic) return false;
  return !(before.odd_regional && after == Kind::kRegional);
}

}  // namespace

std::uint8_t grapheme_class(char32_t code) noexcept {
  static const GraphemeTable table;
  return table[code];
}

std::size_t grapheme_end(std::string_view valid, std::size_t begin) noexcept {
  const auto piece_at = [valid](std::size_t at) {
    return piece_of(decode_valid(valid.data() + at));
  };
  State state{Kind::kOther};
  state.step(piece_at(begin));
  std::size_t at = begin + sequence_length(valid[begin]);
  while (at < valid.size()) {
    const Piece piece = piece_at(at);
    if (breaks_between(state, piece)) break;
    state.step(piece);
    at += sequence_length(valid[at]);
  }
  return at;
}

}  // namespace infercore::unicode
