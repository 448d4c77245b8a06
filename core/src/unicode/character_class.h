// What kinds of character one is, in one look-up: everything that cleaning and cutting of text asks
// for. Each kind follows the Unicode version that the reference tokenizer takes it from.
//
//   const std::uint8_t classes = classes_of(U'É');
//   if ((classes & CharacterClass::kPunctuation) != 0) …
#ifndef INFERCORE_UNICODE_CHARACTER_CLASS_H_
#define INFERCORE_UNICODE_CHARACTER_CLASS_H_

#include <cstdint>

#include "unicode/character_class_tables.h"
#include "unicode/code_table.h"

namespace infercore::unicode {

/// Bits of classes_of().
struct CharacterClass {
  static constexpr std::uint8_t kSpace = 1;        ///< White_Space
  static constexpr std::uint8_t kPunctuation = 2;  ///< P of Unicode 8.0; ASCII's symbols
  static constexpr std::uint8_t kNumeric = 4;      ///< N of Unicode 17.0
  static constexpr std::uint8_t kWord = 8;         ///< what \w matches, see word.h
  static constexpr std::uint8_t kControl = 16;     ///< Cc, Cf, Co of Unicode 8.0
  static constexpr std::uint8_t kNonspacing = 32;  ///< Mn of Unicode 8.0
  static constexpr std::uint8_t kNfdActive = 64;   ///< NFD changes or moves it
  static constexpr std::uint8_t kCased = 128;      ///< it has another lower case
};

/// The classes of each character.
class ClassTable : public CodeTable<std::uint8_t, kClassBlocks> {
 public:
  ClassTable() noexcept;
};

inline std::uint8_t classes_of(char32_t code) noexcept {
  if (code < 0x80) return kAsciiClasses[code];
  static const ClassTable table;
  return table[code];
}

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_CHARACTER_CLASS_H_
