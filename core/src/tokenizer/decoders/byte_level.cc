// Visible characters become the bytes that they stand for, and those a text.
#include <string_view>
#include <utility>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/decoders/decoder.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

class ByteLevel : public Decoder {
 public:
  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    std::string bytes;
    for (const std::string& token : tokens) append_bytes(token, bytes);
    tokens.clear();
    if (unicode::is_valid_utf8(bytes)) {
      tokens.push_back(std::move(bytes));
    } else {
      tokens.push_back(repaired(bytes));
    }
    return {};
  }

 private:
  /// A token with any other character stands for itself.
  static void append_bytes(std::string_view token, std::string& to) {
    const std::size_t before = to.size();
    for (std::size_t at = 0; at < token.size(); at += unicode::sequence_length(token[at])) {
      const std::optional<char> byte = byte_of_visible(unicode::decode_valid(&token[at]));
      if (!byte) {
        to.resize(before);
        to += token;
        return;
      }
      to += *byte;
    }
  }

  static std::string repaired(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t run = unicode::ascii_run(bytes, at);
      text.append(bytes.substr(at, run));
      at += run;
      if (at >= bytes.size()) break;
      const unicode::Character c = unicode::decode_utf8(bytes, at);
      char buffer[4];
      text.append(buffer, unicode::encode_utf8(c.code, buffer));
      at += c.units;
    }
    return text;
  }
};

}  // namespace

std::unique_ptr<Decoder> read_byte_level_decoder(const Fields& fields) {
  fields.boolean("add_prefix_space");
  fields.boolean("trim_offsets");
  fields.boolean("use_regex", true);
  return std::make_unique<ByteLevel>();
}

}  // namespace infercore
