// The scanners of known patterns against the general matcher.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tokenizer/known_patterns.h"
#include "tokenizer/regex.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

/// Characters of all kinds that the patterns tell apart, the rare ones as often as the others.
constexpr char32_t kCharacters[] = {
    U'a',   U's',   U't',    U'r',    U'e',    U'v',    U'l',     U'd',   U'm',   U'S',
    U'L',   U'E',   U'A',    U'Z',    U'\'',   U'\'',   U' ',     U' ',   U'\n',  U'\r',
    U'\t',  U'\v',  U'0',    U'7',    U'9',    U'.',    U'/',     U'$',   U'(',   U'_',
    0x00,   0x1F,   0x7F,    0x85,    0xA0,    0xAA,    0xB2,     0xBD,   0xDF,   0xE9,
    0xC9,   0x17F,  0x1C5,   0x2B0,   0x300,   0x301,   0x3A3,    0x3C3,  0x5D0,  0x663,
    0x903,  0x20DD, 0x200D,  0x2028,  0x2029,  0x2160,  0x212A,   0x3000, 0x3042, 0x4E2D,
    0xE000, 0xFEFF, 0x1F642, 0x1D7CE, 0x10400, 0xE0100, 0x10FFFF, 0x378};

class KnownPattern : public testing::TestWithParam<std::size_t> {};

TEST_P(KnownPattern, FindsWhatTheExpressionFinds) {
  const std::string_view source = known_pattern_sources()[GetParam()];
  const Result<Regex> regex = Regex::compile(source);
  ASSERT_TRUE(regex.ok()) << regex.status().message();
  const std::unique_ptr<Pattern> scanner = known_pattern(source);
  ASSERT_NE(scanner, nullptr);
  std::uint32_t state = static_cast<std::uint32_t>(GetParam()) + 1;
  const auto random = [&state](std::size_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
  };
  std::vector<Match> expected;
  std::vector<Match> found;
  for (int round = 0; round < 12'000; ++round) {
    std::string text;
    const std::size_t kinds = 1 + random(6);  // few kinds make long runs
    std::size_t picked[6];
    for (std::size_t& kind : picked) kind = random(std::size(kCharacters));
    for (std::size_t length = random(24); length > 0; --length) {
      char buffer[4];
      const std::size_t at =
          random(8) == 0 ? random(std::size(kCharacters)) : picked[random(kinds)];
      text.append(buffer, unicode::encode_utf8(kCharacters[at], buffer));
    }
    expected.clear();
    ASSERT_TRUE(regex->find_all(text, expected)) << text;
    ASSERT_TRUE(scanner->find_all(text, found));
    ASSERT_EQ(expected.size(), found.size()) << source << " in " << testing::PrintToString(text);
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(expected[i].begin, found[i].begin) << testing::PrintToString(text);
      ASSERT_EQ(expected[i].end, found[i].end) << testing::PrintToString(text);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, KnownPattern,
                         testing::Range(std::size_t{0}, known_pattern_sources().size()));

TEST(KnownPatterns, AreKnownByTheirText) {
  EXPECT_NE(known_pattern(kGpt2Pattern), nullptr);
  EXPECT_EQ(known_pattern(std::string(kGpt2Pattern) + "|x"), nullptr);
  EXPECT_EQ(known_pattern(""), nullptr);
}

TEST(KnownPatterns, TakeLongRunsInTime) {
  for (const std::string_view source : known_pattern_sources()) {
    for (const char* unit : {" ", "a", "A", "\u0301", "\n ", "1", "!", "'", "\u3042A", "A\u0301"}) {
      std::string text;
      while (text.size() < 200'000) text += unit;
      std::vector<Match> found;
      EXPECT_TRUE(known_pattern(source)->find_all(text + "x", found));
    }
  }
}

}  // namespace
}  // namespace infercore
