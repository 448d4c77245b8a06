// ONNX files of a few fields, for tests of what reads them.
#ifndef INFERCORE_TESTS_CORE_ONNX_BYTES_H_
#define INFERCORE_TESTS_CORE_ONNX_BYTES_H_

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

#include "infercore/byte_source.h"

namespace infercore {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(value);
}
inline std::string field(unsigned number, std::string_view bytes) {
  return varint(number << 3U | 2U) + varint(bytes.size()) + std::string(bytes);
}
inline std::string field(unsigned number, std::uint64_t value) {
  return varint(number << 3U) + varint(value);
}

/// Counts what is read of it.
struct CountedBytes : ByteSource {
  explicit CountedBytes(const std::string& given) : ByteSource(given.size()), bytes(given) {}

  bool read(std::uint64_t at, std::span<std::uint8_t> to) override {
    EXPECT_LE(at + to.size(), bytes.size());
    EXPECT_GT(to.size(), 0U);
    count += to.size();
    std::memcpy(to.data(), bytes.data() + at, to.size());
    return true;
  }

  const std::string& bytes;
  std::size_t count = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TESTS_CORE_ONNX_BYTES_H_
