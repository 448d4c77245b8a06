// NFC, NFD, NFKC, NFKD.
#include <string_view>
#include <vector>

#include "tokenizer/normalizers/normalizer.h"
#include "unicode/normalization.h"

namespace infercore {
namespace {

class UnicodeForm : public Normalizer {
 public:
  explicit UnicodeForm(unicode::Form form) : form_(form) {}

  /// Almost all text is in its form already, so only the parts around characters that the form may
  /// touch are worked on: from the character before such a one (it may be joined) to the next that
  /// nothing joins.
  void apply(NormalizedText& text, NormalizedText& spare) const override {
    const std::string_view bytes = text.bytes;
    std::size_t before = 0;
    std::size_t at = next_active(bytes, 0, before);
    if (at == bytes.size()) return;
    std::vector<unicode::Change> work;
    std::vector<unicode::Change> changes;
    spare.restart(text);
    std::size_t done = 0;
    while (at < bytes.size()) {
      const std::size_t begin = before;
      std::size_t end = at;
      while (end < bytes.size() && unicode::is_active(form_, unicode::decode_valid(&bytes[end]))) {
        end += unicode::sequence_length(bytes[end]);
      }
      spare.append_from(text, done, begin);
      changes.clear();
      unicode::normalize(form_, bytes.substr(begin, end - begin), work, changes);
      Rewriter rewriter(text, begin, spare);
      for (const unicode::Change& c : changes) rewriter.push(c.code, c.changes);
      done = end;
      before = end;
      at = next_active(bytes, end, before);
    }
    spare.append_from(text, done, bytes.size());
    text.swap(spare);
  }

 private:
  /// The next active character from `at` on; `before` becomes the start of the character in front
  /// of it, when there is one behind `at`.
  std::size_t next_active(std::string_view bytes, std::size_t at, std::size_t& before) const {
    while (at < bytes.size()) {
      if (static_cast<unsigned char>(bytes[at]) < 0x80) {
        at += unicode::ascii_run(bytes, at);
        before = at - 1;
        continue;
      }
      if (unicode::is_active(form_, unicode::decode_valid(&bytes[at]))) break;
      before = at;
      at += unicode::sequence_length(bytes[at]);
    }
    return at;
  }

  unicode::Form form_;
};

}  // namespace

std::unique_ptr<Normalizer> read_nfc(const Fields& /*fields*/) {
  return std::make_unique<UnicodeForm>(unicode::Form::kNFC);
}
std::unique_ptr<Normalizer> read_nfd(const Fields& /*fields*/) {
  return std::make_unique<UnicodeForm>(unicode::Form::kNFD);
}
std::unique_ptr<Normalizer> read_nfkc(const Fields& /*fields*/) {
  return std::make_unique<UnicodeForm>(unicode::Form::kNFKC);
}
std::unique_ptr<Normalizer> read_nfkd(const Fields& /*fields*/) {
  return std::make_unique<UnicodeForm>(unicode::Form::kNFKD);
}

}  // namespace infercore
