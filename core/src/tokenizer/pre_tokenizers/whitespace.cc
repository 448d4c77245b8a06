// Runs of word characters and runs of others, without the white space: \w+|[^\w\s]+.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "unicode/character_class.h"

namespace infercore {
namespace {

using unicode::CharacterClass;

class Whitespace : public PreTokenizer {
 public:
  void apply(Splits& splits, Splits& spare) const override {
    cut_words(splits, spare, [&splits](const Split& word) { cut(word, splits); });
  }

 private:
  static void cut(const Split& word, Splits& to) {
    constexpr std::uint8_t kKinds = CharacterClass::kWord | CharacterClass::kSpace;
    const char* text = to.text.bytes.data();
    std::size_t begin = word.begin;
    std::uint8_t last = CharacterClass::kSpace;
    for (std::size_t at = begin; at < word.end;) {
      const std::uint8_t kind = unicode::classes_of(unicode::decode_valid(text + at)) & kKinds;
      if (kind != last) {
        if (last != CharacterClass::kSpace) to.add(begin, at);
        begin = at;
        last = kind;
      }
      at += unicode::sequence_length(text[at]);
    }
    if (last != CharacterClass::kSpace) to.add(begin, word.end);
  }
};

}  // namespace

std::unique_ptr<PreTokenizer> read_whitespace(const Fields& /*fields*/) {
  return std::make_unique<Whitespace>();
}

}  // namespace infercore
