#include "unicode/utf.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace infercore {
namespace {

/// By way of decode_utf8, character by character.
bool is_valid_slowly(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const unicode::Character c = unicode::decode_utf8(text, at);
    if (c.code == unicode::kReplacement && text.substr(at, c.units) != "\xEF\xBF\xBD") return false;
    at += c.units;
  }
  return true;
}

TEST(Utf8, IsValidWhereEachCharacterIs) {
  // What the states tell apart: the ends of each range of bytes.
  const std::string ends =
      "\x41\x7F\x80\x8F\x90\x9F\xA0\xBD\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4"
      "\xF5\xFF";
  std::size_t valid = 0;
  for (const char a : ends) {
    for (const char b : ends) {
      for (const char c : ends) {
        for (const char d : ends) {
          const std::string text = {a, b, c, d};
          for (std::size_t size = 1; size <= 4; ++size) {
            const std::string_view part = std::string_view(text).substr(0, size);
            EXPECT_EQ(unicode::is_valid_utf8(part), is_valid_slowly(part));
            valid += unicode::is_valid_utf8(part) ? 1 : 0;
          }
        }
      }
    }
  }
  EXPECT_GT(valid, 1000U);
  EXPECT_TRUE(unicode::is_valid_utf8(""));
}

}  // namespace
}  // namespace infercore
