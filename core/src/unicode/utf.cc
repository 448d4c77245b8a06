#include "unicode/utf.h"

#include <array>
#include <cstdint>

namespace infercore::unicode {
namespace {

/// What may follow a first byte: how many bytes, and the range of the second one (it excludes
/// surrogates, what is too long and what is too large; the others are 80…BF).
struct Lead {
  std::uint32_t more;
  unsigned char low;
  unsigned char high;
};

Lead lead_of(unsigned char byte) noexcept {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

/// Where a reader of UTF-8 stands, as how far a row of the table is shifted to the right.
enum State : unsigned {
  kWrong = 0,
  kBetween = 6,  ///< characters
  kOneMore = 12,
  kTwoMore = 18,
  kThreeMore = 24,
  kBehindE0 = 30,
  kBehindED = 36,
  kBehindF0 = 42,
  kBehindF4 = 48,
};

/// By byte: the next state for each state, six bits each. The shift alone waits for the byte before
/// (Vognsen, "Shift-based DFAs"), so that this is many times faster than branches.
using Rows = std::array<std::uint64_t, 256>;

constexpr Rows rows() {
  Rows rows{};
  const auto allow = [&rows](unsigned first, unsigned last, State from, State to) {
    for (unsigned byte = first; byte <= last; ++byte) rows[byte] |= std::uint64_t{to} << from;
  };
  allow(0x00, 0x7F, kBetween, kBetween);
  allow(0xC2, 0xDF, kBetween, kOneMore);
  allow(0xE0, 0xE0, kBetween, kBehindE0);
  allow(0xE1, 0xEC, kBetween, kTwoMore);
  allow(0xED, 0xED, kBetween, kBehindED);
  allow(0xEE, 0xEF, kBetween, kTwoMore);
  allow(0xF0, 0xF0, kBetween, kBehindF0);
  allow(0xF1, 0xF3, kBetween, kThreeMore);
  allow(0xF4, 0xF4, kBetween, kBehindF4);
  allow(0x80, 0xBF, kOneMore, kBetween);
  allow(0x80, 0xBF, kTwoMore, kOneMore);
  allow(0x80, 0xBF, kThreeMore, kTwoMore);
  allow(0xA0, 0xBF, kBehindE0, kOneMore);
  allow(0x80, 0x9F, kBehindED, kOneMore);
  allow(0x90, 0xBF, kBehindF0, kTwoMore);
  allow(0x80, 0x8F, kBehindF4, kTwoMore);
  return rows;
}

}  // namespace

Character decode_utf8(std::string_view text, std::size_t at) noexcept {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  const Lead lead = lead_of(first);
  if (lead.more == 0) return {kReplacement, 1};
  for (std::uint32_t i = 1; i <= lead.more; ++i) {
    if (at + i >= text.size()) return {kReplacement, i};
    const auto byte = static_cast<unsigned char>(text[at + i]);
    const bool fits = i == 1 ? byte >= lead.low && byte <= lead.high : (byte & 0xC0) == 0x80;
    if (!fits) return {kReplacement, i};
  }
  return {decode_valid(text.data() + at), lead.more + 1};
}

bool is_valid_utf8(std::string_view text) noexcept {
  static constexpr Rows kNext = rows();
  std::uint64_t state = kBetween;
  for (const char byte : text) state = kNext[static_cast<unsigned char>(byte)] >> (state & 63);
  return (state & 63) == kBetween;
}

Character decode_utf16(std::u16string_view text, std::size_t at) noexcept {
  const char32_t unit = text[at];
  if (unit < 0xD800 || unit > 0xDFFF) return {unit, 1};
  if (unit < 0xDC00 && at + 1 < text.size()) {
    const char32_t next = text[at + 1];
    if (next >= 0xDC00 && next <= 0xDFFF) {
      return {0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), 2};
    }
  }
  return {kReplacement, 1};
}

}  // namespace infercore::unicode
