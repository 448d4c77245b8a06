// Every match of a pattern becomes the same string.
#include <string>
#include <utility>
#include <vector>

#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/pattern.h"

namespace infercore {
namespace {

class Replace : public Normalizer {
 public:
  Replace(std::unique_ptr<Pattern> pattern, std::string_view content)
      : pattern_(std::move(pattern)), content_(content) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    // Nothing matches in an empty text, not even a pattern that matches the empty string.
    if (text.empty()) return;
    std::vector<Match> matches;
    if (!pattern_->find_all(text.bytes, matches)) {
      text.overflowed = text.exhausted = true;
      return;
    }
    if (matches.empty()) return;
    spare.restart(text);
    spare.bytes.reserve(text.size() + content_.size());
    std::size_t done = 0;
    for (const Match& match : matches) {
      if (spare.overflowed) break;
      spare.append_from(text, done, match.begin);
      spare.append(content_, text.origin_before(match.end));
      done = match.end;
    }
    spare.append_from(text, done, text.size());
    text.swap(spare);
  }

  std::size_t bytes() const override { return pattern_->bytes() + content_.capacity(); }

 private:
  std::unique_ptr<Pattern> pattern_;
  std::string content_;
};

}  // namespace

std::unique_ptr<Normalizer> read_replace(const Fields& fields) {
  const std::string_view content = fields.string("content");
  std::unique_ptr<Pattern> pattern = read_pattern(fields, "pattern");
  if (pattern == nullptr) return nullptr;
  return std::make_unique<Replace>(std::move(pattern), content);
}

}  // namespace infercore
