#include <algorithm>

#include "infercore/tokenizer.h"

namespace infercore {
namespace {

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

void pad(std::span<Encoding> encodings, const Padding& padding) {
  std::size_t length = padding.length.value_or(0);
  if (!padding.length) {
    for (const Encoding& encoding : encodings) length = std::max(length, encoding.size());
  }
  if (padding.multiple_of > 0 && length % padding.multiple_of > 0) {
    length += padding.multiple_of - length % padding.multiple_of;
  }
  for (Encoding& encoding : encodings) pad_to(encoding, length, padding);
}

}  // namespace infercore
