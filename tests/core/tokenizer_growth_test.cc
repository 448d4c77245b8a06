// The time for a text is in proportion to its length: a comparison of two lengths, no limit in
// seconds, which no machine could promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "infercore/tokenizer.h"

namespace infercore {
namespace {

constexpr std::size_t kShort = 16 << 10;
constexpr std::size_t kTimesLonger = 16;
/// Sixteen times the time is proportion, 256 times the square; between them is room for a machine
/// that does other work.
constexpr double kAtMost = 64;

/// The steps that texts of any length go through in real files.
Tokenizer tokenizer() {
  Result<Tokenizer> made = Tokenizer::from_json(R"({"version": "1.0",
    "normalizer": {"type": "Sequence", "normalizers": [
      {"type": "NFKC"}, {"type": "Lowercase"},
      {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
    "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always",
      "split": true},
    "added_tokens": [{"id": 0, "content": "<unk>", "single_word": false, "lstrip": true,
      "rstrip": true, "normalized": false, "special": true}],
    "model": {"type": "Unigram", "unk_id": 0, "vocab": [
      ["<unk>", 0], ["▁", -2], ["a", -2], ["b", -2], ["ab", -1], ["aab", -3], ["▁ab", -1]]}})");
  EXPECT_TRUE(made.ok()) << made.status().message();
  return *std::move(made);
}

EncodeOptions cut_to(std::size_t length) {
  EncodeOptions options;
  options.truncation.from = Setting<Truncation>::From::kValue;
  options.truncation.value.max_length = length;
  return options;
}

std::string text_of(std::string_view piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

/// The least of three.
double seconds(const Tokenizer& tokenizer, const std::string& text, const EncodeOptions& options) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(tokenizer.encode(std::string_view(text), {}, options).ok());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    least = std::min(least, took.count());
  }
  return least;
}

class TokenizerGrowth : public testing::TestWithParam<std::string_view> {};

TEST_P(TokenizerGrowth, TakesTimeInProportionToTheText) {
  const Tokenizer made = tokenizer();
  const std::string text = text_of(GetParam(), kShort);
  const std::string longer = text_of(GetParam(), kShort * kTimesLonger);
  for (const EncodeOptions& options : {EncodeOptions(), cut_to(128)}) {
    EXPECT_LT(seconds(made, longer, options), kAtMost * seconds(made, text, options));
  }
}

// Sentences; one word; spaces; a letter with marks without end; what is unknown; a special token.
INSTANTIATE_TEST_SUITE_P(Texts, TokenizerGrowth,
                         testing::Values("ab aab b. ", "ab", " ", "\u0301", "日", "<unk>"));

}  // namespace
}  // namespace infercore
