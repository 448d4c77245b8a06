// Any bytes as a SentencePiece .model: what loads can encode and decode, and both ways to encode
// agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "tokenizer/formats/format.h"

namespace {

using infercore::Encoding;
using infercore::Result;
using infercore::TextView;
using infercore::Tokenizer;

void check(const Tokenizer& tokenizer, TextView text) {
  const Result<Encoding> encoding = tokenizer.encode(text);
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, {}, {}, ids);
  if (encoding.ok() != dropped.ok()) std::abort();
  if (!encoding.ok()) return;
  if (ids != encoding->ids) std::abort();
  for (const auto& [start, end] : encoding->offsets) {
    if (start > end || end > text.size()) std::abort();
  }
  (void)tokenizer.decode(ids, false);
  (void)tokenizer.decode(ids, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (infercore::format_of(bytes) != infercore::Format::kSentencePiece) return 0;
  const Result<Tokenizer> tokenizer = Tokenizer::from_bytes(bytes);
  if (!tokenizer.ok()) return 0;
  const std::string_view text =
      "Hello <s> w\xC3\xB6rld \xF0\x9F\x99\x82 \xFF  e\xCC\x81 abc\u2581 ";
  check(*tokenizer, text);
  check(*tokenizer, std::u16string_view(u"  Hello ½ ﬁ <sep>whale▁▁ "));
  check(*tokenizer, bytes.substr(0, 200));
  return 0;
}
