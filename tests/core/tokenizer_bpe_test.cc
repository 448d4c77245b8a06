// BPE and what goes with it: faults of files, worst cases, what the goldens don't show.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/models/merger.h"

namespace infercore {
namespace {

using Ids = std::vector<std::uint32_t>;

std::string bpe(const std::string& vocab, const std::string& merges, const std::string& more = "") {
  return R"({"model":{"type":"BPE","vocab":)" + vocab + R"(,"merges":)" + merges + more + "}";
}

/// `model` as bpe() makes it; `members` are other stages.
Tokenizer tokenizer_of(const std::string& model, const std::string& members = "") {
  Result<Tokenizer> tokenizer = Tokenizer::from_json(model + members + "}");
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Status fault_of(const std::string& model) {
  const Result<Tokenizer> tokenizer = Tokenizer::from_json(model + "}");
  EXPECT_FALSE(tokenizer.ok()) << model;
  return tokenizer.status();
}

Ids ids_of(const Tokenizer& tokenizer, std::string_view text) {
  Ids ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, {}, {}, ids);
  EXPECT_TRUE(dropped.ok()) << dropped.status().message();
  const Result<Encoding> encoding = tokenizer.encode(text, {}, {});
  EXPECT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->ids, ids);
  return ids;
}

constexpr const char* kLetters = R"({"a":0,"b":1,"c":2,"ab":3,"bc":4,"abc":5,"aa":6,"aaaa":7})";

TEST(Bpe, MergesInTheOrderOfTheRules) {
  EXPECT_EQ(ids_of(tokenizer_of(bpe(kLetters, R"(["a b","ab c"])")), "abc"), (Ids{5}));
  EXPECT_EQ(ids_of(tokenizer_of(bpe(kLetters, R"(["b c","a b","ab c"])")), "abcab"),
            (Ids{0, 4, 3}));
  EXPECT_EQ(ids_of(tokenizer_of(bpe(kLetters, R"([["a","a"],["aa","aa"]])")), "aaaaaaa"),
            (Ids{7, 6, 0}));
}

// As the reference implementation answers: "x y" was next when "yz" came in between.
TEST(Bpe, KeepsQueuedMergesThatMakeTheSameId) {
  const Tokenizer tokenizer =
      tokenizer_of(bpe(R"({"x":0,"y":1,"z":2,"w":3,"yz":4,"xy":5,"yzw":6,"xyz":5})",
                       R"(["y z","x y","yz w","x yz"])"));
  EXPECT_EQ(ids_of(tokenizer, "xyzw"), (Ids{5, 3}));
}

TEST(Bpe, KeepsOffsetsOfAffixesInTheWord) {
  std::string vocab = R"({"w":1,"<0x23>":2,"<0xC3>":3,"<0xBC>":4})";
  const Tokenizer tokenizer =
      tokenizer_of(bpe(vocab, "[]", R"(,"byte_fallback":true,"continuing_subword_prefix":"##")"));
  EXPECT_EQ(ids_of(tokenizer, "w\u00fc"), (Ids{1, 2, 2, 3, 4}));
  const Result<Encoding> encoding = tokenizer.encode(std::string_view("w\u00fc"), {}, {});
  for (const auto& [start, end] : encoding->offsets) {
    EXPECT_LT(start, end);
    EXPECT_LE(end, 3U);
  }
}

TEST(Bpe, LeavesOutWhatIsUnknownWithoutAToken) {
  const Tokenizer tokenizer = tokenizer_of(bpe(kLetters, "[]"));
  EXPECT_EQ(ids_of(tokenizer, "a?b"), (Ids{0, 1}));
  EXPECT_TRUE(ids_of(tokenizer, "???").empty());
}

TEST(Bpe, TellsWhatIsWrongWithAFile) {
  struct Case {
    std::string file;
    Code code;
    std::string path;
  };
  const Case cases[] = {
      {bpe(kLetters, R"(["a x"])"), Code::kNotATokenizer, "model.merges[0]"},
      {bpe(kLetters, R"(["a b", "c b"])"), Code::kNotATokenizer, "model.merges[1]"},
      {bpe(kLetters, R"(["a"])"), Code::kNotATokenizer, "model.merges[0]"},
      {bpe(kLetters, R"(["a b c"])"), Code::kNotATokenizer, "model.merges[0]"},
      {bpe(kLetters, R"(["a b", ["a", "b"]])"), Code::kNotATokenizer, "model.merges[1]"},
      {bpe(kLetters, R"([["a", "b"], "a b"])"), Code::kNotATokenizer, "model.merges[1]"},
      {bpe(kLetters, R"([["a"]])"), Code::kNotATokenizer, "model.merges[0]"},
      {bpe(kLetters, "null"), Code::kNotATokenizer, "model.merges"},
      {bpe(R"({"a": "0"})", "[]"), Code::kNotATokenizer, "model.vocab.a"},
      {bpe(R"({"a": -1})", "[]"), Code::kNotATokenizer, "model.vocab.a"},
      {bpe("[]", "[]"), Code::kNotATokenizer, "model.vocab"},
      {bpe(kLetters, "[]", R"(,"dropout":0.1)"), Code::kUnsupportedComponent, "model.dropout"},
      {bpe(kLetters, "[]", R"(,"dropout":2)"), Code::kNotATokenizer, "model.dropout"},
      {bpe(kLetters, "[]", R"(,"unk_token":5)"), Code::kNotATokenizer, "model.unk_token"},
      {bpe(kLetters, R"(["a b"])", R"(,"continuing_subword_prefix":"##")"), Code::kNotATokenizer,
       "model.merges[0]"},
  };
  for (const Case& test : cases) {
    const Status status = fault_of(test.file);
    EXPECT_EQ(status.code(), test.code) << test.file;
    ASSERT_FALSE(status.faults().empty()) << test.file;
    EXPECT_EQ(status.faults()[0].path, test.path) << status.message();
  }
}

TEST(Bpe, KeepsTheFaultsOfALongListShort) {
  std::string merges = "[";
  for (int i = 0; i < 50'000; ++i) merges += i == 0 ? "\"x y\"" : ",\"x y\"";
  EXPECT_LE(fault_of(bpe(kLetters, merges + "]")).faults().size(), 100U);
}

TEST(Bpe, NamesTheUnknownCharacterWhereItsTokenIsMissing) {
  const Tokenizer tokenizer = tokenizer_of(bpe(kLetters, "[]", R"(,"unk_token":"<unk>")"));
  Ids ids;
  const Status status = tokenizer.encode_ids(std::string_view("ab\u00fc"), {}, {}, ids).status();
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  EXPECT_NE(status.message().find("U+00FC for character 2"), std::string::npos) << status.message();
}

/// All 256 visible characters, and a few merges.
std::string byte_level_file(const std::string& regex) {
  std::string vocab = "{";
  for (int byte = 0; byte < 256; ++byte) {
    std::string visible;
    const char raw = static_cast<char>(byte);
    append_visible({&raw, 1}, visible);
    if (visible == "\"" || visible == "\\") visible = "\\" + visible;
    vocab += (byte == 0 ? "\"" : ",\"") + visible + "\":" + std::to_string(byte);
  }
  return bpe(vocab + R"(,"aa":256,"aaaa":257,"ab":258})", R"(["a a","aa aa","a b"])") +
         R"(,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,)"
         R"("use_regex":)" +
         regex +
         R"(},"decoder":{"type":"ByteLevel","add_prefix_space":false,)"
         R"("trim_offsets":true})";
}

TEST(Bpe, TakesBytesAsTheyAre) {
  const Tokenizer tokenizer = tokenizer_of(byte_level_file("true"));
  const std::string text = "aaaab \u00fc\n\U0001F642 x";
  const Ids ids = ids_of(tokenizer, text);
  EXPECT_EQ(ids[0], 257U);
  EXPECT_EQ(ids[1], static_cast<std::uint32_t>('b'));
  EXPECT_EQ(*tokenizer.decode(ids, false), text);
  EXPECT_EQ(tokenizer.token_to_id("\u0120"), 32U);
  // Half a character is told apart.
  EXPECT_EQ(*tokenizer.decode(Ids{0xF0, 0x9F, 97}, false), "\uFFFDa");
}

TEST(ByteAlphabet, GoesBothWays) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(byte_of_visible(visible_of_byte(static_cast<char>(byte))), static_cast<char>(byte));
  }
  EXPECT_EQ(visible_of_byte(' '), 0x120U);
  EXPECT_EQ(visible_of_byte('\x7F'), 0x121U);
  EXPECT_EQ(visible_of_byte('\xAD'), 0x143U);
  EXPECT_EQ(byte_of_visible(U' '), std::nullopt);
  EXPECT_EQ(byte_of_visible(0x144), std::nullopt);
}

/// Both ways to merge must make the same of any word.
TEST(Merger, MergesShortAndLongWordsAlike) {
  MergeTable merges;
  std::uint32_t state = 7;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
  };
  std::uint32_t made = 4;
  for (std::uint32_t rank = 0; rank < 60; ++rank, ++made) {
    merges.add(random(made), random(made), rank, made);
  }
  Merger merger;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Merger::Symbol> word(1 + random(48));
    for (Merger::Symbol& symbol : word) symbol = {random(4), 1};
    merger.symbols = word;
    merger.run(merges, false);
    const std::vector<Merger::Symbol> looked = merger.symbols;
    merger.symbols = word;
    merger.run(merges, true);
    ASSERT_EQ(looked.size(), merger.symbols.size());
    for (std::size_t i = 0; i < looked.size(); ++i) {
      ASSERT_EQ(looked[i].id, merger.symbols[i].id);
      ASSERT_EQ(looked[i].length, merger.symbols[i].length);
    }
  }
}

TEST(MergeTable, HoldsRulesMadeToMeet) {
  MergeTable merges;
  // Multiples of a power of two fall together in weak tables.
  for (std::uint32_t i = 0; i < 20'000; ++i) merges.add(i << 16, i << 8, i, i);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    ASSERT_EQ(merges.find(i << 16, i << 8).rank(), i);
    ASSERT_FALSE(merges.find((i << 16) + 1, i << 8).exists());
  }
  merges.add(5 << 16, 5 << 8, 9, 77);
  EXPECT_EQ(merges.find(5 << 16, 5 << 8).id(), 77U);
}

TEST(Bpe, TakesOneEndlessWordInTime) {
  const auto start = std::chrono::steady_clock::now();
  const Tokenizer unsplit = tokenizer_of(byte_level_file("false"));
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += i % 7 == 0 ? 'b' : 'a';
  Ids ids;
  ASSERT_TRUE(unsplit.encode_ids(std::string_view(text), {}, {}, ids).ok());
  EXPECT_EQ(*unsplit.decode(ids, false), text);
  ids.clear();
  ASSERT_TRUE(unsplit.encode_ids(std::string_view(std::string(300'000, 'a')), {}, {}, ids).ok());
  EXPECT_EQ(ids.size(), 75'000U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace infercore
