// A list that never changes: its own, or a part of a blob that it keeps alive.
//
//   const auto own = Table<std::uint32_t>::copy_of(numbers);
//   const Table<std::uint32_t> part(blob, words, 2);
//
// What reads one does not know which. Copies share the memory.
#ifndef INFERCORE_TOKENIZER_TABLE_H_
#define INFERCORE_TOKENIZER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "infercore/blob.h"

namespace infercore {

template <typename T>
class Table {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Table() = default;
  Table(std::shared_ptr<const void> owner, const T* data, std::size_t size)
      : owner_(std::move(owner)), data_(data), size_(size) {}

  static Table copy_of(std::span<const T> list) {
    std::shared_ptr<std::uint8_t> memory = Blob::allocate(list.size_bytes());
    if (!list.empty()) std::memcpy(memory.get(), list.data(), list.size_bytes());
    const T* data = reinterpret_cast<const T*>(memory.get());
    return Table(std::move(memory), data, list.size());
  }

  const T& operator[](std::size_t i) const noexcept { return data_[i]; }
  const T* data() const noexcept { return data_; }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::span<const T> span() const noexcept { return {data_, size_}; }
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }

 private:
  std::shared_ptr<const void> owner_;
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_TABLE_H_
