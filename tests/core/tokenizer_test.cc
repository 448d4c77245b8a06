#include "infercore/tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace infercore {
namespace {

/// A file with a few pieces; `members` replaces or adds top-level members.
std::string file_with(const std::string& members = "", const std::string& vocab_end = "") {
  return R"({"version":"1.0","model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁",-2],)"
         R"(["▁Hello",-3],["▁world",-3.5],["o",-4],["l",-4.5],["▁he",-5],["llo",-5],["é",-6])" +
         vocab_end +
         R"(]},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},)"
         R"("decoder":{"type":"Metaspace","replacement":"▁"})" +
         (members.empty() ? "" : "," + members) + "}";
}

Tokenizer tokenizer_of(const std::string& json) {
  Result<Tokenizer> tokenizer = Tokenizer::from_json(json);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Status fault_of(const std::string& json) {
  const Result<Tokenizer> tokenizer = Tokenizer::from_json(json);
  EXPECT_FALSE(tokenizer.ok()) << json.substr(0, 200);
  return tokenizer.status();
}

std::vector<std::uint32_t> ids_of(const Tokenizer& tokenizer, TextView text,
                                  const EncodeOptions& options = {}) {
  std::vector<std::uint32_t> ids;
  EXPECT_TRUE(tokenizer.encode_ids(text, {}, options, ids).ok());
  return ids;
}

EncodeOptions cut_to(std::size_t length, std::size_t stride = 0) {
  EncodeOptions options;
  options.truncation.from = Setting<Truncation>::From::kValue;
  options.truncation.value.max_length = length;
  options.truncation.value.stride = stride;
  return options;
}

/// Words again and again, enough of them to start a cache: known, unknown, longer than it keeps, of
/// more ids than it keeps, with a zero behind.
std::vector<std::string> repeated_texts() {
  const std::string_view zero("o\0", 2);
  const std::vector<std::string> words = {"Hello",
                                          "world",
                                          "hello",
                                          "é",
                                          "xyz",
                                          std::string(zero),
                                          "o",
                                          "llollollollollollollo",
                                          "ooooollllloooo",
                                          "oéoé"};
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 100; ++i) {
    texts.push_back(words[i % words.size()] + " " + words[i * 7 % words.size()] + "  " +
                    words[i * 3 % 7]);
  }
  return texts;
}

TEST(Tokenizer, WordsMetBeforeChangeNoIds) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  for (int round = 0; round < 3; ++round) {
    for (const std::string& text : repeated_texts()) {
      std::vector<std::uint32_t> ids;
      ASSERT_TRUE(tokenizer.encode_ids(std::string_view(text), {}, {}, ids).ok());
      const Tokenizer fresh = tokenizer_of(file_with());
      EXPECT_EQ(ids, ids_of(fresh, std::string_view(text))) << text;
      EXPECT_EQ(*tokenizer.count_tokens(std::string_view(text)), ids.size());
    }
  }
}

TEST(Tokenizer, IdsOfTextsInARowAreThoseOfEach) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  std::vector<std::string> texts = repeated_texts();
  texts[7].assign(300'000, 'o');  // leaves its buffers behind
  std::vector<std::uint32_t> expected;
  for (const std::string& text : texts) {
    const std::vector<std::uint32_t> ids = ids_of(tokenizer, std::string_view(text));
    expected.insert(expected.end(), ids.begin(), ids.end());
  }
  Tokenizer::Ids row(tokenizer);
  Tokenizer::Ids other(tokenizer);  // at the same time, with a room of its own
  std::vector<std::uint32_t> ids;
  for (const std::string& text : texts) {
    EXPECT_EQ(*row.encode(std::string_view(text), {}, {}, ids), 0U);
    std::vector<std::uint32_t> same;
    EXPECT_TRUE(other.encode(std::string_view(text), {}, {}, same).ok());
  }
  EXPECT_EQ(ids, expected);
  // An option that is wrong leaves it as it is.
  EncodeOptions wrong;
  wrong.padding.from = Setting<Padding>::From::kValue;
  wrong.padding.value.multiple_of = std::size_t{1} << 30;
  EXPECT_FALSE(row.encode(std::string_view("o"), {}, wrong, ids).ok());
  EXPECT_EQ(ids, expected);
}

