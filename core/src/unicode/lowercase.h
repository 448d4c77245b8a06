// Lower case of single characters, Unicode 17.0.
#ifndef INFERCORE_UNICODE_LOWERCASE_H_
#define INFERCORE_UNICODE_LOWERCASE_H_

namespace infercore::unicode {

/// The lower case of `code`, or itself. U+0130 gives 'i', the first of its two characters.
char32_t to_lower(char32_t code) noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_LOWERCASE_H_
