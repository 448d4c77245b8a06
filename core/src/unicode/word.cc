#include "unicode/word.h"

#include "unicode/character_class.h"
#include "unicode/property.h"

namespace infercore::unicode {

bool is_word(char32_t code) noexcept { return (classes_of(code) & CharacterClass::kWord) != 0; }
bool is_digit(char32_t code) noexcept { return category(code) == Category::kNd; }

}  // namespace infercore::unicode
