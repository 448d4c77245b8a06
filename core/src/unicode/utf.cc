#include "unicode/utf.h"

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
  for (std::size_t at = 0; at < text.size();) {
    const Character c = decode_utf8(text, at);
    if (c.code == kReplacement && text.substr(at, c.units) != "\xEF\xBF\xBD") return false;
    at += c.units;
  }
  return true;
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
