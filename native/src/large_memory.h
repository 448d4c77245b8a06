// Memory for many megabytes that are written once.
//
// A page of it may be 2 MB: the system hands out a few of those in a fraction of the time that
// thousands of small ones take, which is longer than the copying.
#ifndef INFERCORE_NATIVE_LARGE_MEMORY_H_
#define INFERCORE_NATIVE_LARGE_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "infercore/blob.h"

namespace infercore::native {

/// Blob::copy_of into such memory.
Blob copy_to_large_memory(std::span<const std::uint8_t> bytes);

/// Gives the system what was freed and is kept for later: after a model was loaded or freed that is
/// as much as the model, and no one needs it soon.
void return_freed_memory() noexcept;

/// At least `size` bytes at the beginning of a cache line, for std::free; nullptr when there are
/// none. Large where that pays.
void* allocate_memory(std::size_t size) noexcept;

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_LARGE_MEMORY_H_
