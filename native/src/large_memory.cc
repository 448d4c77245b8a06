#include "large_memory.h"

#ifdef __linux__
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

namespace infercore::native {

namespace {

constexpr std::size_t kPage = std::size_t{2} << 20;

/// How many bytes of `size` large pages take; 0 where they do not pay.
std::size_t bytes_on_pages(std::size_t size) {
  // The last page is a large one where most of it is used.
  const std::size_t bytes = (size + kPage / 2) / kPage * kPage;
  return bytes >= 2 * kPage ? bytes : 0;
}

void wish_for_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef __linux__
  // Where it is not granted, pages are small.
  static_cast<void>(madvise(memory, bytes, MADV_HUGEPAGE));
#endif
}

}  // namespace

Blob copy_to_large_memory(std::span<const std::uint8_t> bytes) {
  constexpr std::align_val_t kPlace{kPage};
  const std::size_t pages = bytes_on_pages(bytes.size());
  if (pages == 0) return Blob::copy_of(bytes);
  const std::size_t size = std::max(bytes.size(), pages);
  std::shared_ptr<std::uint8_t> memory(static_cast<std::uint8_t*>(::operator new(size, kPlace)),
                                       [](std::uint8_t* old) { ::operator delete(old, kPlace); });
  wish_for_pages(memory.get(), pages);
  return Blob::copy_to(std::move(memory), bytes);
}

void return_freed_memory() noexcept {
#ifdef __GLIBC__
  static_cast<void>(malloc_trim(0));
#endif
}

void* allocate_memory(std::size_t size) noexcept {
  constexpr std::size_t kLine = 64;
  const std::size_t pages = bytes_on_pages(size);
  const std::size_t place = pages == 0 ? kLine : kPage;
  // aligned_alloc wants a multiple of the alignment.
  void* memory = std::aligned_alloc(place, (size / place + 1) * place);
  if (memory != nullptr && pages != 0) wish_for_pages(memory, pages);
  return memory;
}

}  // namespace infercore::native
