// A tokenizer of the smallest kind, for tests that need one: a token a word.
#ifndef INFERCORE_TESTS_CORE_WORD_TOKENIZER_H_
#define INFERCORE_TESTS_CORE_WORD_TOKENIZER_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "infercore/tokenizer.h"

namespace infercore {

/// What its file says besides the words.
struct WordTokenizer {
  std::string truncation = "null";
  std::string padding = "null";
  std::string post_processor = "null";

  static WordTokenizer cut_to(std::size_t max_length) {
    WordTokenizer file;
    file.truncation = R"({"direction": "Right", "max_length": )" + std::to_string(max_length) +
                      R"(, "strategy": "LongestFirst", "stride": 0})";
    return file;
  }

  static WordTokenizer padded(const std::string& direction, const std::string& multiple,
                              const std::string& strategy = R"("BatchLongest")") {
    WordTokenizer file;
    file.padding = R"({"strategy": )" + strategy + R"(, "direction": ")" + direction +
                   R"(", "pad_to_multiple_of": )" + multiple +
                   R"(, "pad_id": 1, "pad_type_id": 0, "pad_token": "<pad>"})";
    return file;
  }

  /// A post-processor that puts a <pad> of that type behind each text.
  static std::string pad_behind(std::size_t type_id) {
    return R"({"type": "TemplateProcessing",
      "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<pad>", "type_id": )" +
           std::to_string(type_id) + R"(}}],
      "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
      "special_tokens": {"<pad>": {"id": "<pad>", "ids": [1], "tokens": ["<pad>"]}}})";
  }
};

/// "▁a" to "▁h" are 2 to 9; other words are unknown, 0.
inline Tokenizer word_tokenizer(const WordTokenizer& file = {}) {
  const std::string underline = "\u2581";
  std::string vocab = R"(["<unk>", 0.0], ["<pad>", 0.0])";
  for (char letter = 'a'; letter <= 'h'; ++letter) {
    vocab += ", [\"" + underline + std::string(1, letter) + "\", -1.0]";
  }
  const std::string json = R"({"version": "1.0", "truncation": )" + file.truncation +
                           R"(, "padding": )" + file.padding + R"(, "added_tokens": [
        {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 1, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}],
      "normalizer": null,
      "pre_tokenizer": {"type": "Metaspace", "replacement": ")" +
                           underline + R"(", "prepend_scheme": "always", "split": true},
      "post_processor": )" +
                           file.post_processor + R"(, "decoder": null,
      "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [)" +
                           vocab + "]}}";
  Result<Tokenizer> tokenizer = Tokenizer::from_json(json);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *tokenizer;
}

}  // namespace infercore

#endif  // INFERCORE_TESTS_CORE_WORD_TOKENIZER_H_
