// Files of SentencePiece and tiktoken: their own answers (tests/conformance/format-goldens), and
// files made to do harm.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "json_reader.h"
#include "json_writer.h"
#include "sentence_piece.h"
#include "tokenizer/base64.h"
#include "tokenizer/formats/format.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(INFERCORE_SOURCE_DIR) / "tests/conformance/format-goldens";

JsonDocument read_golden(const std::string& name) {
  std::ifstream file(kFolder / (name + ".json"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Result<JsonDocument> document = JsonDocument::parse(bytes, {});
  EXPECT_TRUE(document.ok()) << name;
  return *std::move(document);
}

std::string file_of(const std::string& name) {
  return *decode_base64(read_golden(name).root().get("file").string());
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    names.push_back(entry.path().stem().string());
  }
  return names;
}

std::u16string to_utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t at = 0; at < text.size(); at += unicode::sequence_length(text[at])) {
    char32_t code = unicode::decode_valid(&text[at]);
    if (code >= 0x10000) {
      code -= 0x10000;
      out += static_cast<char16_t>(0xD800 + (code >> 10));
      code = 0xDC00 + (code & 0x3FF);
    }
    out += static_cast<char16_t>(code);
  }
  return out;
}

void expect_ids(const Tokenizer& tokenizer, TextView text, const std::vector<std::uint32_t>& ids) {
  const Result<Encoding> encoding = tokenizer.encode(text);
  ASSERT_TRUE(encoding.ok()) << encoding.status().message();
  EXPECT_EQ(encoding->ids, ids);
  std::vector<std::uint32_t> fast;
  ASSERT_TRUE(tokenizer.encode_ids(text, {}, {}, fast).ok());
  EXPECT_EQ(fast, ids);
  for (const auto& [start, end] : encoding->offsets) {
    EXPECT_LE(start, end);
    EXPECT_LE(end, text.size());
  }
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(text, json);
  return json;
}

std::string added_token(std::string_view id, std::string_view content) {
  return "{\"id\":" + std::string(id) + ",\"content\":" + json_string(content) +
         R"(,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true})";
}

/// The configuration as the core reads it, of one with tiktoken's names.
std::string said(JsonValue config) {
  if (!config.exists()) return {};
  std::string tokens;
  const JsonValue special = config.get("special_tokens");
  for (auto it = special.begin(); it != special.end(); ++it) {
    tokens += (tokens.empty() ? "" : ",") +
              added_token(std::to_string(static_cast<int>((*it).number())), it.key());
  }
  return "{\"pat_str\":" + json_string(config.get("pat_str").string()) + ",\"added_tokens\":[" +
         tokens + "]}";
}

class FormatGolden : public testing::TestWithParam<std::string> {};

void check_golden(const std::string& name, bool compiled) {
  const JsonDocument golden = read_golden(name);
  const JsonValue config = golden.root().get("config");
  Result<Tokenizer> tokenizer =
      Tokenizer::from_bytes(*decode_base64(golden.root().get("file").string()), said(config));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  if (compiled) {
    const TokenizerInfo info = tokenizer->info();
    const Result<std::vector<std::uint8_t>> bytes = tokenizer->compile();
    ASSERT_TRUE(bytes.ok()) << bytes.status().message();
    tokenizer = Tokenizer::from_compiled(Blob::copy_of(*bytes));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    EXPECT_EQ(tokenizer->info().model, info.model);
    EXPECT_EQ(tokenizer->info().components, info.components);
    EXPECT_EQ(tokenizer->info().bytes, info.bytes);
    EXPECT_EQ(tokenizer->info().warnings, info.warnings);
    EXPECT_EQ(*tokenizer->compile(), *bytes);
  }
  for (const JsonValue golden_case : golden.root().get("cases")) {
    const std::string_view text = golden_case.get("text").string();
    SCOPED_TRACE(text);
    std::vector<std::uint32_t> ids;
    for (const JsonValue id : golden_case.get("ids")) {
      ids.push_back(static_cast<std::uint32_t>(id.number()));
    }
    expect_ids(*tokenizer, text, ids);
    const std::u16string utf16 = to_utf16(text);
    expect_ids(*tokenizer, std::u16string_view(utf16), ids);
    EXPECT_EQ(*tokenizer->decode(ids, !config.exists()), golden_case.get("decoded").string());
  }
}

TEST_P(FormatGolden, GivesTheIdsAndTextsOfItsOwnLibrary) { check_golden(GetParam(), false); }
TEST_P(FormatGolden, GivesThemWhenCompiled) { check_golden(GetParam(), true); }

