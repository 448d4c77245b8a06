// A .model of SentencePiece by hand, as the wire format has it.
//
//   const std::string file = kUnk + piece("▁a") + piece("a", -2) + trainer(2);
#ifndef INFERCORE_TESTS_CORE_SENTENCE_PIECE_H_
#define INFERCORE_TESTS_CORE_SENTENCE_PIECE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace infercore::sentence_piece {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}
inline std::string integer(std::uint64_t field, std::uint64_t value) {
  return varint(field << 3) + varint(value);
}
inline std::string message(std::uint64_t field, std::string_view bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}
inline std::string piece(std::string_view text, float score = -1, std::uint64_t type = 1) {
  std::string bits(4, '\0');
  std::memcpy(bits.data(), &score, 4);
  return message(1, message(1, text) + varint(2 << 3 | 5) + bits + integer(3, type));
}
inline const std::string kUnk = piece("<unk>", 0, 2);
inline std::string trainer(std::uint64_t type) { return message(2, integer(3, type)); }

}  // namespace infercore::sentence_piece

#endif  // INFERCORE_TESTS_CORE_SENTENCE_PIECE_H_
