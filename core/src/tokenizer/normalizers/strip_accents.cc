// Combining marks away.
#include <string_view>

#include "tokenizer/normalizers/normalizer.h"
#include "unicode/normalization.h"

namespace infercore {
namespace {

class StripAccents : public Normalizer {
 public:
  void apply(NormalizedText& text, NormalizedText& spare) const override {
    const std::string_view bytes = text.bytes;
    std::size_t at = unicode::ascii_run(bytes, 0);
    if (at == bytes.size()) return;
    spare.restart(text);
    std::size_t done = 0;
    while (at < bytes.size()) {
      const std::size_t next = at + unicode::sequence_length(bytes[at]);
      if (unicode::is_mark(unicode::decode_valid(&bytes[at]))) {
        spare.append_from(text, done, at);
        done = next;
      }
      at = next;
    }
    spare.append_from(text, done, bytes.size());
    text.swap(spare);
  }
};

}  // namespace

std::unique_ptr<Normalizer> read_strip_accents(const Fields& /*fields*/) {
  return std::make_unique<StripAccents>();
}

}  // namespace infercore
