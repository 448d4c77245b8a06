// A string in front of every text that is not empty.
#include <string>

#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

class Prepend : public Normalizer {
 public:
  explicit Prepend(std::string_view prefix) : prefix_(prefix) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    if (text.empty()) return;
    spare.restart(text);
    // All of it, and the first character, comes from where the first character came from.
    const std::size_t first = unicode::sequence_length(text.bytes[0]);
    const Origin origin = prefix_.empty() ? text.origin_before(0) : text.origin_at(0);
    spare.append(prefix_, origin);
    spare.append(std::string_view(text.bytes).substr(0, first), origin);
    spare.append_from(text, first, text.size());
    text.swap(spare);
  }

  std::size_t bytes() const override { return prefix_.capacity(); }

 private:
  std::string prefix_;
};

}  // namespace

std::unique_ptr<Normalizer> read_prepend(const Fields& fields) {
  return std::make_unique<Prepend>(fields.string("prepend"));
}

}  // namespace infercore
