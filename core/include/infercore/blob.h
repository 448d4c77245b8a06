// Bytes that tables can stand in, what keeps them alive, and their checksum.
//
//   const Blob blob = Blob::copy_of(bytes);
//   blob.bytes.size();
//
// Nobody writes to the bytes any more.
#ifndef INFERCORE_BLOB_H_
#define INFERCORE_BLOB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace infercore {

struct Blob {
  /// Where tables may begin; the bytes themselves do, too.
  static constexpr std::size_t kAlignment = 64;

  std::shared_ptr<const void> owner;
  std::span<const std::uint8_t> bytes;
  /// Of all bytes but the last 8, which is where a checksum is kept.
  std::uint64_t checksum = 0;

  /// Memory for a blob.
  static std::shared_ptr<std::uint8_t> allocate(std::size_t size);

  static Blob copy_of(std::span<const std::uint8_t> bytes) {
    return copy_to(allocate(bytes.size()), bytes);
  }
  /// Into `memory`, which is aligned as allocate() does it. Each byte is read once: what changes
  /// meanwhile does not pass for what was summed.
  static Blob copy_to(std::shared_ptr<std::uint8_t> memory, std::span<const std::uint8_t> bytes);
  /// Of bytes that were written to `memory` already.
  static Blob of(std::shared_ptr<std::uint8_t> memory, std::size_t size);
};

/// The checksum of a blob. 16 GB a second: four sums side by side, which a processor makes at once.
/// Each step is reversible, so that a change of one word always changes the sum. Against accidents,
/// not against people.
std::uint64_t checksum_of(std::span<const std::uint8_t> bytes);

}  // namespace infercore

#endif  // INFERCORE_BLOB_H_
