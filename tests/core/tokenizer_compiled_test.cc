// What compile() writes: the same tokenizer comes out of it, and nothing else than an error out of
// bytes that were changed.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/tokenizer.h"
#include "small_tokenizers.h"
#include "tokenizer/compiled.h"
#include "tokenizer/trie.h"

namespace infercore {
namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string_view kTexts[] = {"",
                                   "abcabc ab",
                                   "hello a helo",
                                   "é! <s> New York  x",
                                   "a  <s>aab\nNew Yorker",
                                   "\u4E2D\u6587 hello"};

Tokenizer read(const std::string& json) {
  Result<Tokenizer> tokenizer = Tokenizer::from_json(json);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Bytes compiled(const Tokenizer& tokenizer) {
  Result<Bytes> bytes = tokenizer.compile();
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  return *std::move(bytes);
}

Result<Tokenizer> load(const Bytes& bytes) {
  return Tokenizer::from_compiled(Blob::copy_of(bytes));
}

/// Makes size and checksum those of the bytes.
void seal(Bytes& bytes) {
  bytes.resize(bytes.size() / 8 * 8);
  const std::uint64_t size = bytes.size();
  std::memcpy(&bytes[16], &size, 8);
  const std::uint64_t sum = checksum_of(std::span(bytes).first(bytes.size() - 8));
  std::memcpy(&bytes[bytes.size() - 8], &sum, 8);
}

void expect_equal(const Encoding& a, const Encoding& b) {
  EXPECT_EQ(a.ids, b.ids);
  EXPECT_EQ(a.type_ids, b.type_ids);
  EXPECT_EQ(a.tokens, b.tokens);
  EXPECT_EQ(a.offsets, b.offsets);
  EXPECT_EQ(a.word_ids, b.word_ids);
  EXPECT_EQ(a.sequence_ids, b.sequence_ids);
  EXPECT_EQ(a.special_tokens_mask, b.special_tokens_mask);
  EXPECT_EQ(a.attention_mask, b.attention_mask);
  EXPECT_EQ(a.overflowing.size(), b.overflowing.size());
}

void expect_same(const Tokenizer& a, const Tokenizer& b) {
  EXPECT_EQ(a.info().model, b.info().model);
  EXPECT_EQ(a.info().components, b.info().components);
  EXPECT_EQ(a.info().bytes, b.info().bytes);
  EXPECT_EQ(a.info().warnings, b.info().warnings);
  EXPECT_EQ(a.vocab_size(), b.vocab_size());
  EXPECT_EQ(a.unk_id(), b.unk_id());
  EXPECT_EQ(a.gives_type_ids(), b.gives_type_ids());
  EXPECT_EQ(a.truncation() == nullptr, b.truncation() == nullptr);
  EXPECT_EQ(a.padding() == nullptr, b.padding() == nullptr);
  for (std::uint32_t id = 0; id < 40; ++id) {
    EXPECT_EQ(a.id_to_token(id), b.id_to_token(id)) << id;
    if (const auto token = a.id_to_token(id)) {
      EXPECT_EQ(a.token_to_id(*token), b.token_to_id(*token)) << id;
    }
  }
  for (const std::string_view text : kTexts) {
    const Result<Encoding> one = a.encode(text, kTexts[1]);
    const Result<Encoding> other = b.encode(text, kTexts[1]);
    ASSERT_EQ(one.ok(), other.ok()) << text;
    if (!one.ok()) continue;
    expect_equal(*one, *other);
    EXPECT_EQ(*a.decode(one->ids), *b.decode(one->ids));
    EXPECT_EQ(*a.decode(one->ids, false), *b.decode(one->ids, false));
  }
}

TEST(TokenizerCompiled, GivesTheSameTokenizerOfEachModel) {
  for (const SmallTokenizer& small : small_tokenizers()) {
    SCOPED_TRACE(small.name);
    const Tokenizer tokenizer = read(small.json);
    const Bytes bytes = compiled(tokenizer);
    EXPECT_TRUE(Tokenizer::is_compiled(bytes));
    const Result<Tokenizer> again = load(bytes);
    ASSERT_TRUE(again.ok()) << again.status().message();
    expect_same(tokenizer, *again);
    EXPECT_EQ(compiled(*again), bytes);
  }
}

/// The sections of a kind: where they begin, and how many elements they have.
std::vector<std::pair<std::size_t, std::size_t>> sections_of(const Bytes& bytes, Section kind) {
  const auto number = [&bytes](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, &bytes[at], 4);
    return std::size_t{value};
  };
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < number(12); ++i) {
    const std::size_t entry = number(24) + 16 * i;
    if (number(entry) != static_cast<std::size_t>(kind)) continue;
    found.emplace_back(number(entry + 8), number(entry + 12));
  }
  return found;
}

