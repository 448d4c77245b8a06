// Words between white space; the white space goes.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {
namespace {

class WhitespaceSplit : public PreTokenizer {
 public:
  void apply(Splits& splits, Splits& spare) const override {
    cut_words(splits, spare, [&splits](const Split& word) { cut(word, splits); });
  }

 private:
  static void cut(const Split& word, Splits& to) {
    const char* text = to.text.bytes.data();
    std::size_t begin = word.begin;
    for (std::size_t at = begin; at < word.end;) {
      const std::size_t next = at + unicode::sequence_length(text[at]);
      if (unicode::is_space(unicode::decode_valid(text + at))) {
        to.add(begin, at);
        begin = next;
      }
      at = next;
    }
    to.add(begin, word.end);
  }
};

}  // namespace

std::unique_ptr<PreTokenizer> read_whitespace_split(const Fields& /*fields*/) {
  return std::make_unique<WhitespaceSplit>();
}

}  // namespace infercore
