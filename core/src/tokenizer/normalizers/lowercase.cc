// Upper case to lower case, character by character (no rules for the end of a word).
#include "unicode/lowercase.h"

#include <string_view>

#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

class Lowercase : public Normalizer {
 public:
  void apply(NormalizedText& text, NormalizedText& spare) const override {
    std::size_t at = lower_ascii(text.bytes);
    if (at == text.size()) return;
    spare.restart(text);
    std::size_t done = 0;
    while (at < text.size()) {
      const char32_t code = unicode::decode_valid(&text.bytes[at]);
      const std::size_t next = at + unicode::sequence_length(text.bytes[at]);
      const char32_t lower = unicode::to_lower(code);
      if (lower != code) {
        spare.append_from(text, done, at);
        spare.append(lower, text.origin_at(at));
        // The one character whose lower case is two: capital I with a dot.
        if (code == 0x130) spare.append(U'\x307', text.origin_at(at));
        done = next;
      }
      at = next;
    }
    spare.append_from(text, done, text.size());
    text.swap(spare);
  }

 private:
  /// In place, which moves nothing; where the first character that is not ASCII stands.
  static std::size_t lower_ascii(std::string& bytes) {
    std::size_t first = bytes.size();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      if (byte >= 'A' && byte <= 'Z') bytes[i] = static_cast<char>(byte + ('a' - 'A'));
      if (byte >= 0x80 && first == bytes.size()) first = i;
    }
    return first;
  }
};

}  // namespace

std::unique_ptr<Normalizer> read_lowercase(const Fields& /*fields*/) {
  return std::make_unique<Lowercase>();
}

}  // namespace infercore