TEST(Tokenizer, LongTextsLeaveShortOnesAsTheyWere) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  std::string text;
  while (text.size() < 300'000) text += "Hello world looo ";
  const std::vector<std::uint32_t> before = ids_of(tokenizer, std::string_view("Hello looo"));
  std::vector<std::uint32_t> ids;
  ASSERT_TRUE(tokenizer.encode_ids(std::string_view(text), {}, {}, ids).ok());
  EXPECT_GT(ids.size(), 35'000U);
  EXPECT_EQ(ids_of(tokenizer, std::string_view("Hello looo")), before);
}

TEST(Tokenizer, EncodesAndDecodes) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  const Result<Encoding> encoding = tokenizer.encode(std::string_view("Hello world"));
  ASSERT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->ids, (std::vector<std::uint32_t>{2, 3}));
  EXPECT_EQ(encoding->tokens, (std::vector<std::string>{"▁Hello", "▁world"}));
  EXPECT_EQ(encoding->offsets[1], (std::pair<std::uint32_t, std::uint32_t>{5, 11}));
  EXPECT_EQ(*tokenizer.decode(encoding->ids), "Hello world");
}

TEST(Tokenizer, CountsOffsetsInUnitsOfTheGivenText) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  const Result<Encoding> utf8 = tokenizer.encode(std::string_view("é🙂 Hello"));
  const Result<Encoding> utf16 = tokenizer.encode(std::u16string_view(u"é🙂 Hello"));
  EXPECT_EQ(utf8->ids, utf16->ids);
  EXPECT_EQ(utf8->offsets.back(), (std::pair<std::uint32_t, std::uint32_t>{6, 12}));
  EXPECT_EQ(utf16->offsets.back(), (std::pair<std::uint32_t, std::uint32_t>{3, 9}));
}

TEST(Tokenizer, ReadsUtf16WhereverOtherCharactersStand) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  // ASCII is read in blocks: each place in and around one.
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      std::string utf8(length, 'o');
      std::u16string utf16(length, u'o');
      utf8.insert(at, "é🙂");
      utf16.insert(at, u"é🙂");
      EXPECT_EQ(ids_of(tokenizer, std::u16string_view(utf16)),
                ids_of(tokenizer, std::string_view(utf8)));
      const Result<Encoding> encoding = tokenizer.encode(std::u16string_view(utf16));
      EXPECT_EQ(encoding->ids, ids_of(tokenizer, std::string_view(utf8)));
      EXPECT_EQ(encoding->offsets.back().second, utf16.size());
    }
  }
}

TEST(Tokenizer, TakesBrokenTextAsReplacementCharacters) {
  const Tokenizer tokenizer = tokenizer_of(file_with("", R"(,["\ufffd",-1])"));
  const char16_t lone[] = {u'o', 0xD83D, u'o', 0xDC00, 0};
  const std::vector<std::uint32_t> expected =
      ids_of(tokenizer, std::u16string_view(u"o\uFFFDo\uFFFD"));
  EXPECT_EQ(ids_of(tokenizer, std::u16string_view(lone)), expected);
  EXPECT_EQ(ids_of(tokenizer, std::string_view("o\xFFo\xE2\x82")), expected);
  // One for each maximal part: a surrogate in UTF-8 is three, a cut sequence is one.
  EXPECT_EQ(ids_of(tokenizer, std::string_view("\xED\xA0\x80")).size(), 4U);
  EXPECT_EQ(ids_of(tokenizer, std::string_view("\xF0\x9F\x99")).size(), 2U);
}

