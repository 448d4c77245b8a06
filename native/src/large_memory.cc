#include "large_memory.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace infercore::native {

Blob copy_to_large_memory(std::span<const std::uint8_t> bytes) {
#ifdef __linux__
  constexpr std::size_t kPage = std::size_t{2} << 20;
  constexpr std::align_val_t kPlace{kPage};
  // The last page is a large one where most of it is used.
  const std::size_t pages = (bytes.size() + kPage / 2) / kPage * kPage;
  if (pages >= 2 * kPage) {
    const std::size_t size = std::max(bytes.size(), pages);
    std::shared_ptr<std::uint8_t> memory(static_cast<std::uint8_t*>(::operator new(size, kPlace)),
                                         [](std::uint8_t* old) { ::operator delete(old, kPlace); });
    // A wish: where it is not granted, pages are small.
    static_cast<void>(madvise(memory.get(), pages, MADV_HUGEPAGE));
    return Blob::copy_to(std::move(memory), bytes);
  }
#endif
  return Blob::copy_of(bytes);
}

}  // namespace infercore::native
