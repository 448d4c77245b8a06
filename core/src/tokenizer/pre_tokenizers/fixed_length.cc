// Parts of a fixed number of characters; the last one may be shorter.
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {
namespace {

class FixedLength : public PreTokenizer {
 public:
  explicit FixedLength(std::uint64_t length) : length_(length) {}

  void apply(Splits& splits, Splits& spare) const override {
    cut_words(splits, spare, [this, &splits](const Split& word) { cut(word, splits); });
  }

 private:
  void cut(const Split& word, Splits& to) const {
    std::size_t begin = word.begin;
    std::uint64_t count = 0;
    for (std::size_t at = begin; at < word.end;) {
      at += unicode::sequence_length(to.text.bytes[at]);
      if (++count < length_) continue;
      to.add(begin, at);
      begin = at;
      count = 0;
    }
    to.add(begin, word.end);
  }

  std::uint64_t length_;
};

}  // namespace

std::unique_ptr<PreTokenizer> read_fixed_length(const Fields& fields) {
  constexpr std::uint64_t kMax = 0xFFFFFFFF;  // longer than any text
  constexpr std::uint64_t kDefault = 5;
  if (!fields.get("length").exists()) return std::make_unique<FixedLength>(kDefault);
  const std::uint64_t length = fields.integer("length", kMax);
  // Where the reference implementation ends the process.
  if (length == 0 && fields.get("length").is(JsonType::kNumber)) {
    fields.faults().expect(fields.get("length"), "an integer from 1");
  }
  return std::make_unique<FixedLength>(length);
}

}  // namespace infercore
