// The visible alphabet of byte-level tokenizers: a character for each byte, printable ones for
// themselves, the others from U+0100 on. (GPT-2's invention: a vocabulary without blanks.)
//
//   append_visible(" ö", text);                        // "ĠÃ¶"
//   byte_of_visible(U'Ġ');                             // 0x20
#ifndef INFERCORE_TOKENIZER_BYTE_ALPHABET_H_
#define INFERCORE_TOKENIZER_BYTE_ALPHABET_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "unicode/utf.h"

namespace infercore {

namespace byte_alphabet {

constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
}

constexpr std::array<char16_t, 256> make() {
  std::array<char16_t, 256> characters{};
  char16_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    characters[byte] = stands_for_itself(byte) ? static_cast<char16_t>(byte) : next++;
  }
  return characters;
}
inline constexpr std::array<char16_t, 256> kCharacters = make();
/// Behind the last of its characters: 68 bytes do not stand for themselves.
inline constexpr char32_t kEnd = 0x144;

constexpr std::array<std::int16_t, kEnd> make_bytes() {
  std::array<std::int16_t, kEnd> bytes{};
  for (std::int16_t& byte : bytes) byte = -1;
  for (unsigned byte = 0; byte < 256; ++byte) {
    bytes[kCharacters[byte]] = static_cast<std::int16_t>(byte);
  }
  return bytes;
}
inline constexpr std::array<std::int16_t, kEnd> kBytes = make_bytes();

}  // namespace byte_alphabet

inline char32_t visible_of_byte(char byte) noexcept {
  return byte_alphabet::kCharacters[static_cast<unsigned char>(byte)];
}

inline std::optional<char> byte_of_visible(char32_t code) noexcept {
  if (code >= byte_alphabet::kEnd || byte_alphabet::kBytes[code] < 0) return std::nullopt;
  return static_cast<char>(byte_alphabet::kBytes[code]);
}

/// Appends the characters of any bytes.
inline void append_visible(std::string_view bytes, std::string& to) {
  char buffer[4];
  for (const char byte : bytes)
    to.append(buffer, unicode::encode_utf8(visible_of_byte(byte), buffer));
}

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_BYTE_ALPHABET_H_
