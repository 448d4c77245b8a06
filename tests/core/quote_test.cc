#include "infercore/quote.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace infercore {
namespace {

TEST(Quoted, KeepsPlainText) {
  EXPECT_EQ(quoted("naïve 😀"), "\"naïve 😀\"");
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("\xEF\xBF\xBD"), "\"\xEF\xBF\xBD\"");
}

TEST(Quoted, CutsBetweenCharacters) {
  EXPECT_EQ(quoted("abcd", 4), "\"abcd\"");
  EXPECT_EQ(quoted("abcde", 4), "\"abcd…\"");
  EXPECT_EQ(quoted("ab😀", 4), "\"ab…\"");
  EXPECT_EQ(quoted("ab😀", 6), "\"ab😀\"");
}

TEST(Escaped, KeepsAllOfATextButWhatNobodySees) {
  const std::string long_text(1000, 'a');
  EXPECT_EQ(escaped(long_text), long_text);
  EXPECT_EQ(escaped("say \"naïve\"\r\n\xE2\x80\xAE"), "say \"naïve\"\\x0d\\x0a\\u202e");
  EXPECT_EQ(escaped(""), "");
}

TEST(Quoted, WritesOutWhatWouldBreakALine) {
  EXPECT_EQ(quoted("a\n\x1b[0m\x7f"), "\"a\\x0a\\x1b[0m\\x7f\"");
  EXPECT_EQ(quoted("\xC2\x85\xE2\x80\xA8\xE2\x80\xAE"), "\"\\x85\\u2028\\u202e\"");
  EXPECT_EQ(quoted("\xFF\xE2\x80 \xED\xB0\x80"), "\"\\xff\\xe2\\x80 \\xed\\xb0\\x80\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), "\"\\x00\"");
}

}  // namespace
}  // namespace infercore
