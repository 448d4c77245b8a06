// The normalization forms of Unicode (UAX 15), with what each character of the result does to the
// old text.
//
//   std::vector<Change> work, out;
//   normalize(Form::kNFKC, "ﬁ", work, out);                // {'f', 0}, {'i', 1}
//
// `changes` counts as in Rewriter. The reference implementation moves it along with a character
// when marks are sorted, and adds it up when characters are composed; so does this.
#ifndef INFERCORE_UNICODE_NORMALIZATION_H_
#define INFERCORE_UNICODE_NORMALIZATION_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "unicode/normalization_table.h"

namespace infercore::unicode {

struct Change {
  char32_t code;
  int changes;
};

/// True when `form` may change the character or join it to the one before.
inline bool is_active(Form form, char32_t code) noexcept {
  return code >= 0xA0 && normalization_table().is_active(form, code);
}

/// General category M in Unicode 9.0.
inline bool is_mark(char32_t code) noexcept {
  return code >= 0x300 && normalization_table().is_mark(code);
}

/// Normalises one part of a text, appending to `out`. The part must start with a character that
/// nothing before it can join, and end before another such one. `work` is room to work in.
void normalize(Form form, std::string_view valid, std::vector<Change>& work,
               std::vector<Change>& out);

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_NORMALIZATION_H_
