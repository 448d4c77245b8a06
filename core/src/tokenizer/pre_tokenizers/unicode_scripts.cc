// Words cut where the script changes. Spaces belong to the script before them; those in front of
// all others are lost, as in the reference implementation.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "unicode/script.h"

namespace infercore {
namespace {

class UnicodeScripts : public PreTokenizer {
 public:
  void apply(Splits& splits, Splits& spare) const override {
    cut_words(splits, spare, [&splits](const Split& word) { cut(word, splits); });
  }

 private:
  static void cut(const Split& word, Splits& to) {
    const char* text = to.text.bytes.data();
    std::size_t begin = word.end;
    std::uint8_t last = unicode::kNoScript;
    for (std::size_t at = word.begin; at < word.end;) {
      const std::uint8_t script = unicode::script_of(unicode::decode_valid(text + at));
      if (script != unicode::kNoScript && script != last) {
        if (last != unicode::kNoScript) to.add(begin, at);
        begin = at;
        last = script;
      }
      at += unicode::sequence_length(text[at]);
    }
    to.add(begin, word.end);
  }
};

}  // namespace

std::unique_ptr<PreTokenizer> read_unicode_scripts(const Fields& /*fields*/) {
  return std::make_unique<UnicodeScripts>();
}

}  // namespace infercore
