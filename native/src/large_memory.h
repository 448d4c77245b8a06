// Memory for many megabytes that are written once.
#ifndef INFERCORE_NATIVE_LARGE_MEMORY_H_
#define INFERCORE_NATIVE_LARGE_MEMORY_H_

#include <cstdint>
#include <span>

#include "infercore/blob.h"

namespace infercore::native {

/// Blob::copy_of where a page of memory may be 2 MB: the system hands out a few of those in a
/// fraction of the time that thousands of small ones take, which is longer than the copying.
Blob copy_to_large_memory(std::span<const std::uint8_t> bytes);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_LARGE_MEMORY_H_
