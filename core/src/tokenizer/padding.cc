#include <algorithm>
#include <string>

#include "infercore/tokenizer.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxLength = std::size_t{1} << 20;  // far more than any model takes
constexpr std::size_t kMaxMultiple = std::size_t{1} << 16;
constexpr std::size_t kMaxToken = 4096;

template <typename T>
void fill(std::vector<T>& list, std::size_t count, const T& value, Direction direction) {
  list.insert(direction == Direction::kLeft ? list.begin() : list.end(), count, value);
}

void pad_to(Encoding& encoding, std::size_t length, const Padding& padding) {
  for (Encoding& other : encoding.overflowing) pad_to(other, length, padding);
  if (encoding.size() >= length) return;
  const std::size_t count = length - encoding.size();
  const bool ids_only = encoding.tokens.size() != encoding.size();
  fill(encoding.ids, count, padding.id, padding.direction);
  if (ids_only) return;
  fill(encoding.type_ids, count, padding.type_id, padding.direction);
  fill(encoding.tokens, count, padding.token, padding.direction);
  fill(encoding.offsets, count, {0, 0}, padding.direction);
  fill(encoding.word_ids, count, Encoding::kNone, padding.direction);
  fill(encoding.sequence_ids, count, encoding.pad_sequence_id, padding.direction);
  fill(encoding.special_tokens_mask, count, std::uint8_t{1}, padding.direction);
  fill(encoding.attention_mask, count, std::uint8_t{0}, padding.direction);
}

}  // namespace

Status check_padding(const Padding& padding) {
  const auto exceeds = [](const char* what, std::size_t most, std::size_t received) {
    return Status(Code::kLimitExceeded, std::string("expected ") + what + " of at most " +
                                            std::to_string(most) + ", received " +
                                            std::to_string(received));
  };
  if (padding.length.value_or(0) > kMaxLength) {
    return exceeds("padding to a length", kMaxLength, *padding.length);
  }
  if (padding.multiple_of > kMaxMultiple) {
    return exceeds("padding to a multiple", kMaxMultiple, padding.multiple_of);
  }
  if (padding.token.size() > kMaxToken) {
    return exceeds("a padding token in bytes", kMaxToken, padding.token.size());
  }
  return {};
}

void pad(std::span<Encoding> encodings, const Padding& padding) {
  std::size_t length = padding.length.value_or(0);
  if (!padding.length) {
    for (const Encoding& encoding : encodings) length = std::max(length, encoding.size());
  }
  length = padding.rounded(length);
  for (Encoding& encoding : encodings) pad_to(encoding, length, padding);
}

}  // namespace infercore
