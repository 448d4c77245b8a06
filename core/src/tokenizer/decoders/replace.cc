// Every match of a pattern becomes the same string.
#include <utility>

#include "tokenizer/decoders/decoder.h"
#include "tokenizer/pattern.h"

namespace infercore {
namespace {

class Replace : public Decoder {
 public:
  Replace(std::unique_ptr<Pattern> pattern, std::string_view content)
      : pattern_(std::move(pattern)), content_(content) {}

  void apply(std::vector<std::string>& tokens) const override {
    std::vector<Match> matches;
    for (std::string& token : tokens) {
      if (token.empty()) continue;
      pattern_->find_all(token, matches);
      if (matches.empty()) continue;
      std::string result;
      std::size_t done = 0;
      for (const Match& match : matches) {
        result.append(token, done, match.begin - done).append(content_);
        done = match.end;
      }
      token = result.append(token, done);
    }
  }

  /// A match may be one byte long, or empty.
  double growth() const override { return 1 + static_cast<double>(content_.size()); }

 private:
  std::unique_ptr<Pattern> pattern_;
  std::string content_;
};

}  // namespace

std::unique_ptr<Decoder> read_replace_decoder(const Fields& fields) {
  const std::string_view content = fields.string("content");
  std::unique_ptr<Pattern> pattern = read_pattern(fields, "pattern");
  if (pattern == nullptr) return nullptr;
  return std::make_unique<Replace>(std::move(pattern), content);
}

}  // namespace infercore
