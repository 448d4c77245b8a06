#include "unicode/word.h"

#include "unicode/word_tables.h"

namespace infercore::unicode {

bool is_word(char32_t code) noexcept { return in_ranges(kWord, code); }
bool is_digit(char32_t code) noexcept { return in_ranges(kDigit, code); }

}  // namespace infercore::unicode
