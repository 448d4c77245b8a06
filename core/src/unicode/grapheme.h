// Extended grapheme clusters (UAX 29), Unicode 16.0: what a reader takes for one character.
#ifndef INFERCORE_UNICODE_GRAPHEME_H_
#define INFERCORE_UNICODE_GRAPHEME_H_

#include <cstddef>
#include <string_view>

namespace infercore::unicode {

/// Where the cluster that starts at `begin` of a valid text ends. `begin` must be the start of a
/// cluster.
std::size_t grapheme_end(std::string_view valid, std::size_t begin) noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_GRAPHEME_H_
