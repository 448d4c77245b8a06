// Bytes that need not be in memory: of a file, or of somebody else.
//
//   class File : public ByteSource { … };
//   File model("model.onnx");
//   find_embedding_tables(inputs, model);
#ifndef INFERCORE_BYTE_SOURCE_H_
#define INFERCORE_BYTE_SOURCE_H_

#include <cstdint>
#include <span>

namespace infercore {

/// Read in pieces, from any place, by one thread at a time.
class ByteSource {
 public:
  explicit ByteSource(std::uint64_t size) : size_(size) {}
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  std::uint64_t size() const noexcept { return size_; }
  /// Fills `to` with the bytes from `at` on, which are within the size; false where they can't be
  /// had.
  virtual bool read(std::uint64_t at, std::span<std::uint8_t> to) = 0;

 private:
  std::uint64_t size_;
};

}  // namespace infercore

#endif  // INFERCORE_BYTE_SOURCE_H_
