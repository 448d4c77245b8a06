// WordPiece and WordLevel, and what cuts and cleans for them: faults of files, limits, what the
// goldens don't show.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace infercore {
namespace {

std::string word_piece(const std::string& vocab, const std::string& max = "100") {
  return R"({"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",)"
         R"("max_input_chars_per_word":)" +
         max + R"(,"vocab":)" + vocab + "}";
}

Tokenizer tokenizer_of(const std::string& model, const std::string& members = "") {
  Result<Tokenizer> tokenizer = Tokenizer::from_json("{\"model\":" + model + members + "}");
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Status fault_of(const std::string& model, const std::string& members = "") {
  const Result<Tokenizer> tokenizer = Tokenizer::from_json("{\"model\":" + model + members + "}");
  EXPECT_FALSE(tokenizer.ok()) << model.substr(0, 200);
  return tokenizer.status();
}

std::vector<std::uint32_t> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, {}, {}, ids);
  EXPECT_TRUE(dropped.ok()) << dropped.status().message();
  return ids;
}

using Ids = std::vector<std::uint32_t>;

TEST(WordPiece, TakesTheLongestPieceAndGivesUpWholeWords) {
  const Tokenizer tokenizer =
      tokenizer_of(word_piece(R"({"[UNK]":0,"a":1,"##b":2,"##bc":3,"##bcd":4,"ab":5})"),
                   R"(,"pre_tokenizer":{"type":"WhitespaceSplit"})");
  EXPECT_EQ(ids_of(tokenizer, "ab abc abcd abbcd"), (Ids{5, 0, 0, 5, 4}));
  EXPECT_EQ(ids_of(tokenizer, "abcb x a"), (Ids{0, 0, 1}));
}

TEST(WordPiece, GivesUpLongWordsByTheirCharacters) {
  const Tokenizer tokenizer = tokenizer_of(word_piece(R"({"[UNK]":0,"ü":1,"##ü":2})", "3"));
  EXPECT_EQ(ids_of(tokenizer, "üüü"), (Ids{1, 2, 2}));
  EXPECT_EQ(ids_of(tokenizer, "üüüü"), (Ids{0}));
  const Tokenizer endless =
      tokenizer_of(word_piece(R"({"[UNK]":0,"ü":1,"##ü":2})", "18446744073709551615"));
  EXPECT_EQ(ids_of(endless, "üüüü"), (Ids{1, 2, 2, 2}));
}

TEST(WordPiece, KeepsIdsWithGaps) {
  const Tokenizer tokenizer = tokenizer_of(word_piece(R"({"[UNK]":7,"a":4000000000,"##b":9})"),
                                           R"(,"decoder":{"type":"WordPiece","prefix":"##",)"
                                           R"("cleanup":false})");
  EXPECT_EQ(ids_of(tokenizer, "abb"), (Ids{4000000000, 9, 9}));
  EXPECT_EQ(tokenizer.id_to_token(4000000000), "a");
  EXPECT_EQ(tokenizer.id_to_token(8), std::nullopt);
  EXPECT_EQ(tokenizer.vocab_size(), 3U);
  EXPECT_EQ(*tokenizer.decode(Ids{4000000000, 9, 8, 7}, false), "ab [UNK]");
  EXPECT_LT(tokenizer.info().bytes, std::size_t{1} << 20);
}

TEST(WordPiece, SaysWhatItHasNoTokenFor) {
  const Tokenizer tokenizer = tokenizer_of(word_piece(R"({"a":1,"##b":2})"),
                                           R"(,"pre_tokenizer":{"type":"WhitespaceSplit"})");
  EXPECT_EQ(tokenizer.unk_id(), std::nullopt);
  EXPECT_EQ(ids_of(tokenizer, "ab a"), (Ids{1, 2, 1}));
  Ids ids;
  const Status status = tokenizer.encode(std::string_view("a abxb")).status();
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  EXPECT_NE(status.message().find("U+0078 for character 4"), std::string::npos) << status.message();
  EXPECT_EQ(tokenizer.encode_ids(std::string_view("a abxb"), {}, {}, ids).status().message(),
            status.message());
  const Tokenizer level = tokenizer_of(R"({"type":"WordLevel","unk_token":"?","vocab":{"a":0}})");
  EXPECT_EQ(level.encode(std::string_view("b")).status().code(), Code::kInvalidInput);
  EXPECT_EQ(ids_of(level, "a"), (Ids{0}));
}

TEST(WordPiece, NamesEveryFaultOfItsFile) {
  const Status status = fault_of(
      R"({"type":"WordPiece","unk_token":null,"max_input_chars_per_word":-1,"vocab":{"a":"b","c":1.5}})");
  std::string paths;
  for (const Fault& fault : status.faults()) paths += fault.path + " ";
  for (const char* path : {"model.unk_token", "model.continuing_subword_prefix",
                           "model.max_input_chars_per_word", "model.vocab.a", "model.vocab.c"}) {
    EXPECT_NE(paths.find(path), std::string::npos) << path << " in " << paths;
  }
  EXPECT_EQ(fault_of(R"({"type":"WordLevel","unk_token":"a","vocab":[]})").code(),
            Code::kNotATokenizer);
  EXPECT_EQ(fault_of(R"({"type":"WordLevel","unk_token":"a"})").code(), Code::kNotATokenizer);
  EXPECT_EQ(fault_of(R"({"vocab":{"a":0}})").code(), Code::kNotATokenizer);
  const std::string endless = "{\"" + std::string(5000, 'a') + "\":0}";
  EXPECT_EQ(fault_of(word_piece(endless)).code(), Code::kLimitExceeded);
}

TEST(WordPiece, TakesLongWordsInLinearTime) {
  const Tokenizer tokenizer = tokenizer_of(
      word_piece(R"({"[UNK]":0,"a":1,"##a":2,"##aaaaaaaaaaaaaaab":3})", "100000000"),
      R"(,"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,)"
      R"("lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"})");
  EXPECT_EQ(ids_of(tokenizer, std::string(1'000'000, 'A')).size(), 1'000'000U);
  std::string marks = "a";
  for (int i = 0; i < 300'000; ++i) marks += "\u0301\u0323";
  EXPECT_EQ(ids_of(tokenizer, marks).size(), 1U);
}

TEST(Components, AreToldByTheirFields) {
  const std::string model = R"({"unk_token":"?","vocab":{"?":0,"a":1}})";
  EXPECT_EQ(tokenizer_of(model).info().model, "WordLevel");
  const Tokenizer lower = tokenizer_of(
      model, R"(,"normalizer":{"type":"Foo","clean_text":true,"handle_chinese_chars":true,)"
             R"("lowercase":true})");
  EXPECT_EQ(ids_of(lower, "A"), (Ids{1}));
  EXPECT_EQ(fault_of(model, R"(,"normalizer":{"type":"Foo","clean_text":true})").code(),
            Code::kUnsupportedComponent);
  EXPECT_EQ(fault_of(model, R"(,"normalizer":{"clean_text":1})").code(), Code::kNotATokenizer);
  // A name that is known is taken at its word, and what only a name tells needs one.
  EXPECT_EQ(fault_of(model, R"(,"normalizer":{"type":"Strip","prepend":"a"})").code(),
            Code::kNotATokenizer);
  EXPECT_EQ(fault_of(model, R"(,"pre_tokenizer":{"individual_digits":true})").code(),
            Code::kNotATokenizer);
}

TEST(Components, CountThroughSequencesThatFieldsTell) {
  std::string steps;
  for (int i = 0; i < 40; ++i) steps += std::string(i == 0 ? "" : ",") + R"({"prepend":"a"})";
  const std::string sequence = "{\"normalizers\":[" + steps + "]}";
  const std::string model = R"({"type":"WordLevel","unk_token":"?","vocab":{"?":0}})";
  EXPECT_TRUE(
      Tokenizer::from_json("{\"model\":" + model + ",\"normalizer\":" + sequence + "}").ok());
  EXPECT_EQ(fault_of(model, R"(,"normalizer":{"type":"Sequence","normalizers":[)" + sequence + "," +
                                sequence + "]}")
                .code(),
            Code::kLimitExceeded);
}

TEST(FixedLength, RefusesLengthZero) {
  const std::string model = R"({"type":"WordLevel","unk_token":"?","vocab":{"?":0}})";
  EXPECT_EQ(fault_of(model, R"(,"pre_tokenizer":{"type":"FixedLength","length":0})").code(),
            Code::kNotATokenizer);
}

/// The words that a behaviour makes of "the-final--countdown".
std::string words_of(SplitBehavior behavior, std::string_view text, bool inverted) {
  Splits splits(false);
  Splits spare(false);
  splits.text.bytes = text;
  splits.add(0, text.size());
  std::vector<Match> matches;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') matches.push_back({i, i + 1});
  }
  split_words(
      splits, spare,
      [&](std::string_view word, Cutter& cutter) {
        cut_at_matches(word, matches, inverted, cutter);
      },
      behavior);
  std::string words;
  for (const Split& split : splits.list) {
    words +=
        (words.empty() ? "" : " ") + std::string(text.substr(split.begin, split.end - split.begin));
  }
  return words;
}

TEST(SplitBehavior, DoesWithDelimitersWhatItsNameSays) {
  constexpr std::string_view kText = "the-final--countdown";
  EXPECT_EQ(words_of(SplitBehavior::kRemoved, kText, false), "the final countdown");
  EXPECT_EQ(words_of(SplitBehavior::kIsolated, kText, false), "the - final - - countdown");
  EXPECT_EQ(words_of(SplitBehavior::kMergedWithPrevious, kText, false), "the- final- - countdown");
  EXPECT_EQ(words_of(SplitBehavior::kMergedWithNext, kText, false), "the -final - -countdown");
  EXPECT_EQ(words_of(SplitBehavior::kContiguous, kText, false), "the - final -- countdown");
  EXPECT_EQ(words_of(SplitBehavior::kRemoved, kText, true), "- - -");
  EXPECT_EQ(words_of(SplitBehavior::kMergedWithNext, kText, true), "the- final- - countdown");
}

}  // namespace
}  // namespace infercore
