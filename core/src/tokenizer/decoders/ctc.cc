// What speech models answer: a token again and again while a sound lasts, padding between equal
// ones.
#include <string>
#include <utility>

#include "tokenizer/decoders/cleanup.h"
#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class Ctc : public Decoder {
 public:
  Ctc(std::string_view pad_token, std::string_view word_delimiter, bool cleanup)
      : pad_token_(pad_token), word_delimiter_(word_delimiter), cleanup_(cleanup) {}

  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    std::vector<std::string> result;
    const std::string* last = nullptr;
    for (const std::string& token : tokens) {
      const bool again = last != nullptr && *last == token;
      last = &token;
      if (again) continue;
      std::string text = token;
      replace_all(text, pad_token_, "");
      if (cleanup_) {
        clean_up(text);
        replace_all(text, word_delimiter_, " ");
      }
      if (!text.empty()) result.push_back(std::move(text));
    }
    tokens = std::move(result);
    return {};
  }

 private:
  std::string pad_token_;
  std::string word_delimiter_;
  bool cleanup_;
};

}  // namespace

std::unique_ptr<Decoder> read_ctc_decoder(const Fields& fields) {
  const std::string_view pad_token = fields.string("pad_token");
  const std::string_view word_delimiter = fields.string("word_delimiter_token");
  return std::make_unique<Ctc>(pad_token, word_delimiter, fields.boolean("cleanup"));
}

}  // namespace infercore
