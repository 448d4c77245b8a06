// Any bytes end in weights of a known size, which lie inside the bytes where they say so, and are
// read within their bounds alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "infercore/weights.h"

namespace {

struct Bytes : infercore::ByteSource {
  explicit Bytes(std::span<const std::uint8_t> given) : ByteSource(given.size()), bytes(given) {}

  bool read(std::uint64_t at, std::span<std::uint8_t> to) override {
    if (to.empty() || at > bytes.size() || to.size() > bytes.size() - at) std::abort();
    std::memcpy(to.data(), bytes.data() + at, to.size());
    return true;
  }

  std::span<const std::uint8_t> bytes;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes({data, size});
  for (const auto& weight : infercore::find_weights(bytes)) {
    if (weight.name.empty() || weight.size < infercore::kSmallestWeight) std::abort();
    for (const std::int64_t dim : weight.dims) {
      if (dim < 1) std::abort();
    }
    if (!weight.file.empty()) continue;
    if (weight.at > size || weight.size > size - weight.at) std::abort();
  }
  return 0;
}
