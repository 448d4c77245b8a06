// Every match of a pattern becomes the same string.
#include <cstdint>
#include <string>
#include <utility>

#include "tokenizer/decoders/decoder.h"
#include "tokenizer/pattern.h"

namespace infercore {
namespace {

class Replace : public Decoder {
 public:
  Replace(std::unique_ptr<Pattern> pattern, std::string_view content)
      : pattern_(std::move(pattern)), content_(content) {}

  Status apply(std::vector<std::string>& tokens, std::size_t limit) const override {
    std::vector<Match> matches;
    std::uint64_t total = 0;  // sizes may have 32 bits
    for (std::string& token : tokens) {
      if (token.empty()) continue;
      if (!pattern_->find_all(token, matches)) return Pattern::too_many_steps();
      total += token.size() + std::uint64_t{matches.size()} * content_.size();
      for (const Match& match : matches) total -= match.end - match.begin;
      if (total > limit) {
        return Status(Code::kLimitExceeded,
                      "expected decoding rules that make the text at most " +
                          std::to_string(limit) + " bytes long, received ones that make it longer",
                      "the tokenizer's decoder replaces short strings by long ones");
      }
      if (matches.empty()) continue;
      std::string result;
      std::size_t done = 0;
      for (const Match& match : matches) {
        result.append(token, done, match.begin - done).append(content_);
        done = match.end;
      }
      token = result.append(token, done);
    }
    return {};
  }

  std::size_t bytes() const override { return pattern_->bytes() + content_.capacity(); }

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
