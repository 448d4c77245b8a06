// Files and texts that are made to cost far more than they are long.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "infercore/encoding_batch.h"
#include "infercore/tokenizer.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

std::string file_with(const std::string& members) {
  return R"({"version":"1.0","model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1],)"
         R"(["b",-1],[" ",-1]]},)" +
         members + "}";
}

Tokenizer tokenizer_of(const std::string& members) {
  Result<Tokenizer> tokenizer = Tokenizer::from_json(file_with(members));
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Code code_of(const std::string& members) {
  return Tokenizer::from_json(file_with(members)).status().code();
}

std::string added(const std::string& content, bool lstrip, bool rstrip, bool normalized = false) {
  const auto word = [](bool value) { return value ? "true" : "false"; };
  return R"({"id":9,"content":")" + content + R"(","single_word":false,"lstrip":)" + word(lstrip) +
         ",\"rstrip\":" + word(rstrip) + ",\"normalized\":" + word(normalized) +
         R"(,"special":false})";
}

std::string repeated(const std::string& item, std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + item;
  return list;
}

EncodeOptions cut_to(std::size_t length) {
  EncodeOptions options;
  options.truncation.from = Setting<Truncation>::From::kValue;
  options.truncation.value.max_length = length;
  return options;
}

EncodeOptions padded(Padding padding) {
  EncodeOptions options;
  options.padding.from = Setting<Padding>::From::kValue;
  options.padding.value = std::move(padding);
  return options;
}

TEST(TokenizerHostile, LosesATokenOfSpacesThatTheOneBeforeTook) {
  const Tokenizer tokenizer = tokenizer_of("\"added_tokens\":[" + added("a", false, true) + "," +
                                           added(" ", true, false) + "]");
  const Result<Encoding> encoding = tokenizer.encode(std::string_view("a  b"));
  ASSERT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->tokens, (std::vector<std::string>{"a  ", "b"}));
  EXPECT_EQ(tokenizer.encode(std::string_view("a   "))->ids.size(), 1U);
}

TEST(TokenizerHostile, KeepsTokensThatOverlap) {
  const Tokenizer tokenizer = tokenizer_of("\"added_tokens\":[" + added("a", false, true) + "," +
                                           added(" ", false, false) + "]");
  const Result<Encoding> encoding = tokenizer.encode(std::string_view("a  b"));
  ASSERT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->tokens, (std::vector<std::string>{"a  ", " ", " ", "b"}));
}

TEST(TokenizerHostile, WalksARunOfSpacesOnce) {
  const std::string text(200'000, ' ');
  for (const bool normalized : {false, true}) {
    const Tokenizer left =
        tokenizer_of("\"added_tokens\":[" + added(" ", true, false, normalized) + "]");
    EXPECT_EQ(left.encode(std::string_view(text))->ids.size(), text.size());
    // Each token takes along all that follows.
    const Tokenizer right =
        tokenizer_of("\"added_tokens\":[" + added(" ", false, true, normalized) + "]");
    EXPECT_EQ(right.encode(std::string_view(text)).status().code(), Code::kLimitExceeded);
  }
}

const char kText[] = R"({"Sequence":{"id":"A","type_id":0}})";
const char kPair[] = R"({"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}})";

std::string template_of(const std::string& single, const std::string& special = "") {
  return R"("post_processor":{"type":"TemplateProcessing","single":[)" + single + "],\"pair\":[" +
         kPair + "],\"special_tokens\":{" + special + "}}";
}

TEST(TokenizerHostile, RefusesATemplateThatMultipliesWhatOverflows) {
  const std::string whole(80, 'a');
  const std::string_view text = whole;
  const Tokenizer ten = tokenizer_of(template_of(repeated(kText, 10)));
  EXPECT_EQ(ten.encode(text, {}, cut_to(1)).status().code(), Code::kLimitExceeded);
  EXPECT_EQ(ten.encode(text)->ids.size(), 10 * text.size());
  const Tokenizer two = tokenizer_of(template_of(repeated(kText, 2)));
  EXPECT_TRUE(two.encode(text, {}, cut_to(1)).ok());
}

TEST(TokenizerHostile, RefusesALongTemplate) {
  EXPECT_EQ(code_of(template_of(repeated(kText, 64))), Code::kOk);
  EXPECT_EQ(code_of(template_of(repeated(kText, 65))), Code::kLimitExceeded);
  const auto special = [](std::size_t count) {
    return R"("x":{"id":"x","ids":[)" + repeated("1", count) + "],\"tokens\":[" +
           repeated("\"x\"", count) + "]}";
  };
  EXPECT_EQ(code_of(template_of(kText, special(1024))), Code::kOk);
  EXPECT_EQ(code_of(template_of(kText, special(1025))), Code::kLimitExceeded);
}

