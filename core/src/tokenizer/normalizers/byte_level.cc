// Every byte becomes a visible character.
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

class ByteLevel : public Normalizer {
 public:
  void apply(NormalizedText& text, NormalizedText& spare) const override {
    spare.restart(text);
    for (std::size_t at = 0; at < text.size() && !spare.overflowed; ++at) {
      spare.append(visible_of_byte(text.bytes[at]), text.origin_at(at));
    }
    text.swap(spare);
  }
};

}  // namespace

std::unique_ptr<Normalizer> read_byte_level_normalizer(const Fields& /*fields*/) {
  return std::make_unique<ByteLevel>();
}

}  // namespace infercore
