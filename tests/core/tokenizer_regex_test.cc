#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/regex.h"

namespace infercore {
namespace {

/// The text with each match in brackets.
std::string marked(std::string_view source, std::string_view text) {
  const Result<Regex> regex = Regex::compile(source);
  EXPECT_TRUE(regex.ok()) << regex.status().message();
  if (!regex.ok()) return "";
  std::vector<Match> matches;
  regex->find_all(text, matches);
  std::string result;
  std::size_t done = 0;
  for (const Match& match : matches) {
    result.append(text.substr(done, match.begin - done)).append("[");
    result.append(text.substr(match.begin, match.end - match.begin)).append("]");
    done = match.end;
  }
  return result.append(text.substr(done));
}

Code fault(std::string_view source) { return Regex::compile(source).status().code(); }

TEST(Regex, FindsWhatTokenizersLookFor) {
  EXPECT_EQ(marked(R"(\s{2,}|[\n\t])", "a  b\tc d\n\ne"), "a[  ]b[\t]c d[\n\n]e");
  EXPECT_EQ(marked(" {2,}", "a b   c"), "a b[   ]c");
  EXPECT_EQ(marked(R"(^\s+|\s+$)", "  a b \n"), "[  ]a b[ \n]");
  EXPECT_EQ(marked(R"((?<!\n)^)", "a\nb"), "[]a\nb");
  EXPECT_EQ(marked("[^a-c\\s]+", "abxé c7"), "ab[xé] c[7]");
  EXPECT_EQ(marked(R"(\d+\b)", "12 3a ٣"), "[12] 3a [٣]");
  EXPECT_EQ(marked("(?:ab|a)c?", "abcac"), "[abc][ac]");
  EXPECT_EQ(marked("a{2}", "aaaaa"), "[aa][aa]a");
  EXPECT_EQ(marked("a+?b??", "aab"), "[a][a]b");
  EXPECT_EQ(marked("x*", "axb"), "[]a[x]b[]");
  EXPECT_EQ(marked("a(?=b)|b(?!c)", "abc ab"), "[a]bc [a][b]");
  EXPECT_EQ(marked("(?<=a)b", "ab bb"), "a[b] bb");
  EXPECT_EQ(marked(R"(\u00e9|\x41)", "Aé"), "[A][é]");
}

TEST(Regex, TakesLinesAsOnigurumaDoes) {
  EXPECT_EQ(marked("^", "a\nb\n"), "[]a\n[]b\n");
  EXPECT_EQ(marked("$", "a\nb"), "a[]\nb[]");
  EXPECT_EQ(marked(R"(\Aa|\z)", "a\na"), "[a]\na[]");
  EXPECT_EQ(marked(".", "a\nb"), "[a]\n[b]");
}

TEST(Regex, RefusesWhatItDoesNotKnow) {
  for (const char* source : {R"(\p{L})", "(?i)a", "a++", R"(\1)", "[[:alpha:]]", "[a&&b]", "(?=ab)",
                             "^*", R"(\G)", "a{x}"}) {
    EXPECT_EQ(fault(source), Code::kUnsupportedComponent) << source;
  }
  for (const char* source : {"(a", "a)", "[a", "*", "[z-a]", "\\"}) {
    EXPECT_EQ(fault(source), Code::kNotATokenizer) << source;
  }
  EXPECT_EQ(fault("((a{100}){100}){100}"), Code::kLimitExceeded);
  EXPECT_EQ(fault(std::string(5000, '(')), Code::kLimitExceeded);
}

TEST(Regex, StaysLinear) {
  const std::string spaces(200'000, ' ');
  EXPECT_EQ(marked(R"(\s+$)", spaces + "a"), spaces + "a");
  EXPECT_EQ(marked("(a*)*b", std::string(100'000, 'a')), std::string(100'000, 'a'));
}

}  // namespace
}  // namespace infercore
