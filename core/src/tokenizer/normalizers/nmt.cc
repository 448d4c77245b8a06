// What machine translation cleans: control characters go, other blanks become spaces.
#include <string_view>

#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

bool is_dropped(char32_t c) noexcept {
  return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
         c == 0x8F || c == 0x9F;
}

bool is_blank(char32_t c) noexcept {
  return c == 0x09 || c == 0x0A || c == 0x0C || c == 0x0D || c == 0x1680 ||
         (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF ||
         c == 0xFFFD;
}

class Nmt : public Normalizer {
 public:
  void apply(NormalizedText& text, NormalizedText& spare) const override {
    const std::string_view bytes = text.bytes;
    spare.restart(text);
    std::size_t done = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const char32_t code = unicode::decode_valid(&bytes[at]);
      const std::size_t next = at + unicode::sequence_length(bytes[at]);
      const bool dropped = is_dropped(code);
      if (dropped || is_blank(code)) {
        spare.append_from(text, done, at);
        if (!dropped) spare.append(U' ', text.origin_at(at));
        done = next;
      }
      at = next;
    }
    if (done == 0) return;
    spare.append_from(text, done, bytes.size());
    text.swap(spare);
  }
};

}  // namespace

std::unique_ptr<Normalizer> read_nmt(const Fields& /*fields*/) { return std::make_unique<Nmt>(); }

}  // namespace infercore
