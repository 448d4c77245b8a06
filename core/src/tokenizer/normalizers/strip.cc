// White space away from the ends.
#include <string_view>

#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

class Strip : public Normalizer {
 public:
  Strip(bool left, bool right) : left_(left), right_(right) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    const std::string_view bytes = text.bytes;
    std::size_t begin = 0;
    std::size_t end = bytes.size();
    while (left_ && begin < end && unicode::is_space(unicode::decode_valid(&bytes[begin]))) {
      begin += unicode::sequence_length(bytes[begin]);
    }
    while (right_ && end > begin) {
      const char32_t code = unicode::decode_before(bytes, end);
      if (!unicode::is_space(code)) break;
      end -= code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
    if (end - begin == bytes.size()) return;
    spare.restart(text);
    spare.append_from(text, begin, end);
    text.swap(spare);
  }

 private:
  bool left_;
  bool right_;
};

}  // namespace

std::unique_ptr<Normalizer> read_strip(const Fields& fields) {
  const bool left = fields.boolean("strip_left");
  return std::make_unique<Strip>(left, fields.boolean("strip_right"));
}

}  // namespace infercore
