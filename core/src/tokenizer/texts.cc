#include "tokenizer/texts.h"

#include <array>
#include <string_view>

namespace infercore {
namespace {

/// Where a reader of UTF-8 stands, as how far a row of kNext is shifted to the right.
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

Rows rows() {
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

bool is_utf8(const Table<char>& text) {
  const Rows next = rows();
  std::uint64_t state = kBetween;
  for (const char byte : text) state = next[static_cast<unsigned char>(byte)] >> (state & 63);
  return (state & 63) == kBetween;
}

}  // namespace

bool are_texts(const Table<char>& texts, const Table<std::uint32_t>& ends) {
  std::uint32_t before = 0;
  for (const std::uint32_t end : ends) {
    if (end < before || end > texts.size()) return false;
    // Where all of them are valid, one is if it begins with a character.
    if (end < texts.size() && (static_cast<unsigned char>(texts[end]) & 0xC0) == 0x80) return false;
    before = end;
  }
  return before == texts.size() && is_utf8(texts);
}

}  // namespace infercore
