// Compiled tokenizers with numbers changed at will and the right checksum: what loads can encode
// and decode. The input is no such file, but what is to be changed in one: the first byte says in
// which (255: in none, the rest is the file), every six bytes then a place and a number.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/sentence_piece.h"
#include "../core/small_tokenizers.h"
#include "infercore/tokenizer.h"
#include "tokenizer/compiled.h"

namespace {

using infercore::Blob;
using infercore::Encoding;
using infercore::Result;
using infercore::SmallTokenizer;
using infercore::Tokenizer;

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> make_bases() {
  std::vector<Bytes> bases;
  for (const SmallTokenizer& small : infercore::small_tokenizers()) {
    bases.push_back(*Tokenizer::from_json(small.json)->compile());
  }
  using infercore::sentence_piece::kUnk;
  using infercore::sentence_piece::piece;
  const std::string pieces = kUnk + piece("<s>", 0, 3) + piece("New", 0, 4) + piece("▁") +
                             piece("a", -2) + piece("b", -3) + piece("ab", -1) + piece("l", -4);
  for (const std::string& file : {pieces, pieces + infercore::sentence_piece::trainer(2)}) {
    bases.push_back(*Tokenizer::from_bytes(file, R"({"bos":"<s>","first":true})")->compile());
  }
  return bases;
}

template <typename T>
T read(const std::uint8_t* data) {
  T value{};
  std::memcpy(&value, data, sizeof(value));
  return value;
}

Bytes changed(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Bytes> kBases = make_bases();
  if (data[0] == 255) return {data + 1, data + size};
  Bytes bytes = kBases[data[0] % kBases.size()];
  for (std::size_t at = 1; at + 6 <= size; at += 6) {
    const std::size_t place = read<std::uint16_t>(data + at) % (bytes.size() / 4) * 4;
    std::memcpy(&bytes[place], data + at + 2, 4);
  }
  const std::uint64_t whole = bytes.size();
  std::memcpy(&bytes[16], &whole, 8);
  const std::uint64_t sum = infercore::checksum_of(std::span(bytes).first(bytes.size() - 8));
  std::memcpy(&bytes[bytes.size() - 8], &sum, 8);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Result<Tokenizer> tokenizer = Tokenizer::from_compiled(Blob::copy_of(changed(data, size)));
  if (!tokenizer.ok()) return 0;
  const std::string_view text =
      "Hello <s> w\xC3\xB6rld abcab\xC3\xA9 New York \xF0\x9F\x99\x82 \xFF hello aab";
  const Result<Encoding> encoding = tokenizer->encode(text, text);
  std::vector<std::uint32_t> ids;
  static_cast<void>(tokenizer->encode_ids(text, text, {}, ids));
  // (The ids of both may differ: where words may be cut is a table, too.)
  if (encoding.ok() && encoding->tokens.size() != encoding->ids.size()) std::abort();
  static_cast<void>(tokenizer->decode(ids, false));
  for (std::uint32_t id = 0; id < 32; ++id) static_cast<void>(tokenizer->id_to_token(id));
  infercore::AddedToken token;
  token.content = "abc";
  const Result<Tokenizer> larger = tokenizer->with_tokens({&token, 1});
  if (larger.ok()) static_cast<void>(larger->encode(text));
  static_cast<void>(tokenizer->compile());
  return 0;
}