TEST(Tokenizer, KnowsItsVocabulary) {
  const Tokenizer tokenizer = tokenizer_of(
      file_with(R"("added_tokens":[{"id":77,"content":"<new>","single_word":false,"lstrip":false,)"
                R"("rstrip":false,"normalized":false,"special":true}])"));
  EXPECT_EQ(tokenizer.vocab_size(), 10U);
  EXPECT_EQ(tokenizer.token_to_id("▁Hello"), 2U);
  EXPECT_EQ(tokenizer.token_to_id("<new>"), 9U);
  EXPECT_EQ(tokenizer.id_to_token(9), "<new>");
  EXPECT_FALSE(tokenizer.id_to_token(10));
  EXPECT_FALSE(tokenizer.token_to_id("none"));
  EXPECT_EQ(tokenizer.unk_id(), 0U);
  EXPECT_EQ(tokenizer.info().model, "Unigram");
  EXPECT_EQ(tokenizer.info().components,
            (std::vector<std::string>{"pre_tokenizer:Metaspace", "decoder:Metaspace"}));
  EXPECT_GT(tokenizer.info().bytes, 1000U);
  const std::uint32_t ids[] = {2, 9, 4'000'000'000};
  EXPECT_EQ(*tokenizer.decode(ids), "Hello");
  EXPECT_EQ(*tokenizer.decode(ids, false), "Hello<new>");
  EXPECT_EQ(*tokenizer.count_tokens(std::string_view("Hello world")), 2U);
}

TEST(Tokenizer, TellsHowManyTokensItCutOff) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  std::vector<std::uint32_t> ids{7};
  const std::string_view text = "Hello world Hello";
  EXPECT_EQ(*tokenizer.encode_ids(text, {}, cut_to(2), ids), 1U);
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{7, 2, 3}));
  EXPECT_EQ(*tokenizer.encode_ids(text, {}, cut_to(3), ids), 0U);
}

TEST(Tokenizer, LeavesUnreadWhatTruncationWouldDrop) {
  const std::string members =
      R"("post_processor":{"type":"BertProcessing","cls":["▁",1],"sep":["<unk>",0]})";
  const Tokenizer tokenizer = tokenizer_of(file_with(members));
  const std::string_view texts[] = {"", "Hello", "Hello world llo éé Hello", "xyz oooo o o"};
  for (std::size_t length = 2; length < 12; ++length) {
    for (const Direction direction : {Direction::kLeft, Direction::kRight}) {
      for (const std::string_view text : texts) {
        EncodeOptions options = cut_to(length);
        options.truncation.value.direction = direction;
        std::vector<std::uint32_t> ids;
        const std::size_t dropped = *tokenizer.encode_ids(text, {}, options, ids);
        options.counts_dropped = false;
        std::vector<std::uint32_t> same;
        EXPECT_EQ(*tokenizer.encode_ids(text, {}, options, same), dropped > 0 ? 1U : 0U);
        EXPECT_EQ(same, ids) << text << length;
        options.truncation.value.strategy = TruncationStrategy::kOnlySecond;
        EXPECT_EQ(tokenizer.encode_ids(text, {}, options, same).ok(), dropped == 0 || length == 2);
      }
    }
  }
  // An unknown character far behind is an error all the same.
  const Tokenizer strict = tokenizer_of(R"({"model":{"type":"Unigram","vocab":[["a",-1]]}})");
  EncodeOptions options = cut_to(1);
  options.counts_dropped = false;
  std::vector<std::uint32_t> ids;
  EXPECT_FALSE(strict.encode_ids(std::string_view("aaab"), {}, options, ids).ok());
}

TEST(Tokenizer, RefusesOptionsThatCanNotBeMet) {
  const Tokenizer tokenizer = tokenizer_of(
      file_with(R"("post_processor":{"type":"BertProcessing","cls":["▁",1],"sep":["<unk>",0]})"));
  const std::string_view text = "Hello world Hello";
  const auto code = [&](const EncodeOptions& options) {
    std::vector<std::uint32_t> ids;
    const Status status = tokenizer.encode(text, {}, options).status();
    EXPECT_EQ(tokenizer.encode_ids(text, {}, options, ids).status().code(), status.code());
    return status.code();
  };
  EXPECT_EQ(code(cut_to(1)), Code::kInvalidOption);     // two special tokens
  EXPECT_EQ(code(cut_to(3, 3)), Code::kInvalidOption);  // no step forward
  EXPECT_EQ(code(cut_to(4, 2)), Code::kInvalidOption);  // nor with the special tokens
  EXPECT_EQ(code(cut_to(2)), Code::kOk);
  EncodeOptions second = cut_to(3);
  second.truncation.value.strategy = TruncationStrategy::kOnlySecond;
  EXPECT_EQ(code(second), Code::kInvalidOption);
  EncodeOptions wide;
  wide.padding.from = Setting<Padding>::From::kValue;
  wide.padding.value.length = std::size_t{1} << 40;
  EXPECT_EQ(code(wide), Code::kLimitExceeded);
}

