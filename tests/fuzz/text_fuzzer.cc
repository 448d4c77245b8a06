// Any bytes as a text, for a tokenizer with most components: UTF-8 and UTF-16 agree, and so do the
// two ways to encode. The first byte picks the tokenizer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "unicode/utf.h"

namespace {

using infercore::Encoding;
using infercore::Result;
using infercore::TextView;
using infercore::Tokenizer;

constexpr std::string_view kModel =
    R"("model":{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["<unk>",0],["▁",-2],["a",-3],)"
    R"(["b",-3.5],["ab",-3.7],["▁a",-4],["é",-5],["e",-5.5],["1⁄2",-6],["ing",-4.5],["<0x41>",-9]]})"
    R"(,"added_tokens":[{"id":1,"content":"<s>","single_word":false,"lstrip":true,"rstrip":false,)"
    R"("normalized":false,"special":true},{"id":2,"content":"AB","single_word":true,"lstrip":false,)"
    R"("rstrip":true,"normalized":true,"special":false}])";
constexpr std::string_view kMetaspace =
    R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"always"})";

const std::vector<Tokenizer>& tokenizers() {
  static const std::vector<Tokenizer> all = [] {
    const std::string model(kModel);
    const std::string metaspace(kMetaspace);
    const std::string rest = ",\"pre_tokenizer\":" + metaspace + ",\"decoder\":" + metaspace + "}";
    std::vector<Tokenizer> list;
    for (
        const char* normalizer :
        {R"({"type":"NFC"})", R"({"type":"NFKD"})",
         R"({"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]})",
         R"({"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"},{"type":"Nmt"}]})",
         R"({"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"Regex":"\\s{2,}|[\\n\\t]|(?<!\\n)^"},"content":"_"},{"type":"Strip","strip_left":true,"strip_right":true}]})"}) {
      list.push_back(*Tokenizer::from_json("{" + model + ",\"normalizer\":" + normalizer + rest));
    }
    // Tokens of white space take each other's along: there the bytes of the tokens overlap.
    list.push_back(*Tokenizer::from_json(
        "{" + model.substr(0, model.size() - 1) +
        R"(,{"id":3,"content":" ","single_word":false,"lstrip":true,"rstrip":true,"normalized":false,)"
        R"("special":false},{"id":4,"content":"\n","single_word":false,"lstrip":false,"rstrip":true,)"
        R"("normalized":true,"special":false}])" +
        rest));
    return list;
  }();
  return all;
}

/// The same text in UTF-16, broken parts as U+FFFD.
std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) {
    const infercore::unicode::Character c = infercore::unicode::decode_utf8(text, at);
    at += c.units;
    if (c.code > 0xFFFF) {
      units += static_cast<char16_t>(0xD7C0 + (c.code >> 10));
      units += static_cast<char16_t>(0xDC00 + (c.code & 0x3FF));
    } else {
      units += static_cast<char16_t>(c.code);
    }
  }
  return units;
}

template <typename T>
bool is_too_much(const Result<T>& result) {
  return result.status().code() == infercore::Code::kLimitExceeded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Tokenizer& tokenizer = tokenizers()[data[0] % tokenizers().size()];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::u16string units = to_utf16(text);
  const Result<Encoding> utf8 = tokenizer.encode(text);
  const Result<Encoding> utf16 = tokenizer.encode(std::u16string_view(units));
  std::vector<std::uint32_t> ids;
  const Result<std::size_t> dropped = tokenizer.encode_ids(text, {}, {}, ids);
  // Only tokens that take all white space behind them along may become too much, and on both ways.
  if (is_too_much(utf8) && is_too_much(utf16) && is_too_much(dropped)) return 0;
  if (!utf8.ok() || !utf16.ok() || !dropped.ok()) std::abort();
  if (utf8->ids != utf16->ids || utf8->ids != ids || utf8->tokens != utf16->tokens) std::abort();
  for (const auto& [start, end] : utf8->offsets) {
    if (start > end || end > text.size()) std::abort();
  }
  // The units as they are, lone surrogates and all.
  std::u16string raw;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    raw += static_cast<char16_t>(static_cast<unsigned char>(text[i]) << 8 |
                                 static_cast<unsigned char>(text[i + 1]));
  }
  const Result<Encoding> broken = tokenizer.encode(std::u16string_view(raw));
  if (!broken.ok() && !is_too_much(broken)) std::abort();
  if (!tokenizer.decode(ids, false).ok()) std::abort();
  return 0;
}