TEST(TokenizerHostile, RefusesEndlessPadding) {
  const auto padding = [](const char* fixed, const char* multiple, std::size_t token) {
    return std::string(R"("padding":{"strategy":{"Fixed":)") + fixed +
           R"(},"direction":"Right","pad_to_multiple_of":)" + multiple +
           R"(,"pad_id":0,"pad_type_id":0,"pad_token":")" + std::string(token, 'p') + "\"}";
  };
  EXPECT_EQ(code_of(padding("1048576", "65536", 4096)), Code::kOk);
  EXPECT_EQ(code_of(padding("1048577", "null", 1)), Code::kLimitExceeded);
  EXPECT_EQ(code_of(padding("1", "65537", 1)), Code::kLimitExceeded);
  EXPECT_EQ(code_of(padding("1", "null", 4097)), Code::kLimitExceeded);

  const Tokenizer tokenizer = tokenizer_of("\"decoder\":null");
  const TextView texts[] = {std::string_view("a"), std::string_view("b")};
  Padding endless;
  endless.length = (std::size_t{1} << 20) + 1;
  EXPECT_EQ(tokenizer.encode(texts[0], {}, padded(endless)).status().code(), Code::kLimitExceeded);
  EXPECT_EQ(encode_batch(tokenizer, texts, {}, padded(endless), BatchFields::kIds).status().code(),
            Code::kLimitExceeded);
}

TEST(TokenizerHostile, RefusesToPadAllThatOverflowsToAGreatLength) {
  const Tokenizer tokenizer = tokenizer_of("\"decoder\":null");
  EncodeOptions options = cut_to(1);
  options.padding.from = Setting<Padding>::From::kValue;
  options.padding.value.length = std::size_t{1} << 20;
  EXPECT_EQ(tokenizer.encode(std::string_view(std::string(1000, 'a')), {}, options).status().code(),
            Code::kLimitExceeded);
}

TEST(TokenizerHostile, RefusesPatternsThatAreTooLong) {
  const auto replace = [](const std::string& kind, std::size_t size) {
    return R"("normalizer":{"type":"Replace","pattern":{")" + kind + "\":\"" +
           std::string(size, 'a') + R"("},"content":"b"})";
  };
  EXPECT_EQ(code_of(replace("String", 4096)), Code::kOk);
  EXPECT_EQ(code_of(replace("String", 4097)), Code::kLimitExceeded);
  EXPECT_EQ(code_of(replace("Regex", 4000)), Code::kOk);
  EXPECT_EQ(code_of(replace("Regex", 16'385)), Code::kLimitExceeded);
}

/// Every place of the text matches almost all of the needle: with a search that compares it anew
/// each time, the test would take minutes.
TEST(TokenizerHostile, FindsLongStringsInLinearTime) {
  const auto rule = [](const std::string& needle) {
    return R"({"type":"Replace","content":"b","pattern":{"String":")" + needle + "\"}}";
  };
  const std::string rules = repeated(rule(std::string(4095, 'a') + "b"), 16);
  const Tokenizer never =
      tokenizer_of(R"("normalizer":{"type":"Sequence","normalizers":[)" + rules + "]}");
  const std::string text(1'000'000, 'a');
  const Result<Encoding> encoding = never.encode(std::string_view(text));
  ASSERT_TRUE(encoding.ok()) << encoding.status().message();
  EXPECT_EQ(encoding->ids.size(), text.size());

  const Tokenizer often = tokenizer_of("\"normalizer\":" + rule(std::string(40, 'a') + "b"));
  const std::string found = std::string(45, 'a') + "b" + std::string(40, 'a') + "ba";
  const Result<Encoding> few = often.encode(std::string_view(found));
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->ids.size(), std::string_view("aaaaabba").size());
}

TEST(TokenizerHostile, EndsAPatternThatGoesOverTheTextAgainAndAgain) {
  const std::string replace = R"({"type":"Replace","pattern":{"Regex":"a.*b|a"},"content":"c"})";
  const std::string text(20'000, 'a');
  const Tokenizer normalizes = tokenizer_of("\"normalizer\":" + replace);
  const Status status = normalizes.encode(std::string_view(text)).status();
  EXPECT_EQ(status.code(), Code::kLimitExceeded);
  EXPECT_NE(status.message().find("regular expression"), std::string::npos) << status.message();
  const Tokenizer decodes =
      tokenizer_of(R"("decoder":{"type":"Sequence","decoders":[{"type":"Fuse"},)" + replace + "]}");
  const std::vector<std::uint32_t> ids(text.size(), 1);
  EXPECT_EQ(decodes.decode(ids).status().code(), Code::kLimitExceeded);
}

TEST(TokenizerHostile, RefusesToDecodeALittleListToAGreatText) {
  const std::string token(4096, 'x');
  const Tokenizer tokenizer = tokenizer_of("\"added_tokens\":[" + added(token, false, false) + "]");
  const std::vector<std::uint32_t> ids((std::size_t{256} << 20) / token.size() + 1, 4);
  EXPECT_EQ(tokenizer.decode(ids).status().code(), Code::kLimitExceeded);
}

TEST(TokenizerHostile, QuotesNothingBrokenOrEndless) {
  std::string name = "\\u202e\\n";
  for (int i = 0; i < 100; ++i) name += "é";
  for (
      const std::string& members :
      {R"("normalizer":{"type":")" + name + "\"}", R"("padding":{"strategy":")" + name + "\"}",
       R"("normalizer":{"type":"Replace","content":"","pattern":{"Regex":"(?i))" + name + "\"}}",
       R"("post_processor":{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{")" +
           name + R"(":{"ids":7}}})"}) {
    const Status status = Tokenizer::from_json(file_with(members)).status();
    EXPECT_FALSE(status.ok()) << members;
    for (const Fault& fault : status.faults()) {
      EXPECT_TRUE(unicode::is_valid_utf8(fault.message)) << fault.message;
      EXPECT_EQ(fault.message.find('\n'), std::string::npos) << fault.message;
      EXPECT_EQ(fault.message.find("\xE2\x80\xAE"), std::string::npos) << fault.message;
      EXPECT_LT(fault.message.size(), 350U) << fault.message;
    }
  }
}