TEST(Tokenizer, RefusesToFillTheMemoryWithWhatOverflows) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  std::string hellos;
  for (int i = 0; i < 50'000; ++i) hellos += "Hello ";
  const std::string_view text = hellos;
  EXPECT_EQ(tokenizer.encode(text, text, cut_to(8)).status().code(), Code::kLimitExceeded);
  EXPECT_EQ(tokenizer.encode(text, {}, cut_to(1024, 1023)).status().code(), Code::kLimitExceeded);
  EXPECT_EQ(ids_of(tokenizer, text, cut_to(1024, 1023)).size(), 1024U);
}

TEST(Tokenizer, NamesEveryFaultOfAFile) {
  const Status status =
      fault_of(R"({"version":"2.0","truncation":{"max_length":-1},"normalizer":{"type":"Foo"},)"
               R"("decoder":{"type":"Strip","content":"ab","start":0},)"
               R"("model":{"type":"Unigram","unk_id":"x","vocab":[["a",1],["b",null],[1,2],7]}})");
  EXPECT_EQ(status.code(), Code::kUnsupportedComponent);
  std::string paths;
  for (const Fault& fault : status.faults()) paths += fault.path + " ";
  for (const char* path : {"version", "truncation.max_length", "truncation.strategy", "normalizer ",
                           "decoder.content", "decoder.stop", "model.unk_id", "model.vocab[1][1]",
                           "model.vocab[2][0]", "model.vocab[3]"}) {
    EXPECT_NE(paths.find(path), std::string::npos) << path << " in " << paths;
  }
  EXPECT_NE(status.message().find("\"Foo\""), std::string::npos) << status.message();
}

TEST(Tokenizer, RefusesHostileFiles) {
  EXPECT_EQ(fault_of("").code(), Code::kNotATokenizer);
  EXPECT_EQ(fault_of("[]").code(), Code::kNotATokenizer);
  EXPECT_EQ(fault_of("{}").code(), Code::kNotATokenizer);
  EXPECT_EQ(fault_of(std::string(3'000'000, '[')).code(), Code::kLimitExceeded);
  EXPECT_EQ(fault_of(R"({"model":{"type":"Unigram","vocab":[],"unk_id":0}})").code(),
            Code::kNotATokenizer);
  EXPECT_EQ(fault_of(R"({"model":{"type":"Other","vocab":{},"merges":[]}})").code(),
            Code::kUnsupportedComponent);
  const std::string unit = R"({"type":"Replace","pattern":{"Regex":"(a"},"content":""})";
  EXPECT_EQ(fault_of(file_with("\"normalizer\":" + unit)).code(), Code::kNotATokenizer);
  const std::string charsmap = R"({"type":"Precompiled","precompiled_charsmap":"AAQAAA=="})";
  EXPECT_EQ(fault_of(file_with("\"normalizer\":" + charsmap)).code(), Code::kNotATokenizer);
}

/// A Sequence of `count` normalizers or decoders that each replace "l" by twenty of them.
std::string explosion(const std::string& list, int count) {
  std::string steps;
  for (int i = 0; i < count; ++i) {
    steps += (i == 0 ? "" : ",") +
             std::string(R"({"type":"Replace","pattern":{"String":"l"},"content":")") +
             std::string(20, 'l') + "\"}";
  }
  return R"({"type":"Sequence",")" + list + "\":[" + steps + "]}";
}

TEST(Tokenizer, RefusesExplodingRules) {
  const Tokenizer tokenizer =
      tokenizer_of(file_with("\"normalizer\":" + explosion("normalizers", 50)));
  EXPECT_EQ(tokenizer.encode(std::string_view("Hello")).status().code(), Code::kLimitExceeded);
  const Tokenizer decodes = tokenizer_of(file_with("\"decoder\":" + explosion("decoders", 50)));
  const std::vector<std::uint32_t> ids(1000, 5);  // "l"
  const Status status = decodes.decode(ids).status();
  EXPECT_EQ(status.code(), Code::kLimitExceeded);
  EXPECT_NE(status.message().find("bytes long"), std::string::npos) << status.message();
  EXPECT_EQ(*decodes.decode(std::vector<std::uint32_t>{4}), "o");
}

TEST(Tokenizer, RefusesEndlessPieces) {
  const std::string piece(5000, 'a');
  EXPECT_EQ(fault_of(file_with("", ",[\"" + piece + "\",-1]")).code(), Code::kLimitExceeded);
}

