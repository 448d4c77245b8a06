// Tokens like <0x61> are bytes: a run of them becomes the text that the bytes are, or one U+FFFD
// for each when they are none.
#include <optional>
#include <utility>

#include "tokenizer/decoders/decoder.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

std::optional<char> byte_of(const std::string& token) {
  if (token.size() != 6 || token.compare(0, 3, "<0x") != 0 || token[5] != '>') return std::nullopt;
  const int high = unicode::hex_digit(token[3]);
  const int low = unicode::hex_digit(token[4]);
  // The reference reads the two characters as a number, and numbers may have a sign.
  if (token[3] == '+' && low >= 0) return static_cast<char>(low);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

class ByteFallback : public Decoder {
 public:
  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    std::vector<std::string> result;
    std::string bytes;
    for (std::string& token : tokens) {
      if (const std::optional<char> byte = byte_of(token)) {
        bytes += *byte;
        continue;
      }
      flush(bytes, result);
      result.push_back(std::move(token));
    }
    flush(bytes, result);
    tokens = std::move(result);
    return {};
  }

 private:
  static void flush(std::string& bytes, std::vector<std::string>& to) {
    if (bytes.empty()) return;
    if (unicode::is_valid_utf8(bytes)) {
      to.push_back(bytes);
    } else {
      to.insert(to.end(), bytes.size(), "\xEF\xBF\xBD");
    }
    bytes.clear();
  }
};

}  // namespace

std::unique_ptr<Decoder> read_byte_fallback_decoder(const Fields& /*fields*/) {
  return std::make_unique<ByteFallback>();
}

}  // namespace infercore