TEST(TokenizerCompiled, RefusesEntriesThatEndInsideACharacter) {
  std::size_t changed = 0;
  for (const SmallTokenizer& small : small_tokenizers()) {
    const Bytes good = compiled(read(small.json));
    const auto units = sections_of(good, Section::kTrieUnits);
    const auto ids = sections_of(good, Section::kTrieIds);
    for (std::size_t set = 0; set < units.size(); ++set) {
      for (std::size_t i = 0; i < units[set].second; ++i) {
        Bytes bytes = good;
        Trie::Unit* list = reinterpret_cast<Trie::Unit*>(&bytes[units[set].first]);
        if (list[i].parent >= units[set].second) continue;
        const std::size_t label = (list[list[i].parent].base & 0x7FFFFFFF) ^ i;
        if (label < 0xC0 || label > 0xFF) continue;
        list[i].base |= 0x80000000;
        list[i].score = 0;
        std::memset(&bytes[ids[set].first + 4 * i], 0, 4);
        seal(bytes);
        EXPECT_EQ(load(bytes).status().code(), Code::kNotATokenizer) << small.name;
        ++changed;
      }
    }
  }
  EXPECT_GT(changed, 3U);
}

/// The first unit of a trie where an entry of WordPiece ends becomes one of a token that is not
/// there.
TEST(TokenizerCompiled, RefusesTokensThatTheVocabularyHasNot) {
  for (const SmallTokenizer& small : small_tokenizers()) {
    if (std::string_view(small.name) != "word_piece") continue;
    Bytes bytes = compiled(read(small.json));
    const auto units = sections_of(bytes, Section::kTrieUnits);
    const auto ids = sections_of(bytes, Section::kTrieIds);
    Trie::Unit* list = reinterpret_cast<Trie::Unit*>(&bytes[units.at(0).first]);
    std::size_t unit = 0;
    while ((list[unit].base & 0x80000000) == 0) ++unit;
    const std::uint32_t id = 1'000'000;
    list[unit].score = id;
    std::memcpy(&bytes[ids.at(0).first + 4 * unit], &id, 4);
    seal(bytes);
    EXPECT_EQ(load(bytes).status().code(), Code::kNotATokenizer);
    return;
  }
  FAIL() << "there is no WordPiece";
}

/// A search as deep as a file says would look at each place of a text for megabytes.
TEST(TokenizerCompiled, RefusesAddedTokensThatAreTooLong) {
  const Bytes good = compiled(read(small_tokenizers()[0].json));
  const auto ids = sections_of(good, Section::kTrieIds);
  // Behind the ids of each trie stand its count and its depth.
  std::size_t tries = 0;
  for (const auto& [begin, count] : ids) {
    for (const auto& [numbers, size] : sections_of(good, Section::kNumbers)) {
      const std::size_t behind = numbers - (begin + 4 * count);
      if (numbers < begin + 4 * count || behind >= 64 || size != 2) continue;
      Bytes bytes = good;
      const std::uint64_t depth = 33'554'433;
      std::memcpy(&bytes[numbers + 8], &depth, 8);
      seal(bytes);
      EXPECT_EQ(load(bytes).status().code(), Code::kNotATokenizer);
      ++tries;
    }
  }
  EXPECT_GE(tries, 2U);
}

TEST(TokenizerCompiled, KeepsTokensThatWereAdded) {
  AddedToken token;
  token.content = "<|user|>";
  token.special = true;
  AddedToken plain;
  plain.content = "whale";
  for (const SmallTokenizer& small : small_tokenizers()) {
    SCOPED_TRACE(small.name);
    const Tokenizer larger = *read(small.json).with_tokens({&token, 1});
    const Result<Tokenizer> again = load(compiled(larger));
    ASSERT_TRUE(again.ok()) << again.status().message();
    expect_same(larger, *again);
    // And more of them can be added to either.
    const Tokenizer both = *larger.with_tokens({&plain, 1});
    expect_same(both, *again->with_tokens({&plain, 1}));
    EXPECT_EQ(compiled(both), compiled(*again->with_tokens({&plain, 1})));
    EXPECT_EQ(again->encode(std::string_view("<|user|>"))->tokens.size(),
              larger.encode(std::string_view("<|user|>"))->tokens.size());
  }
}

