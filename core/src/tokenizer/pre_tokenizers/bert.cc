// BERT's words: white space goes, each punctuation character is a word of its own.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "unicode/character_class.h"

namespace infercore {
namespace {

using unicode::CharacterClass;

class Bert : public PreTokenizer {
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
      const std::uint8_t classes = unicode::classes_of(unicode::decode_valid(text + at));
      if ((classes & (CharacterClass::kSpace | CharacterClass::kPunctuation)) != 0) {
        to.add(begin, at);
        if ((classes & CharacterClass::kPunctuation) != 0) to.add(at, next);
        begin = next;
      }
      at = next;
    }
    to.add(begin, word.end);
  }
};

}  // namespace

std::unique_ptr<PreTokenizer> read_bert_pre_tokenizer(const Fields& /*fields*/) {
  return std::make_unique<Bert>();
}

}  // namespace infercore