INSTANTIATE_TEST_SUITE_P(Files, FormatGolden, testing::ValuesIn(golden_names()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

using sentence_piece::integer;
using sentence_piece::kUnk;
using sentence_piece::message;
using sentence_piece::piece;
using sentence_piece::trainer;
using sentence_piece::varint;

Status status_of(std::string_view bytes, std::string_view config = {}) {
  return Tokenizer::from_bytes(bytes, config).status();
}
void expect_refused(std::string_view bytes, Code code, std::string_view message) {
  const Status status = status_of(bytes);
  EXPECT_EQ(status.code(), code) << status.message();
  EXPECT_NE(status.message().find(message), std::string::npos) << status.message();
}

TEST(SentencePieceFile, SaysWhatIsWrong) {
  expect_refused(kUnk + kUnk, Code::kNotATokenizer, "one piece for what is unknown, received 2");
  expect_refused(piece("a") + piece("b"), Code::kNotATokenizer, "received 0");
  expect_refused(kUnk + piece(""), Code::kNotATokenizer, "a text for piece 1");
  expect_refused(kUnk + piece("\xFF"), Code::kNotATokenizer, "UTF-8 for piece 1");
  expect_refused(kUnk + piece("a", 0.0F / 0.0F), Code::kNotATokenizer, "finite score for piece 1");
  expect_refused(kUnk + piece("a", 0, 7), Code::kNotATokenizer, "broken bytes");
  expect_refused(kUnk + piece("a") + piece("a"), Code::kNotATokenizer, "1 that stand there twice");
  expect_refused(kUnk + piece("a") + piece("a") + trainer(2), Code::kNotATokenizer,
                 "1 that stand there twice");
  expect_refused(kUnk + piece("<0x41>", 0, 6), Code::kNotATokenizer, "byte pieces");
  expect_refused(kUnk + message(2, integer(35, 1)), Code::kNotATokenizer,
                 "256 byte pieces with byte_fallback, received 0");
  expect_refused(kUnk + piece("a") + trainer(3), Code::kUnsupportedComponent, "one of type word");
  expect_refused(kUnk + piece("a", 0, 5) + trainer(2), Code::kUnsupportedComponent, "unused");
  expect_refused(kUnk + piece("a") + message(3, message(2, "abc")), Code::kNotATokenizer,
                 "precompiled_charsmap");
  expect_refused(kUnk + piece(std::string(1025, 'a')), Code::kLimitExceeded, "1024");
  expect_refused(kUnk.substr(0, 9), Code::kNotATokenizer, "broken bytes");
}

TEST(SentencePieceFile, PassesOverWhatItDoesNotKnow) {
  // A group with a group in it, a field of 64 bits, one of the trainer's many.
  const std::string unknown = varint(9 << 3 | 3) + varint(10 << 3 | 3) + integer(2, 300) +
                              varint(10 << 3 | 4) + varint(9 << 3 | 4) + varint(11 << 3 | 1) +
                              std::string(8, '\1') + message(2, integer(99, 5));
  const Result<Tokenizer> tokenizer =
      Tokenizer::from_bytes(kUnk + unknown + piece("▁a") + piece("a") + piece("▁", -2));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  expect_ids(*tokenizer, TextView(std::string_view("a a?")), {1, 1, 0});
  std::string deep = kUnk;
  for (int i = 0; i < 100; ++i) deep += varint(9 << 3 | 3);
  expect_refused(deep, Code::kNotATokenizer, "broken bytes");
}

TEST(SentencePieceFile, ConfigSaysWhatGoesAroundTexts) {
  const std::string bytes = kUnk + piece("<s>", 0, 3) + piece("</s>", 0, 3) + piece("▁a") +
                            piece("a") + piece("▁", -2) + piece("<", -5);
  const auto ids = [&](std::string_view config, std::string_view text) {
    const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(bytes, config);
    EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    return tokenizer->encode(TextView(text))->ids;
  };
  using Ids = std::vector<std::uint32_t>;
  EXPECT_EQ(ids("", "a"), Ids({3}));
  EXPECT_EQ(ids(R"({"bos":true,"eos":false})", "a"), Ids({1, 3}));
  EXPECT_EQ(ids(R"({"bos":"<s>","eos":true})", "a"), Ids({1, 3, 2}));
  // Texts hold control pieces only where the configuration names them.
  EXPECT_NE(ids("", "<s>")[0], 1U);
  EXPECT_EQ(ids(R"({"bos":true})", "<s>"), Ids({1, 1}));
  const std::string tokens =
      R"({"added_tokens":[)" + added_token("7", "<x>") + ',' + added_token("1", "<s>") + "]";
  EXPECT_EQ(ids(tokens + "}", "a<x>a<s>"), Ids({3, 7, 3, 1}));
  EXPECT_EQ(ids(tokens + R"(,"first":true})", "a<x>a"), Ids({3, 7, 4}));
  const Result<Tokenizer> odd =
      Tokenizer::from_bytes(bytes, R"({"added_tokens":[)" + added_token("9", "<x>") + "]}");
  EXPECT_EQ(odd->info().warnings.size(), 1U);
  const Status wrong = status_of(bytes, R"({"first":1,"bos":"[CLS]","added_tokens":[{"id":"x"}]})");
  EXPECT_EQ(wrong.code(), Code::kInvalidInput);
  EXPECT_GT(wrong.faults().size(), 3U);
  EXPECT_EQ(status_of(bytes, "{").code(), Code::kInvalidInput);
}

TEST(SentencePieceFile, ControlPiecesHaveNamesAndAreSkipped) {
  const Result<Tokenizer> tokenizer =
      Tokenizer::from_bytes(kUnk + piece("<s>", 0, 3) + piece("▁a") + piece("a"));
  ASSERT_TRUE(tokenizer.ok());
  EXPECT_EQ(tokenizer->token_to_id("<s>"), 1U);
  EXPECT_EQ(tokenizer->vocab_size(), 4U);
  const std::vector<std::uint32_t> ids = {1, 2, 2};
  EXPECT_EQ(*tokenizer->decode(ids), "a a");
  EXPECT_EQ(*tokenizer->decode(ids, false), "<s> a a");
  AddedToken token;
  token.content = "<s>";
  token.special = true;
  const Result<Tokenizer> finds = tokenizer->with_tokens({&token, 1});
  ASSERT_TRUE(finds.ok());
  expect_ids(*finds, TextView(std::string_view("a<s>")), {2, 1});
}

TEST(SentencePieceFile, KeepsWhatConfigSaysWhenCompiled) {
  const std::string bytes = kUnk + piece("<s>", 0, 3) + piece("</s>", 0, 3) + piece("▁a") +
                            piece("a") + piece("▁", -2) + piece("<", -5);
  const std::string config = R"({"bos":true,"first":true,"added_tokens":[)" +
                             added_token("9", "<x>") + ',' + added_token("2", "</s>") + "]}";
  const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(bytes, config);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  ASSERT_EQ(tokenizer->info().warnings.size(), 1U);  // "<x>" is not 9
  const Result<Tokenizer> again = Tokenizer::from_compiled(Blob::copy_of(*tokenizer->compile()));
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->info().warnings, tokenizer->info().warnings);
  expect_ids(*again, TextView(std::string_view("a<x>a</s>")), {1, 3, 7, 4, 2});
  // "<s>" is found because it is put around texts; a control piece that nobody names is not.
  expect_ids(*again, TextView(std::string_view("<s>")), {1, 1});
  const Tokenizer plain = *Tokenizer::from_bytes(bytes);
  const Result<Tokenizer> same = Tokenizer::from_compiled(Blob::copy_of(*plain.compile()));
  ASSERT_TRUE(same.ok()) << same.status().message();
  EXPECT_EQ(same->encode(std::string_view("<s>"))->ids, plain.encode(std::string_view("<s>"))->ids);
  AddedToken token;
  token.content = "<s>";
  token.special = true;
  expect_ids(*same->with_tokens({&token, 1}), TextView(std::string_view("a<s>")), {3, 1});
}

// A .tiktoken file by hand.

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = at; i < at + 3; ++i) {
      bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += at + i > bytes.size() ? '=' : kDigits[bits >> (18 - 6 * i) & 63];
    }
  }
  return text;
}
std::string ranks(const std::vector<std::string>& more) {
  std::string file;
  std::size_t rank = 0;
  for (int byte = 0; byte < 256; ++byte) {
    file += base64(std::string(1, static_cast<char>(byte))) + ' ' + std::to_string(rank++) + '\n';
  }
  for (const std::string& token : more) {
    file += base64(token) + ' ' + std::to_string(rank++) + "\r\n";
  }
  return file;
}
std::string special(std::uint32_t id) {
  return "\"added_tokens\":[" + added_token(std::to_string(id), "<e>") + "]";
}
constexpr std::string_view kAll = R"({"pat_str":"[\\s\\S]+"})";

