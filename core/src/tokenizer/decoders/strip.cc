// One character away from the ends of each token, as often as the file says.
#include "tokenizer/decoders/decoder.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

class Strip : public Decoder {
 public:
  Strip(char32_t content, std::size_t start, std::size_t stop) : start_(start), stop_(stop) {
    char buffer[4];
    content_.assign(buffer, unicode::encode_utf8(content, buffer));
  }

  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    for (std::string& token : tokens) {
      std::size_t begin = 0;
      std::size_t end = token.size();
      for (std::size_t i = 0; i < start_ && token.compare(begin, content_.size(), content_) == 0;
           ++i) {
        begin += content_.size();
      }
      for (std::size_t i = 0; i < stop_ && end - begin >= content_.size(); ++i) {
        if (token.compare(end - content_.size(), content_.size(), content_) != 0) break;
        end -= content_.size();
      }
      token = token.substr(begin, end - begin);
    }
    return {};
  }

 private:
  std::string content_;
  std::size_t start_;
  std::size_t stop_;
};

}  // namespace

std::unique_ptr<Decoder> read_strip_decoder(const Fields& fields) {
  constexpr std::uint64_t kMax = 0xFFFFFFFF;
  const char32_t content = fields.character("content");
  const std::uint64_t start = fields.integer("start", kMax);
  return std::make_unique<Strip>(content, start, fields.integer("stop", kMax));
}

}  // namespace infercore
