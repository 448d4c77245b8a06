// Scripts, as the reference tokenizer tells them apart: Unicode 9.0, kana and Han as one.
#ifndef INFERCORE_UNICODE_SCRIPT_H_
#define INFERCORE_UNICODE_SCRIPT_H_

#include <cstdint>

namespace infercore::unicode {

inline constexpr std::uint8_t kNoScript = 0;

/// A number for the script; kNoScript for the space and for what Unicode 9.0 does not assign.
/// Common and Inherited count as scripts.
std::uint8_t script_of(char32_t code) noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_SCRIPT_H_