TEST(TokenizerHostile, TellsAddedTokensWithOtherIds) {
  const auto list = [](const std::string& content, const char* id) {
    return R"({"id":)" + std::string(id) + R"(,"content":")" + content +
           R"(","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true})";
  };
  // The ids are those that the reference implementation gives.
  const Tokenizer tokenizer =
      tokenizer_of("\"added_tokens\":[" + list("a", "77") + "," + list("x", "5") + "," +
                   list("y", "4") + "," + list("b", "2") + "]");
  EXPECT_EQ(tokenizer.token_to_id("a"), 1U);
  EXPECT_EQ(tokenizer.token_to_id("x"), 4U);
  EXPECT_EQ(tokenizer.token_to_id("y"), 5U);
  ASSERT_EQ(tokenizer.info().warnings.size(), 1U);
  EXPECT_EQ(tokenizer.info().warnings[0].code, "TOKEN_ID_CHANGED");
  EXPECT_EQ(tokenizer.info().warnings[0].message,
            "added tokens with other ids than the tokenizer's file says: 3 (\"a\" is 1, not 77, "
            "\"x\" is 4, not 5, \"y\" is 5, not 4)");
  EXPECT_TRUE(tokenizer_of("\"added_tokens\":[" + list("x", "4") + "]").info().warnings.empty());
}

TEST(TokenizerHostile, CountsTheMemoryOfAllTables) {
  const std::size_t plain = tokenizer_of("\"decoder\":null").info().bytes;
  std::string tokens;
  for (int i = 0; i < 1000; ++i)
    tokens += (i == 0 ? "" : ",") + added("token" + std::to_string(i), false, false);
  EXPECT_GT(tokenizer_of("\"added_tokens\":[" + tokens + "]").info().bytes, plain + 50'000);
  const std::string rule = R"({"type":"Replace","pattern":{"Regex":"a{1000}"},"content":")" +
                           std::string(5000, 'x') + "\"}";
  for (const char* stage : {"\"normalizer\":", "\"decoder\":"})
    EXPECT_GT(tokenizer_of(stage + rule).info().bytes, plain + 20'000);
}

TEST(TokenizerHostile, ReadsALongListOfFaultsOnlyInPart) {
  EXPECT_EQ(code_of("\"added_tokens\":[" + repeated("7", 200'000) + "]"), Code::kNotATokenizer);
  EXPECT_EQ(code_of(R"("normalizer":{"type":"Sequence","normalizers":[)" +
                    repeated("{\"type\":\"Foo\"}", 200'000) + "]}"),
            Code::kUnsupportedComponent);
}

TEST(TokenizerHostile, CountsTheComponentsOfAStageThroughSequences) {
  const auto stage = [](std::size_t count) {
    return R"("normalizer":{"type":"Sequence","normalizers":[)" +
           repeated(R"({"type":"Sequence","normalizers":[{"type":"NFC"}]})", count) + "]}";
  };
  EXPECT_EQ(code_of(stage(31)), Code::kOk);
  EXPECT_EQ(code_of(stage(32)), Code::kLimitExceeded);
}

TEST(TokenizerHostile, TakesTheLargestIntegerForNoTruncation) {
  const auto truncation = [](const char* length) {
    return std::string(R"("truncation":{"max_length":)") + length +
           R"(,"strategy":"LongestFirst","stride":0})";
  };
  const Tokenizer tokenizer = tokenizer_of(truncation("18446744073709551615"));
  EXPECT_EQ(tokenizer.encode(std::string_view("abab"))->ids.size(), 4U);
  EXPECT_EQ(code_of(truncation("1e40")), Code::kNotATokenizer);
}

}  // namespace
}  // namespace infercore
