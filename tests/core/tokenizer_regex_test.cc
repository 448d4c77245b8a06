#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/regex.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

/// The text with each match in brackets.
std::string marked(std::string_view source, std::string_view text) {
  const Result<Regex> regex = Regex::compile(source);
  EXPECT_TRUE(regex.ok()) << regex.status().message();
  if (!regex.ok()) return "";
  std::vector<Match> matches;
  EXPECT_TRUE(regex->find_all(text, matches)) << source;
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

TEST(Regex, LooksBack) {
  EXPECT_EQ(marked("(?<=ab)c", "abc c xabc"), "ab[c] c xab[c]");
  EXPECT_EQ(marked("(?<!ab)c", "abc c xabc"), "abc [c] xabc");
  EXPECT_EQ(marked("(?<=a|bc)x", "ax bcx cx x"), "a[x] bc[x] cx x");
  EXPECT_EQ(marked("(?<!a|bc)x", "ax bcx cx x"), "ax bcx c[x] [x]");
  EXPECT_EQ(marked("(?<=a(?:b|c){2}|ef)x", "abx acbx efx"), "abx acb[x] ef[x]");
  EXPECT_EQ(marked("(?<=^a{2}|)x", "aax\nx"), "aa[x]\n[x]");
  EXPECT_EQ(marked("(?<=^a)x", "ax\nax bax"), "a[x]\na[x] bax");
  EXPECT_EQ(marked(R"((?<=\bab)x)", "abx cabx"), "ab[x] cabx");
  EXPECT_EQ(marked("(?<=(?<=a)b)c", "abc bc"), "ab[c] bc");
  EXPECT_EQ(marked("(?<!(?<!a)b)c", "abc bc"), "ab[c] bc");
  EXPECT_EQ(marked("(?i)(?<=ab)c", "ABC abc cc"), "AB[C] ab[c] cc");
  EXPECT_EQ(marked("(?<=\u00e4\u4e2d)x", "\u00e4\u4e2dx \u4e2dx"), "\u00e4\u4e2d[x] \u4e2dx");
  EXPECT_EQ(marked("(?<!)x|(?<=)y", "xy"), "x[y]");
}

TEST(Regex, CountsStepsOfLooksBack) {
  const std::string text(100'000, 'a');
  std::vector<Match> matches;
  const auto regex = Regex::compile("(?<=a{60}b)x|(?<!a{30})a");
  ASSERT_TRUE(regex.ok()) << regex.status().message();
  EXPECT_TRUE(regex->find_all(text, matches));
  EXPECT_EQ(matches.size(), 30U);
  const auto many = Regex::compile("(?:(?<=a{255})b?){1000}");
  ASSERT_TRUE(many.ok()) << many.status().message();
  EXPECT_FALSE(many->find_all(text, matches));
  const auto longer = Regex::compile("(?<=.{250}b|.{100}c)");
  ASSERT_TRUE(longer.ok()) << longer.status().message();
  EXPECT_FALSE(longer->find_all(text, matches));
}

TEST(Regex, TakesLinesAsOnigurumaDoes) {
  EXPECT_EQ(marked("^", "a\nb\n"), "[]a\n[]b\n");
  EXPECT_EQ(marked("$", "a\nb"), "a[]\nb[]");
  EXPECT_EQ(marked(R"(\Aa|\z)", "a\na"), "[a]\na[]");
  EXPECT_EQ(marked(".", "a\nb"), "[a]\n[b]");
}

TEST(Regex, RefusesWhatItDoesNotKnow) {
  for (const char* source :
       {R"(\pL)",       R"(\p{Klingon})", "(?m)a",    "(?>a)",       "(?i)\u00e9",
        "(?i:ss)",      R"((?i)\p{Lu})",  "(ab)++",   R"(\1)",       "[[:alpha:]]",
        "(?<=ab+)",     "(?<=a(?:b|cd))", "(?<=ab?)", "(?<=a{256})", "(?<=a(?=b))",
        "(?<=(?<!a)b)", R"((?<=a\z))",    "^*",       R"(\G)",       "a{x}",
        "a**"}) {
    EXPECT_EQ(fault(source), Code::kUnsupportedComponent) << source;
  }
  for (const char* source : {"(a", "a)", "[a", "*", "[z-a]", "\\", "(?<!(a))b"}) {
    EXPECT_EQ(fault(source), Code::kNotATokenizer) << source;
  }
  EXPECT_EQ(fault("((a{100}){100}){100}"), Code::kLimitExceeded);
  EXPECT_EQ(fault(std::string(5000, '(')), Code::kLimitExceeded);
}

TEST(Regex, KnowsProperties) {
  EXPECT_EQ(marked(R"(\p{L}+)", "a1\u00e9\u4e2d_"), "[a]1[\u00e9\u4e2d]_");
  EXPECT_EQ(marked(R"(\P{N}+|\p{^L})", "ab12"), "[ab][1][2]");
  EXPECT_EQ(marked(R"([\p{Lu}\p{Nd}]+)", "aB1\u0663"), "a[B1\u0663]");
  EXPECT_EQ(marked(R"([^\p{L}\s]+)", "a ,.b"), "a [,.]b");
  EXPECT_EQ(marked(R"(\p{Han}+|\p{Uppercase_Letter})", "a\u6f22\u5b57X"), "a[\u6f22\u5b57][X]");
}

TEST(Regex, KnowsClassesInClasses) {
  EXPECT_EQ(marked("[a-z&&[^aeiou]]+", "abcde"), "a[bcd]e");
  EXPECT_EQ(marked("[[a-c][x-z]]", "axd"), "[a][x]d");
  EXPECT_EQ(marked(R"([\p{L}&&[^\p{Han}]]+)", "ab\u6f22cd"), "[ab]\u6f22[cd]");
  EXPECT_EQ(marked("[[:punct:]]", "a$b.\u20ac"), "a[$]b[.][\u20ac]");
  EXPECT_EQ(marked("[[:^digit:]]+", "12ab"), "12[ab]");
  EXPECT_EQ(marked("[^[a-c]]", "abcd"), "abc[d]");
  EXPECT_EQ(marked("[a-z&&aeiou]", "abe&"), "[a]b[e]&");
}

// As the reference implementation answers.
TEST(Regex, TakesWordCharactersAsOnigurumaDoes) {
  EXPECT_EQ(marked(R"(\w+)", "a\u00b2\u200db_"), "[a\u00b2]\u200d[b_]");
  EXPECT_EQ(marked(R"([\w]+)", "a\u00b2b"), "[a]\u00b2[b]");
  EXPECT_EQ(marked(R"(\u00b2\b)", "\u00b2 \u00b2a"), "[\u00b2] \u00b2a");
}

// As the reference implementation answers.
TEST(Regex, TakesOtherCases) {
  EXPECT_EQ(marked("(?i:'s|'k)x?", "'S '\u017f '\u212a 's"), "['S] ['\u017f] ['\u212a] ['s]");
  EXPECT_EQ(marked("x(?i)a|b", "xA B b xa"), "[xA] B b [xa]");
  EXPECT_EQ(marked("(?i:[^s])", "sS\u017fx"), "sS\u017f[x]");
  EXPECT_EQ(marked("(?:(?i)a)a", "AA Aa"), "AA [Aa]");
}

// As the reference implementation answers.
TEST(Regex, GivesNothingBackWherePossessive) {
  EXPECT_EQ(marked("[a-z]++z", "abcz"), "abcz");
  EXPECT_EQ(marked("[a-z]?+b", "ab b bb"), "[ab] b [bb]");
  EXPECT_EQ(marked(R"(\p{L}\p{M}*+)", "e\u0301a"), "[e\u0301][a]");
  EXPECT_EQ(marked(R"(\d{1,3}+5)", "12345 125"), "[12345] [125]");
}

TEST(Regex, LooksAhead) {
  EXPECT_EQ(marked(R"((?:\r?\n)+(?!\r?\n))", "a\n\r\n\nb\n"), "a[\n\r\n\n]b[\n]");
  EXPECT_EQ(marked("a(?=b+c)", "abbc abb ac"), "[a]bbc abb ac");
  EXPECT_EQ(marked("a(?!b(?=c))", "abc abd"), "abc [a]bd");
  const Result<Regex> regex = Regex::compile("a(?=.*b)");
  std::vector<Match> matches;
  EXPECT_FALSE(regex->find_all(std::string(20'000, 'a'), matches));
}

// As the reference implementation answers.
TEST(Regex, TakesAMarkedCountAsOptional) {
  EXPECT_EQ(marked("a{2}?", "aaaaa"), "[aa][aa]a[]");
  EXPECT_EQ(marked("a{1}?b", "bab"), "[b][ab]");
  EXPECT_EQ(marked("(a{2}?)b", "aab b"), "[aab] [b]");
  EXPECT_EQ(marked("a{2,2}?", "aaaaa"), "[aa][aa]a");
  EXPECT_EQ(marked("a{2,}?", "aaaaa"), "[aa][aa]a");
  EXPECT_EQ(marked("a{1,3}b", "aaaab ab"), "a[aaab] [ab]");
  EXPECT_EQ(marked("a{1,3}?", "aa"), "[a][a]");
}

TEST(Regex, FindsCharactersInMixedRanges) {
  EXPECT_EQ(marked("[x-zb-da-c9\\d\\d-]+", "q-abcdexyz99w"), "q[-abcd]e[xyz99]w");
  EXPECT_EQ(marked("[^c-ea-d]+", "afgbcd"), "a[fg]bcd");
}

TEST(Regex, KeepsItsLimits) {
  EXPECT_EQ(fault(std::string(16'385, 'a')), Code::kLimitExceeded);
  std::string ranges;
  for (char32_t code = 0x4E00; code < 0x4E00 + 2 * 512; code += 2) {
    char buffer[4];
    ranges.append(buffer, unicode::encode_utf8(code, buffer));
  }
  EXPECT_EQ(fault("[" + ranges + "]"), Code::kOk);
  EXPECT_EQ(fault("[" + ranges + "a]"), Code::kLimitExceeded);
  // What does not fit is left out; the jumps over it must not be followed.
  EXPECT_EQ(fault("(?<=(?:a{1000}){0,5})"), Code::kLimitExceeded);
  EXPECT_EQ(fault("(?<=(?:" + std::string(4096, 'a') + "|b))"), Code::kLimitExceeded);
  std::string looks;
  for (int i = 0; i < 4096; ++i) looks += "(?<=";
  EXPECT_EQ(fault(looks), Code::kLimitExceeded);
  std::string ways = "(?<=a";
  for (int i = 0; i < 300; ++i) ways += "|b";
  EXPECT_EQ(fault(ways + ")"), Code::kLimitExceeded);
  // Thrown away, but written before.
  std::string copies;
  for (int i = 0; i < 1000; ++i) copies += "(a{0,1000}){0}";
  EXPECT_EQ(fault(copies), Code::kOk);
}

TEST(Regex, CountsTheStepsOfAllMatches) {
  const Result<Regex> regex = Regex::compile("a.*b|a");
  std::vector<Match> matches;
  EXPECT_TRUE(regex->find_all(std::string(200, 'a'), matches));
  EXPECT_EQ(matches.size(), 200U);
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "aaaaaaaa\n";
  EXPECT_TRUE(regex->find_all(lines, matches));
  EXPECT_FALSE(regex->find_all(std::string(20'000, 'a'), matches));
}

TEST(Regex, QuotesNoBrokenOrEndlessSource) {
  const Status status = Regex::compile("(?i)\n\xE2\x80\xAE" + std::string(300, 'x')).status();
  EXPECT_EQ(status.message().find('\n'), std::string::npos) << status.message();
  EXPECT_EQ(status.message().find("\xE2\x80\xAE"), std::string::npos) << status.message();
  EXPECT_LT(status.message().size(), 250U) << status.message();
}

TEST(Regex, FindsOneMatchInLinearTime) {
  const std::string spaces(200'000, ' ');
  EXPECT_EQ(marked(R"(\s+$)", spaces + "a"), spaces + "a");
  EXPECT_EQ(marked("(a*)*b", std::string(100'000, 'a')), std::string(100'000, 'a'));
}

}  // namespace
}  // namespace infercore
