#include "quote.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace infercore {

std::string quoted(std::string_view text, std::size_t limit) {
  const std::size_t whole = text.size();
  if (whole > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
    text = text.substr(0, limit);
  }
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
      continue;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\x";
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
  out += text.size() < whole ? "…\"" : "\"";
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::trunc(value) == value && std::abs(value) <= kExact) {
    return std::to_string(static_cast<long long>(value));
  }
  std::array<char, 32> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%g", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string bracketed(std::span<const double> values) {
  constexpr std::size_t kShown = 16;
  std::string out = "[";
  for (std::size_t i = 0; i < values.size() && i < kShown; ++i) {
    out += (i == 0 ? "" : ", ") + number(values[i]);
  }
  return out + (values.size() > kShown ? ", …]" : "]");
}

}  // namespace infercore