TEST(TiktokenFile, SaysWhatIsWrong) {
  expect_refused(ranks({}), Code::kNotATokenizer, "pat_str in config");
  EXPECT_NE(status_of(ranks({})).hint().find("special_tokens"), std::string::npos);
  expect_refused(ranks({}) + "?? 300\n", Code::kNotATokenizer, "line 257");
  expect_refused(ranks({}) + "YWI=\n", Code::kNotATokenizer, "line 257");
  expect_refused(ranks({}) + "YWI= 12x\n", Code::kNotATokenizer, "line 257");
  expect_refused(ranks({"ab", "ab"}), Code::kNotATokenizer, "again in line 258: \"ab\"");
  expect_refused(ranks({}) + "YWI= 16777216\n", Code::kLimitExceeded, "16777215");
  expect_refused(ranks({std::string(1025, 'a')}), Code::kLimitExceeded, "1024");
  expect_refused("YWI= 0\n", Code::kNotATokenizer, "256 bytes to be a token, received 0");
  const auto code = [](const std::string& file, const std::string& config) {
    return status_of(file, config).code();
  };
  EXPECT_EQ(code(ranks({}) + "YWI= 7\n", std::string(kAll)), Code::kNotATokenizer);
  EXPECT_EQ(code(ranks({}), R"({"pat_str":"(("})"), Code::kInvalidInput);
  EXPECT_EQ(code(ranks({}), R"({"pat_str":"a",)" + special(7) + "}"), Code::kNotATokenizer);
  EXPECT_EQ(code(ranks({}), R"({"pat_str":"a",)" + special(99999999) + "}"), Code::kInvalidInput);
  EXPECT_EQ(code(ranks({}), R"({"pat_str":"a","bos":"<s>"})"), Code::kInvalidInput);
  EXPECT_EQ(code(ranks({}), R"({"pat_str":7})"), Code::kInvalidInput);
}

TEST(TiktokenFile, KeepsTheIdsThatAreSaid) {
  const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(
      ranks({"ab"}), R"({"pat_str":"[\\s\\S]+","eos":"<e>",)" + special(300) + "}");
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  expect_ids(*tokenizer, TextView(std::string_view("ab<e>")), {256, 300, 300});
  AddedToken token;
  token.content = "<new>";
  const Result<Tokenizer> larger = tokenizer->with_tokens({&token, 1});
  EXPECT_EQ(larger->token_to_id("<new>"), 301U);
  const Result<Tokenizer> again = Tokenizer::from_compiled(Blob::copy_of(*tokenizer->compile()));
  ASSERT_TRUE(again.ok()) << again.status().message();
  expect_ids(*again, TextView(std::string_view("ab<e>")), {256, 300, 300});
  EXPECT_EQ(again->vocab_size(), tokenizer->vocab_size());
  EXPECT_EQ(again->with_tokens({&token, 1})->token_to_id("<new>"), 301U);
}

// What takes time.

TEST(FormatFiles, BrokenOnesEndInErrors) {
  for (const std::string name : {"unigram-bytes", "bpe-user", "tiktoken"}) {
    const std::string file = file_of(name);
    for (std::size_t size = 0; size < file.size(); size += file.size() / 97 + 1) {
      (void)Tokenizer::from_bytes(file.substr(0, size), kAll);
      std::string flipped = file;
      flipped[size] = static_cast<char>(flipped[size] ^ (1 << (size % 8)));
      const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(flipped, kAll);
      if (tokenizer.ok()) (void)tokenizer->encode(TextView(std::string_view("whale ship ½ ▁")));
    }
  }
}

/// As TokenizerCompiled does it: whatever stands in the tables, with the right checksum.
TEST(FormatFiles, CompiledOnesAreCheckedToo) {
  for (const std::string name : {"unigram-denormalized", "bpe-ties", "bpe-user", "unigram-plain"}) {
    SCOPED_TRACE(name);
    const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(file_of(name));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    const std::vector<std::uint8_t> good = *tokenizer->compile();
    std::size_t refused = 0;
    for (std::size_t round = 0; round < 600; ++round) {
      const std::size_t at = 8 + (good.size() - 24) / 600 * round / 4 * 4;
      const std::uint32_t values[] = {0xFFFFFFFF, 0x80000007, 0x110};
      std::vector<std::uint8_t> bytes = good;
      std::memcpy(&bytes[at], &values[round % 3], 4);
      const std::uint64_t size = bytes.size();
      std::memcpy(&bytes[16], &size, 8);
      const std::uint64_t sum = checksum_of(std::span(bytes).first(bytes.size() - 8));
      std::memcpy(&bytes[bytes.size() - 8], &sum, 8);
      const Result<Tokenizer> changed = Tokenizer::from_compiled(Blob::copy_of(bytes));
      refused += changed.ok() ? 0 : 1;
      if (!changed.ok()) continue;
      const Result<Encoding> encoding = changed->encode(std::string_view("  whale ship ½ ▁ ﬁ <s>"));
      if (encoding.ok()) (void)changed->decode(encoding->ids);
    }
    EXPECT_GT(refused, 5U);
  }
}

TEST(FormatFiles, LongTokensDoNotTakeForEver) {
  std::string model = kUnk + trainer(2);
  std::vector<std::string> tokens;
  for (int i = 0; i < 4000; ++i) {
    std::string text = std::to_string(i);
    text.resize(1000, 'a');
    model += piece(text, static_cast<float>(-i));
    tokens.push_back(text);
  }
  const auto start = std::chrono::steady_clock::now();
  expect_refused(model, Code::kLimitExceeded, "squared");
  EXPECT_EQ(status_of(ranks(tokens), kAll).code(), Code::kLimitExceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

}  // namespace
}  // namespace infercore
