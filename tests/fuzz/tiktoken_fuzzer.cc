// Any bytes as a .tiktoken file: the first line as what cuts texts, the rest as lines behind those
// of the 256 bytes; what loads can encode and decode, and both ways to encode agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "json_writer.h"
#include "tokenizer/formats/format.h"
#include "unicode/utf.h"

namespace {

using infercore::Encoding;
using infercore::Result;
using infercore::TextView;
using infercore::Tokenizer;

/// The lines of all bytes, each its own rank.
std::string bytes_by_rank() {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string lines;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    lines += kDigits[byte >> 2];
    lines += kDigits[(byte & 3) << 4];
    lines += "== " + std::to_string(byte) + "\n";
  }
  return lines;
}

void check(const Tokenizer& tokenizer, TextView text) {
  const Result<Encoding> encoding = tokenizer.encode(text);
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, {}, {}, ids);
  if (encoding.ok() != dropped.ok()) std::abort();
  if (!encoding.ok()) return;
  if (ids != encoding->ids) std::abort();
  (void)tokenizer.decode(ids);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos || !infercore::unicode::is_valid_utf8(input.substr(0, line))) {
    return 0;
  }
  const std::string file = bytes_by_rank() + std::string(input.substr(line + 1));
  std::string config =
      R"({"added_tokens":[{"id":9999,"content":"<s>","single_word":false,"lstrip":false,)"
      R"("rstrip":false,"normalized":false,"special":true}],"pat_str":)";
  infercore::append_json_string(input.substr(0, line), config);
  config += '}';
  const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(file, config);
  if (!tokenizer.ok()) return 0;
  check(*tokenizer, std::string_view("Hello <s> w\xC3\xB6rld \xF0\x9F\x99\x82 \xFF  aaaa abab"));
  check(*tokenizer, input.substr(0, 200));
  return 0;
}
