#include "json_reader.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "json_number.h"

namespace infercore {
namespace {

JsonDocument parse(std::string_view bytes) {
  Result<JsonDocument> document = JsonDocument::parse(bytes, {});
  EXPECT_TRUE(document.ok()) << document.status().message();
  return *std::move(document);
}

Status fault(std::string_view bytes, const JsonLimits& limits = {}) {
  const Result<JsonDocument> document = JsonDocument::parse(bytes, limits);
  EXPECT_FALSE(document.ok()) << bytes.substr(0, 100);
  return document.status();
}

TEST(JsonReader, ReadsEveryType) {
  const JsonDocument document =
      parse(R"({"a":[1,-2.5e1,"x\u00e9\ud83d\ude42"],"b":{"c":null,"d":true},"e":[]})");
  const JsonValue root = document.root();
  EXPECT_EQ(root.size(), 3U);
  EXPECT_EQ(root.get("a").at(0).number(), 1);
  EXPECT_EQ(root.get("a").at(1).number(), -25);
  EXPECT_EQ(root.get("a").at(2).string(), "xé🙂");
  EXPECT_TRUE(root.get("b").get("c").exists());
  EXPECT_TRUE(root.get("b").get("c").is_null());
  EXPECT_TRUE(root.get("b").get("d").boolean());
  EXPECT_EQ(root.get("e").size(), 0U);
}

TEST(JsonReader, GivesNothingForWhatIsNotThere) {
  const JsonDocument document = parse(R"({"a":[1]})");
  EXPECT_FALSE(document.root().get("b").exists());
  EXPECT_FALSE(document.root().get("b").get("c").at(3).exists());
  EXPECT_FALSE(document.root().get("a").at(1).exists());
  EXPECT_EQ(document.root().get("b").size(), 0U);
  for (const JsonValue value : document.root().get("b")) FAIL() << value.size();
}

TEST(JsonReader, WalksMembersAndElements) {
  const JsonDocument document = parse(R"({"x":{"deep":[[1],[2]]},"y":3})");
  std::string keys;
  for (auto it = document.root().begin(); it != document.root().end(); ++it) keys += it.key();
  EXPECT_EQ(keys, "xy");
  double sum = 0;
  for (const JsonValue row : document.root().get("x").get("deep")) sum += row.at(0).number();
  EXPECT_EQ(sum, 3);
}

TEST(JsonReader, TellsPaths) {
  const JsonDocument document = parse(R"({"model":{"vocab":[["a",0],["b",null]],"a b":1}})");
  const JsonValue model = document.root().get("model");
  EXPECT_EQ(document.path_of(document.root()), "");
  EXPECT_EQ(document.path_of(model.get("vocab").at(1).at(1)), "model.vocab[1][1]");
  EXPECT_EQ(document.path_of(model.get("a b")), "model[\"a b\"]");
}

TEST(JsonReader, TakesTheLastOfDoubleMembers) {
  EXPECT_EQ(parse(R"({"a":1,"a":2})").root().get("a").number(), 2);
}

TEST(JsonReader, ReadsIntegersWithinBounds) {
  const JsonDocument document = parse("[4294967295, 4294967296, -1, 1.5, \"1\", 1e3]");
  const JsonValue root = document.root();
  EXPECT_EQ(root.at(0).integer(0xFFFFFFFF), 4294967295U);
  EXPECT_FALSE(root.at(1).integer(0xFFFFFFFF));
  EXPECT_FALSE(root.at(2).integer(0xFFFFFFFF));
  EXPECT_FALSE(root.at(3).integer(0xFFFFFFFF));
  EXPECT_FALSE(root.at(4).integer(0xFFFFFFFF));
  EXPECT_EQ(root.at(5).integer(0xFFFFFFFF), 1000U);
}

TEST(JsonReader, SaysWhereItIsBroken) {
  EXPECT_NE(fault("{\"a\":1,\n \"b\" 2}").message().find("line 2, column 6"), std::string::npos);
  for (const char* broken : {"", "{", "[1,]", "{\"a\"}", "nul", "[1] x", "\"\xff\"", "\"\x01\"",
                             "NaN", "[1e999]", "\"\\ud800\"", "01", "'a'"}) {
    EXPECT_NE(fault(broken).code(), Code::kOk) << broken;
  }
  EXPECT_NE(fault(std::string_view("[1]\0[2]", 7)).message().find("NUL"), std::string::npos);
}

TEST(JsonReader, RefusesHalvesOfSurrogatePairs) {
  for (const char* broken : {R"({"a":"\ud83d\ude42 x\udc00"})", R"({"a":"x","\uDFFF":1})",
                             R"(["a\udc00\ud83d\ude42"])", R"(["\udc00\udc00"])"}) {
    const Status status = fault(broken);
    EXPECT_EQ(status.code(), Code::kInvalidInput) << broken;
    EXPECT_NE(status.message().find("surrogate"), std::string::npos) << status.message();
  }
  EXPECT_NE(fault("[1,\n \"ab\\udc00\"]").message().find("line 2, column 5"), std::string::npos)
      << fault("[1,\n \"ab\\udc00\"]").message();
  EXPECT_EQ(parse(R"(["\ud7ff\uf900퟿"])").root().at(0).string(),
            "\xED\x9F\xBF\xEF\xA4\x80\xED\x9F\xBF");
}

TEST(JsonReader, SaysWhichLimitWasPassed) {
  EXPECT_EQ(fault("[1,\n1e999]").message(),
            "expected JSON with numbers below 1.8e308, received a larger one, at line 2, column 1");
  EXPECT_EQ(fault("[" + std::string(400, '9') + "]").message(), fault("[1e999]").message());
  JsonLimits limits;
  limits.values = 2;
  EXPECT_EQ(fault("[1,2,3]", limits).message(),
            "expected JSON with at most 2 values, received more, at line 1, column 4");
}

TEST(JsonReader, KeepsItsLimits) {
  JsonLimits limits;
  limits.depth = 3;
  limits.values = 10;
  limits.bytes = 40;
  EXPECT_TRUE(JsonDocument::parse("[[[1]]]", limits).ok());
  EXPECT_EQ(fault("[[[[1]]]]", limits).code(), Code::kLimitExceeded);
  EXPECT_EQ(fault("[1,2,3,4,5,6,7,8,9,10]", limits).code(), Code::kLimitExceeded);
  EXPECT_EQ(fault(std::string(41, ' '), limits).code(), Code::kLimitExceeded);
}

TEST(JsonReader, SurvivesTwoMillionLevels) {
  EXPECT_EQ(fault(std::string(2'000'000, '[')).code(), Code::kLimitExceeded);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(fault(objects).code(), Code::kLimitExceeded);
}

TEST(JsonNumber, RoundsTwiceAsTheReferenceDoes) {
  // 17999999999999997 / 10^18: the nearest double of the decimal number would be 0.018.
  EXPECT_EQ(read_json_number("0.017999999999999997"), 17999999999999997.0 / 1e18);
  EXPECT_NE(read_json_number("0.017999999999999997"), 0.018);
  EXPECT_EQ(read_json_number("0.1"), 0.1);
  EXPECT_EQ(read_json_number("-3.25"), -3.25);
  EXPECT_EQ(read_json_number("1e308"), 1e308);
  EXPECT_EQ(read_json_number("5e-324"), 5e-324);
  EXPECT_EQ(read_json_number("1e-400"), 0);
  EXPECT_EQ(read_json_number("123456789012345678901234567890"), 12345678901234567890.0 * 1e10);
  EXPECT_EQ(read_json_number("1e99999999999999999999"), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace infercore
