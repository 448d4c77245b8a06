// BPE and what goes with it: faults of files, worst cases, what the goldens don't show.
#include <gtest/gtest.h>

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/tokenizer.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/models/merger.h"
#include "tokenizer/models/vocabulary.h"

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
  std::vector<BpeMerge> rules;
  std::uint32_t state = 7;
  const auto random = [&state](std::uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 8) % below;
  };
  std::uint32_t made = 4;
  for (std::uint32_t rank = 0; rank < 60; ++rank, ++made) {
    const std::uint32_t left = random(made);
    rules.push_back({left, random(made), made, rank});
  }
  const MergeTable merges(rules, made, 0);
  Merger merger;
  for (int round = 0; round < 3000; ++round) {
    std::vector<BpeSymbol> word(1 + random(48));
    for (BpeSymbol& symbol : word) symbol = {random(4), 1};
    merger.symbols = word;
    merger.run(merges, false);
    const std::vector<BpeSymbol> looked = merger.symbols;
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
  // Multiples of a power of two fall together in weak tables.
  std::vector<BpeMerge> rules;
  for (std::uint32_t i = 0; i < 20'000; ++i) rules.push_back({i << 6, i << 5, i, i});
  rules.push_back({5 << 6, 5 << 5, 77, 20'000});
  const MergeTable merges(rules, 1 << 21, 0);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const std::uint32_t rank = merges.find(i << 6, i << 5);
    ASSERT_EQ(rank, i == 5 ? 20'000 : i);
    ASSERT_EQ(merges.made(rank), i == 5 ? 77 : i);
    ASSERT_EQ(merges.find((i << 6) + 1, i << 5), MergeTable::kNone);
  }
  EXPECT_EQ(MergeTable().find(0, 0), MergeTable::kNone);
}

TEST(MergeTable, SaysWhatFits) {
  EXPECT_TRUE(MergeTable::fits(0, 0));
  EXPECT_TRUE(MergeTable::fits((1U << 21) - 1, (1U << 21) - 1));
  EXPECT_FALSE(MergeTable::fits(1U << 21, (1U << 21) - 1));
  // The largest numbers of each, which must not look like a free slot.
  constexpr std::uint32_t kLast = (1U << 21) - 1;
  const std::vector<BpeMerge> rules = {{kLast, kLast, 1, 0}, {kLast, 0, 2, 1}};
  const MergeTable merges(rules, kLast + 0U, 0);
  EXPECT_EQ(merges.made(merges.find(kLast, kLast)), 1U);
  EXPECT_EQ(merges.made(merges.find(kLast, 0)), 2U);
}

TEST(MergeTable, TellsWhichRanksAreOne) {
  // Two ways to make 9, then 8 and 7 alike.
  const std::vector<BpeMerge> rules = {{1, 2, 9, 4}, {3, 4, 9, 4}, {1, 1, 8, 6},
                                       {2, 2, 7, 6}, {3, 3, 7, 6}, {5, 5, 6, 7}};
  const MergeTable merges(rules, 10, 0);
  EXPECT_EQ(merges.find(1, 2), 0U);
  EXPECT_EQ(merges.find(3, 4), 0U);
  EXPECT_EQ(merges.find(1, 1), 1U);
  EXPECT_EQ(merges.find(2, 2), 2U);
  EXPECT_EQ(merges.find(3, 3), 2U);
  EXPECT_EQ(merges.find(5, 5), 3U);
  for (const BpeMerge& rule : rules) {
    EXPECT_EQ(merges.made(merges.find(rule.left, rule.right)), rule.made);
  }
  EXPECT_TRUE(merges.has_ties());
  EXPECT_EQ(merges.first_of(1), 1U);
  EXPECT_EQ(merges.first_of(2), 1U);
  EXPECT_EQ(merges.first_of(3), 3U);
  const MergeTable plain(std::span(rules).first(3), 10, 0);
  EXPECT_FALSE(plain.has_ties());
  EXPECT_EQ(plain.first_of(1), 1U);
}

/// The leftmost of those with one rank comes first, whatever it makes.
TEST(Merger, TakesTheLeftmostOfEqualRanks) {
  const std::vector<BpeMerge> rules = {{0, 1, 3, 0}, {1, 2, 4, 0}, {1, 0, 5, 0}};
  const MergeTable merges(rules, 6, 0);
  const auto merged = [&merges](const std::vector<std::uint32_t>& ids) {
    Merger merger;
    for (const std::uint32_t id : ids) merger.symbols.push_back({id, 1});
    merger.run(merges, true);
    Ids made;
    for (const BpeSymbol& symbol : merger.symbols) made.push_back(symbol.id);
    return made;
  };
  EXPECT_EQ(merged({0, 1, 2}), (Ids{3, 2}));
  EXPECT_EQ(merged({1, 2, 0, 1}), (Ids{4, 3}));
  EXPECT_EQ(merged({1, 0, 1, 2}), (Ids{5, 4}));
}

/// What a file may do with ids that no training would.
TEST(Vocabulary, KeepsOddIds) {
  VocabularyBuilder builder;
  builder.add("last", 4'000'000'000);
  builder.add("b", 7);
  builder.add("also b", 7);
  builder.add("a", 2);
  builder.add("a", 3);
  const Vocabulary vocabulary = std::move(builder).finish();
  EXPECT_EQ(vocabulary.size(), 4U);
  EXPECT_TRUE(vocabulary.has_shared_ids());
  EXPECT_EQ(vocabulary.find("a"), 3U);
  EXPECT_EQ(vocabulary.find("b"), 7U);
  EXPECT_EQ(vocabulary.find("also b"), 7U);
  EXPECT_EQ(vocabulary.find("c"), Vocabulary::kNoId);
  EXPECT_EQ(vocabulary.text(7), "also b");
  EXPECT_EQ(vocabulary.text(4'000'000'000), "last");
  EXPECT_EQ(vocabulary.text(2), std::nullopt);
  EXPECT_EQ(Vocabulary().find(""), Vocabulary::kNoId);
  EXPECT_EQ(Vocabulary().text(0), std::nullopt);
}

TEST(Vocabulary, FindsIdsBetweenGaps) {
  VocabularyBuilder builder;
  for (std::uint32_t id = 0; id < 3000; ++id) {
    if (id % 7 != 3 && id / 100 != 4) builder.add(std::to_string(id), id);
  }
  const Vocabulary vocabulary = std::move(builder).finish();
  for (std::uint32_t id = 0; id < 3100; ++id) {
    const bool there = id < 3000 && id % 7 != 3 && id / 100 != 4;
    ASSERT_EQ(vocabulary.text(id).has_value(), there) << id;
    if (there) {
      ASSERT_EQ(vocabulary.text(id), std::to_string(id));
    }
    ASSERT_EQ(vocabulary.find(std::to_string(id)), there ? id : Vocabulary::kNoId);
  }
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