TEST(Tokenizer, IsNotLedAstrayByHugeIds) {
  const Tokenizer tokenizer = tokenizer_of(
      file_with(R"("added_tokens":[{"id":4294967295,"content":"<new>","single_word":false,)"
                R"("lstrip":false,"rstrip":false,"normalized":false,"special":true}])"));
  EXPECT_EQ(tokenizer.token_to_id("<new>"), 9U);
  EXPECT_LT(tokenizer.info().bytes, std::size_t{1} << 20);
}

TEST(Tokenizer, TakesLongTextsWithoutSpaces) {
  const Tokenizer tokenizer = tokenizer_of(
      file_with(R"("normalizer":{"type":"Replace","pattern":{"Regex":"\\s+$"},"content":""})"));
  const auto size_of = [&](const std::string& text) {
    return ids_of(tokenizer, std::string_view(text)).size();
  };
  EXPECT_GT(size_of(std::string(1'000'000, 'o')), 900'000U);
  EXPECT_EQ(size_of(std::string(1'000'000, ' ') + "o"), 1'000'001U);
  EXPECT_EQ(size_of(std::string(1'000'000, 'x')), 2U);  // ▁, and one unknown run
}

TEST(Tokenizer, IsSafeOnManyThreads) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  const std::vector<std::uint32_t> expected =
      ids_of(tokenizer, std::string_view("Hello world llo"));
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        if (ids_of(tokenizer, std::string_view("Hello world llo")) != expected) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Tokenizer, GuessesTheModelOfOldFiles) {
  const Tokenizer tokenizer =
      tokenizer_of(R"({"model":{"unk_id":0,"vocab":[["<unk>",0],["a",-1]]}})");
  EXPECT_EQ(tokenizer.info().model, "Unigram");
  EXPECT_EQ(ids_of(tokenizer, std::string_view("ab")), (std::vector<std::uint32_t>{1, 0}));
}

TEST(Tokenizer, SaysWhichCharacterItCanNotEncode) {
  const Tokenizer tokenizer = tokenizer_of(R"({"model":{"type":"Unigram","vocab":[["a",-1]]}})");
  EXPECT_EQ(ids_of(tokenizer, std::string_view("aa")).size(), 2U);
  const auto message = [&](TextView text) {
    std::vector<std::uint32_t> ids;
    const Status status = tokenizer.encode(text).status();
    EXPECT_EQ(status.code(), Code::kInvalidInput);
    EXPECT_EQ(tokenizer.encode_ids(text, {}, {}, ids).status().message(), status.message());
    return status.message();
  };
  const std::string expected =
      "expected only characters that the tokenizer's vocabulary has, received ";
  EXPECT_EQ(message(std::string_view("ab")),
            expected + "U+0062 for character 1 of the text (counted from 0)");
  const Tokenizer lower = tokenizer_of(
      R"({"normalizer":{"type":"Lowercase"},"model":{"type":"Unigram","vocab":[["a",-1],["😀",-1]]}})");
  const auto of_lower = [&](TextView text) { return lower.encode(text).status().message(); };
  EXPECT_EQ(of_lower(std::string_view("a😀A𝒳")),
            expected + "U+1D4B3 for character 3 of the text (counted from 0)");
  EXPECT_EQ(of_lower(std::u16string_view(u"a😀AB")),
            expected + "U+0062 for character 3 of the text (counted from 0)");
}

TEST(Padding, FillsABatchToItsLongest) {
  const Tokenizer tokenizer = tokenizer_of(file_with());
  std::vector<Encoding> batch{*tokenizer.encode(std::string_view("Hello world")),
                              *tokenizer.encode(std::string_view("Hello"))};
  Padding padding;
  padding.multiple_of = 4;
  padding.direction = Direction::kLeft;
  padding.id = 9;
  pad(batch, padding);
  EXPECT_EQ(batch[0].ids, (std::vector<std::uint32_t>{9, 9, 2, 3}));
  EXPECT_EQ(batch[1].attention_mask, (std::vector<std::uint8_t>{0, 0, 0, 1}));
  EXPECT_EQ(batch[1].special_tokens_mask, (std::vector<std::uint8_t>{1, 1, 1, 0}));
}

}  // namespace
}  // namespace infercore
