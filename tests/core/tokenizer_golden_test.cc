// Every file of tests/conformance/goldens/: the core's encodings against the reference
// implementation's.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "../conformance/unit_text.h"
#include "infercore/tokenizer.h"
#include "json_reader.h"

namespace infercore {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(INFERCORE_SOURCE_DIR) / "tests/conformance/goldens";

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    names.push_back(entry.path().stem().string());
  }
  return names;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The part of a golden file that is the tokenizer: its first line, as make-goldens.mjs writes it.
std::string_view tokenizer_of(std::string_view golden) {
  constexpr std::string_view kStart = "{\"tokenizer\":";
  return golden.substr(kStart.size(), golden.find(",\n\"cases\"") - kStart.size());
}

template <typename T>
void expect_numbers(JsonValue expected, const std::vector<T>& got, const char* what) {
  ASSERT_EQ(expected.size(), got.size()) << what;
  std::size_t i = 0;
  for (const JsonValue value : expected) {
    const double number = value.is_null() ? Encoding::kNone : value.number();
    EXPECT_EQ(number, static_cast<double>(got[i])) << what << "[" << i << "]";
    ++i;
  }
}

void expect_encoding(JsonValue expected, const Encoding& got, const UnitText& text,
                     const UnitText& pair, bool has_pair, bool overflowing) {
  expect_numbers(expected.get("ids"), got.ids, "ids");
  expect_numbers(expected.get("type_ids"), got.type_ids, "type_ids");
  expect_numbers(expected.get("special_tokens_mask"), got.special_tokens_mask, "special");
  expect_numbers(expected.get("attention_mask"), got.attention_mask, "attention_mask");
  expect_numbers(expected.get("word_ids"), got.word_ids, "word_ids");
  expect_numbers(expected.get("sequence_ids"), got.sequence_ids, "sequence_ids");
  ASSERT_EQ(expected.get("tokens").size(), got.tokens.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(expected.get("tokens").at(i).string(), got.tokens[i]) << i;
    const UnitText& own = has_pair && got.sequence_ids[i] == 1 ? pair : text;
    const JsonValue offsets = expected.get("offsets").at(i);
    EXPECT_EQ(offsets.at(0).number(), own.point(got.offsets[i].first)) << i;
    EXPECT_EQ(offsets.at(1).number(), own.point(got.offsets[i].second)) << i;
  }
  if (!overflowing) return;
  ASSERT_EQ(expected.get("overflowing").size(), got.overflowing.size());
  for (std::size_t i = 0; i < got.overflowing.size(); ++i) {
    SCOPED_TRACE("overflowing " + std::to_string(i));
    expect_encoding(expected.get("overflowing").at(i), got.overflowing[i], text, pair, has_pair,
                    false);
  }
}

void check_case(const Tokenizer& tokenizer, JsonValue golden, bool utf16) {
  const UnitText text(golden.get("text").string(), utf16);
  const JsonValue second = golden.get("pair");
  const UnitText pair(second.exists() ? second.string() : "", utf16);
  const std::optional<TextView> pair_view =
      second.exists() ? std::optional(pair.view()) : std::nullopt;
  EncodeOptions options;
  options.add_special_tokens = golden.get("add_special_tokens").boolean();
  const Result<Encoding> encoding = tokenizer.encode(text.view(), pair_view, options);
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text.view(), pair_view, options, ids);
  ASSERT_EQ(encoding.ok(), dropped.ok());
  if (golden.get("error").exists()) {
    EXPECT_FALSE(encoding.ok());
    return;
  }
  ASSERT_TRUE(encoding.ok()) << encoding.status().message();
  EXPECT_EQ(encoding->ids, ids);
  expect_encoding(golden.get("encoding"), *encoding, text, pair, second.exists(), true);
  EXPECT_EQ(golden.get("decoded").string(), *tokenizer.decode(ids, false));
  EXPECT_EQ(golden.get("decoded_skip_special").string(), *tokenizer.decode(ids, true));
}

class TokenizerGolden : public testing::TestWithParam<std::string> {};

void check_golden(const std::string& name, bool compiled) {
  const std::string golden = read_file(kFolder / (name + ".json"));
  const Result<JsonDocument> document = JsonDocument::parse(golden, {});
  ASSERT_TRUE(document.ok()) << document.status().message();
  Result<Tokenizer> tokenizer = Tokenizer::from_json(tokenizer_of(golden));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  if (compiled) {
    tokenizer = Tokenizer::from_compiled(Blob::copy_of(*tokenizer->compile()));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  }
  std::size_t index = 0;
  for (const JsonValue value : document->root().get("cases")) {
    for (const bool utf16 : {false, true}) {
      SCOPED_TRACE("case " + std::to_string(index) + (utf16 ? " as UTF-16: " : ": ") +
                   std::string(value.get("text").string()));
      check_case(*tokenizer, value, utf16);
    }
    ++index;
  }
  EXPECT_GE(index, 7U);
}

TEST_P(TokenizerGolden, EqualsTheReference) { check_golden(GetParam(), false); }
TEST_P(TokenizerGolden, EqualsTheReferenceWhenCompiled) { check_golden(GetParam(), true); }

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Goldens, TokenizerGolden, testing::ValuesIn(golden_names()), test_name);

}  // namespace
}  // namespace infercore
