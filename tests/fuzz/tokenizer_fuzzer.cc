// Any bytes as a tokenizer.json: what loads can encode and decode, and both ways to encode agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"

namespace {

using infercore::EncodeOptions;
using infercore::Encoding;
using infercore::Result;
using infercore::TextView;
using infercore::Tokenizer;

void check(const Tokenizer& tokenizer, TextView text, std::optional<TextView> pair) {
  const EncodeOptions options;
  const Result<Encoding> encoding = tokenizer.encode(text, pair, options);
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, pair, options, ids);
  if (!dropped.ok() || !encoding.ok()) {
    // Only keeping what overflows may be too much.
    const bool overflows =
        dropped.ok() && encoding.status().code() == infercore::Code::kLimitExceeded;
    if (dropped.ok() != encoding.ok() && !overflows) std::abort();
    return;
  }
  if (ids != encoding->ids || encoding->tokens.size() != ids.size()) std::abort();
  for (const auto& [start, end] : encoding->offsets) {
    if (start > text.size() + (pair ? pair->size() : 0)) std::abort();
    if (end > text.size() + (pair ? pair->size() : 0)) std::abort();
  }
  const Result<std::string> decoded = tokenizer.decode(ids, false);
  if (decoded.ok() && decoded->size() > 300'000'000) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result<Tokenizer> tokenizer = Tokenizer::from_json(bytes);
  if (!tokenizer.ok()) return 0;
  const std::string_view text = "Hello <s> w\xC3\xB6rld \xF0\x9F\x99\x82 \xFF  e\xCC\x81 abc";
  check(*tokenizer, text, {});
  check(*tokenizer, std::u16string_view(u"Hello ½ ﬁ"), TextView(text));
  check(*tokenizer, bytes.substr(0, 200), {});
  return 0;
}
