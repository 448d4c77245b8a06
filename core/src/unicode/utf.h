// Reading and writing of UTF-8 and UTF-16, character by character. Broken input counts as U+FFFD,
// as the WHATWG Encoding Standard says: one for each maximal part of a sequence.
#ifndef INFERCORE_UNICODE_UTF_H_
#define INFERCORE_UNICODE_UTF_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace infercore::unicode {

inline constexpr char32_t kReplacement = 0xFFFD;

struct Character {
  char32_t code;
  std::uint32_t units;  ///< how many code units it took
};

/// The character at `text[at]`; `at` must be inside.
Character decode_utf8(std::string_view text, std::size_t at) noexcept;
Character decode_utf16(std::u16string_view text, std::size_t at) noexcept;

/// No part of it would be read as U+FFFD that is not U+FFFD.
bool is_valid_utf8(std::string_view text) noexcept;

/// Bytes of a sequence by its first byte, in text that is known to be valid.
inline std::uint32_t sequence_length(char lead) noexcept {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// The character at `text`, which is known to be valid.
inline char32_t decode_valid(const char* text) noexcept {
  const auto byte = [text](int i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return lead;
  if (lead < 0xE0) return (lead & 0x1F) << 6 | (byte(1) & 0x3F);
  if (lead < 0xF0) return (lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return (lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
}

/// The character that ends before `end` of a valid text; `end` is not 0.
inline char32_t decode_before(std::string_view valid, std::size_t end) noexcept {
  std::size_t begin = end - 1;
  while (begin > 0 && (static_cast<unsigned char>(valid[begin]) & 0xC0) == 0x80) --begin;
  return decode_valid(valid.data() + begin);
}

/// Writes `code` (no surrogate) to `out`, which has room for 4 bytes; how many it took.
inline std::uint32_t encode_utf8(char32_t code, char* out) noexcept {
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | code >> 6);
    out[1] = static_cast<char>(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | code >> 12);
    out[1] = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | code >> 18);
  out[1] = static_cast<char>(0x80 | (code >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (code >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (code & 0x3F));
  return 4;
}

/// The length of the ASCII part from `at` on.
inline std::size_t ascii_run(std::string_view text, std::size_t at) noexcept {
  const std::size_t begin = at;
  while (at + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080U) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at - begin;
}

/// The value of 0…9, a…f, A…F; −1 for others.
inline int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// White_Space, the same in all versions of Unicode since 6.3.
inline bool is_space(char32_t code) noexcept {
  if (code < 0x80) return code == ' ' || (code >= 0x09 && code <= 0x0D);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) ||
         code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_UTF_H_
