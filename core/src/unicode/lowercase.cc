#include "unicode/lowercase.h"

#include "unicode/lowercase_tables.h"

namespace infercore::unicode {

char32_t to_lower(char32_t code) noexcept {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
  if (code == 0x130) return U'i';
  const CaseRange* row = find_row(kLowercase, code);
  if (row == nullptr || (code - row->first) % row->step != 0) return code;
  return static_cast<char32_t>(static_cast<std::int32_t>(code) + row->delta);
}

}  // namespace infercore::unicode
