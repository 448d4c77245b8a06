// Memory of the build with threads: small blocks that C++ frees stay with the thread that freed
// them.
//
// Emscripten's malloc has one lock for all threads. Tokenizing asks for memory a dozen times a
// text, and the page's main thread, which may not sleep, spends its time on waiting for that lock.
#ifdef __EMSCRIPTEN_PTHREADS__

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

/// Blocks are kept by their size in steps of this many bytes, up to kLargest.
constexpr std::size_t kStep = 16;
constexpr std::size_t kLargest = 1024;
/// So many of each size, at most 1 MB a thread.
constexpr std::uint32_t kMostKept = 32;

struct FreeBlock {
  FreeBlock* next;
};

struct List {
  FreeBlock* first;
  std::uint32_t count;
};

/// By size / kStep; each block is at least as large. The module's threads end with the page.
thread_local std::array<List, kLargest / kStep + 1> kept;

void* allocate(std::size_t size) {
  if (size > kLargest) return std::malloc(size);
  const std::size_t steps = (size + kStep - 1) / kStep;
  List& list = kept[steps];
  if (list.first == nullptr) return std::malloc(steps * kStep);
  FreeBlock* const block = list.first;
  list.first = block->next;
  --list.count;
  return block;
}

void release(void* memory) {
  const std::size_t steps = malloc_usable_size(memory) / kStep;
  if (steps == 0 || steps >= kept.size() || kept[steps].count == kMostKept) {
    std::free(memory);
    return;
  }
  List& list = kept[steps];
  list.first = new (memory) FreeBlock{list.first};
  ++list.count;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* operator new[](std::size_t size) { return operator new(size); }

void operator delete(void* memory) noexcept {
  if (memory != nullptr) release(memory);
}

void operator delete[](void* memory) noexcept { operator delete(memory); }

void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

void operator delete[](void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

#endif  // __EMSCRIPTEN_PTHREADS__
