#include "unicode/script.h"

#include "unicode/script_tables.h"

namespace infercore::unicode {

std::uint8_t script_of(char32_t code) noexcept {
  const ScriptRange* row = find_row(kScripts, code);
  return row == nullptr ? kNoScript : row->script;
}

}  // namespace infercore::unicode
