#include "tokenizer/texts.h"

#include "unicode/utf.h"

namespace infercore {

bool are_texts(const Table<char>& texts, const Table<std::uint32_t>& ends) {
  std::uint32_t before = 0;
  for (const std::uint32_t end : ends) {
    if (end < before || end > texts.size()) return false;
    // Where all of them are valid, one is if it begins with a character.
    if (end < texts.size() && (static_cast<unsigned char>(texts[end]) & 0xC0) == 0x80) return false;
    before = end;
  }
  return before == texts.size() && unicode::is_valid_utf8({texts.data(), texts.size()});
}

}  // namespace infercore
