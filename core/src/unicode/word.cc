#include "unicode/word.h"

#include "unicode/character_class.h"
#include "unicode/digit_tables.h"

namespace infercore::unicode {

bool is_word(char32_t code) noexcept { return (classes_of(code) & CharacterClass::kWord) != 0; }
bool is_digit(char32_t code) noexcept { return in_ranges(kDigit, code); }

}  // namespace infercore::unicode
