// Characters of words and digits, as regular expressions mean them, Unicode 16.0.
#ifndef INFERCORE_UNICODE_WORD_H_
#define INFERCORE_UNICODE_WORD_H_

namespace infercore::unicode {

/// \w: alphabetic, a mark, a decimal digit, connector punctuation or a join control.
bool is_word(char32_t code) noexcept;

/// \d: general category Nd.
bool is_digit(char32_t code) noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_WORD_H_
