// Extended grapheme clusters (UAX 29), Unicode 16.0: what a reader takes for one character.
#ifndef INFERCORE_UNICODE_GRAPHEME_H_
#define INFERCORE_UNICODE_GRAPHEME_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace infercore::unicode {

/// Where the cluster that starts at `begin` of a valid text ends. `begin` must be the start of a
/// cluster.
std::size_t grapheme_end(std::string_view valid, std::size_t begin) noexcept;

/// What the rules of clusters ask about a character: a number for its kind, and bits.
std::uint8_t grapheme_class(char32_t code) noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_GRAPHEME_H_
