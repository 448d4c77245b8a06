#include "tokenizer/formats/protobuf.h"

#include <cstring>

namespace infercore {
namespace {

constexpr unsigned kGroupBegins = 3;
constexpr unsigned kGroupEnds = 4;

}  // namespace

bool ProtobufReader::fail() {
  ok_ = false;
  rest_ = {};
  return false;
}

bool ProtobufReader::read_varint(std::uint64_t& value) {
  value = 0;
  for (unsigned i = 0; i < 10; ++i) {
    if (i == rest_.size()) return fail();
    const auto byte = static_cast<unsigned char>(rest_[i]);
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte >= 0x80) continue;
    rest_.remove_prefix(i + 1);
    return true;
  }
  return fail();
}

bool ProtobufReader::read_fixed(std::size_t size) {
  if (rest_.size() < size) return fail();
  bytes_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  value_ = 0;
  for (std::size_t i = size; i > 0; --i) {
    value_ = value_ << 8 | static_cast<unsigned char>(bytes_[i - 1]);
  }
  return true;
}

bool ProtobufReader::read_field() {
  std::uint64_t length = 0;
  switch (wire_) {
    case Wire::kVarint:
      return read_varint(value_);
    case Wire::kFixed64:
      return read_fixed(8);
    case Wire::kFixed32:
      return read_fixed(4);
    case Wire::kBytes:
      if (!read_varint(length)) return false;
      if (length > rest_.size()) return fail();
      bytes_ = rest_.substr(0, static_cast<std::size_t>(length));
      rest_.remove_prefix(bytes_.size());
      return true;
  }
  return fail();
}

bool ProtobufReader::next() {
  for (;;) {
    if (rest_.empty()) return depth_ == 0 ? false : fail();
    std::uint64_t tag = 0;
    if (!read_varint(tag)) return false;
    const std::uint64_t number = tag >> 3;
    if (number == 0 || number > 0x1FFFFFFF) return fail();
    const auto wire = static_cast<unsigned>(tag & 7);
    if (wire == kGroupBegins) {
      if (++depth_ > kMaxDepth) return fail();
      continue;
    }
    if (wire == kGroupEnds) {
      if (--depth_ < 0) return fail();
      continue;
    }
    number_ = static_cast<std::uint32_t>(number);
    wire_ = static_cast<Wire>(wire);
    if (!read_field()) return false;
    if (depth_ == 0) return true;
  }
}

float ProtobufReader::fixed_float() const noexcept {
  const auto bits = static_cast<std::uint32_t>(value_);
  float value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

}  // namespace infercore
