#include "infercore/blob.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

namespace infercore {
namespace {

constexpr std::size_t kWord = 8;

std::uint64_t mix(std::uint64_t value) {
  value *= 0x9E3779B97F4A7C15U;
  return value ^ value >> 29;
}

/// The checksum of `size` bytes; `next(at)` gives the word there.
template <typename Next>
std::uint64_t sum(std::size_t size, const Next& next) {
  std::uint64_t a = 1;
  std::uint64_t b = 2;
  std::uint64_t c = 3;
  std::uint64_t d = 4;
  std::size_t at = 0;
  for (; at + 4 * kWord <= size; at += 4 * kWord) {
    a = mix(a ^ next(at));
    b = mix(b ^ next(at + kWord));
    c = mix(c ^ next(at + 2 * kWord));
    d = mix(d ^ next(at + 3 * kWord));
  }
  for (; at + kWord <= size; at += kWord) a = mix(a ^ next(at));
  return mix(mix(mix(mix(size ^ a) ^ b) ^ c) ^ d);
}

std::uint64_t read(const std::uint8_t* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, kWord);
  return word;
}

std::size_t summed(std::size_t size) { return size - std::min(size, kWord); }

}  // namespace

std::shared_ptr<std::uint8_t> Blob::allocate(std::size_t size) {
  constexpr std::align_val_t kPlace{kAlignment};
  return {static_cast<std::uint8_t*>(::operator new(size, kPlace)),
          [](std::uint8_t* memory) { ::operator delete(memory, kPlace); }};
}

Blob Blob::copy_to(std::shared_ptr<std::uint8_t> memory, std::span<const std::uint8_t> bytes) {
  std::uint8_t* to = memory.get();
  const std::uint8_t* from = bytes.data();
  const std::size_t size = summed(bytes.size());
  const std::uint64_t checksum = sum(size, [to, from](std::size_t at) {
    const std::uint64_t word = read(from + at);
    std::memcpy(to + at, &word, kWord);
    return word;
  });
  const std::size_t rest = size / kWord * kWord;
  if (bytes.size() > rest) std::memcpy(to + rest, from + rest, bytes.size() - rest);
  return {std::move(memory), {to, bytes.size()}, checksum};
}

Blob Blob::of(std::shared_ptr<std::uint8_t> memory, std::size_t size) {
  const std::span<const std::uint8_t> bytes(memory.get(), size);
  return {std::move(memory), bytes, checksum_of(bytes.first(summed(size)))};
}

std::uint64_t checksum_of(std::span<const std::uint8_t> bytes) {
  return sum(bytes.size(), [data = bytes.data()](std::size_t at) { return read(data + at); });
}

}  // namespace infercore