TEST(TokenizerCompiled, KeepsWarnings) {
  const Tokenizer tokenizer = read(small_tokenizers()[0].json);
  ASSERT_EQ(tokenizer.info().warnings.size(), 1U);  // "New York" is not 9
  const Result<Tokenizer> again = load(compiled(tokenizer));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->info().warnings, tokenizer.info().warnings);
}

Status fault_of(const Bytes& bytes) {
  const Result<Tokenizer> tokenizer = load(bytes);
  EXPECT_FALSE(tokenizer.ok());
  return tokenizer.ok() ? Status() : tokenizer.status();
}

TEST(TokenizerCompiled, TellsWhatIsWrongWithTheBytes) {
  const Bytes good = compiled(read(small_tokenizers()[0].json));
  const auto expect_fault = [](const Bytes& bytes, std::string_view part) {
    const Status status = fault_of(bytes);
    EXPECT_EQ(status.code(), Code::kNotATokenizer);
    EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
    EXPECT_EQ(status.hint(), "compile it again from what it was made of");
  };
  expect_fault({}, "expected at least 40 bytes, received 0 bytes");
  Bytes bytes = good;
  bytes.resize(good.size() - 8);
  expect_fault(bytes, "expected " + std::to_string(good.size()) + " bytes, received " +
                          std::to_string(good.size() - 8) + " bytes");
  bytes = good;
  bytes.push_back(0);
  expect_fault(bytes, "received " + std::to_string(good.size() + 1));
  bytes = good;
  bytes[good.size() / 2] ^= 1;
  expect_fault(bytes, "checksum of its bytes, received another one: it is damaged");
  bytes = good;
  bytes[8] = 77;
  expect_fault(bytes, "expected format 1, received format 77 of another version of infercore");
  bytes = good;
  bytes.erase(bytes.begin() + 4);
  expect_fault(bytes, "a copy with other line ends");
  bytes = good;
  bytes[24] = 0xF8;  // where the list of sections is
  bytes[26] = 0xFF;
  seal(bytes);
  expect_fault(bytes, "expected a list of tables");
  EXPECT_FALSE(Tokenizer::is_compiled(Bytes{'{', '"', 'm', 'o'}));
  EXPECT_FALSE(Tokenizer::is_compiled(Bytes{}));
}

TEST(TokenizerCompiled, SeesEachChangeOfItsBytes) {
  const Bytes good = compiled(read(small_tokenizers()[4].json));
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bytes = good;
    bytes[at] ^= 0x10;
    ASSERT_FALSE(load(bytes).ok()) << at;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_FALSE(load(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))).ok());
  }
}

/// Whatever stands in the tables, with the right checksum: an error, or a tokenizer that works.
TEST(TokenizerCompiled, SurvivesOtherNumbersInItsTables) {
  for (const SmallTokenizer& small : small_tokenizers()) {
    SCOPED_TRACE(small.name);
    const Bytes good = compiled(read(small.json));
    std::size_t refused = 0;
    for (std::size_t at = 8; at + 12 <= good.size(); at += 12) {
      const std::uint32_t values[] = {0xFFFFFFFF, 0x80000007, 0x110};
      Bytes bytes = good;
      std::memcpy(&bytes[at], &values[at / 12 % 3], 4);
      seal(bytes);
      const Result<Tokenizer> tokenizer = load(bytes);
      refused += tokenizer.ok() ? 0 : 1;
      for (const std::string_view text : kTexts) {
        if (!tokenizer.ok()) break;
        const Result<Encoding> encoding = tokenizer->encode(text);
        if (encoding.ok()) static_cast<void>(tokenizer->decode(encoding->ids));
      }
    }
    EXPECT_GT(refused, 20U);
  }
}

/// When this fails, other versions can't read the bytes any more: raise kCompiledFormat.
TEST(TokenizerCompiled, KeepsItsFormat) {
  std::uint64_t sum = kCompiledFormat;
  for (const SmallTokenizer& small : small_tokenizers()) {
    sum = sum * 31 + checksum_of(compiled(read(small.json)));
  }
  EXPECT_EQ(sum, 5914918753256481921U);
}

}  // namespace
}  // namespace infercore
