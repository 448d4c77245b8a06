#include "infercore/quote.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "unicode/utf.h"

namespace infercore {
namespace {

bool breaks_line_or_direction(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_escape(std::string& out, char letter, int digits, char32_t code) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "\\%c%0*x", letter, digits,
                static_cast<unsigned>(code));
  out += buffer.data();
}

/// How much of `text` was appended: whole characters, `limit` bytes at most.
std::size_t append_escaped(std::string& out, std::string_view text, std::size_t limit) {
  std::size_t at = 0;
  while (at < text.size()) {
    const unicode::Character c = unicode::decode_utf8(text, at);
    if (at + c.units > limit) break;
    const std::string_view own = text.substr(at, c.units);
    if (c.code == unicode::kReplacement && own != "\xEF\xBF\xBD") {
      for (const char byte : own) append_escape(out, 'x', 2, static_cast<unsigned char>(byte));
    } else if (c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0)) {
      append_escape(out, 'x', 2, c.code);
    } else if (breaks_line_or_direction(c.code)) {
      append_escape(out, 'u', 4, c.code);
    } else {
      out += own;
    }
    at += c.units;
  }
  return at;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text, text.size());
  return out;
}

std::string quoted(std::string_view text, std::size_t limit) {
  std::string out = "\"";
  const bool whole = append_escaped(out, text, limit) == text.size();
  return out + (whole ? "\"" : "…\"");
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
