// Any bytes end in tables with rows, and are read within their bounds alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>

#include "infercore/embedding_tables.h"

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
  const std::string inputs[] = {"ids", "x"};
  Bytes bytes({data, size});
  for (const auto& table : infercore::find_embedding_tables(inputs, bytes)) {
    if (table.rows < 1 || table.rows > (std::int64_t{1} << 53U)) std::abort();
    if (table.input != "ids" && table.input != "x") std::abort();
  }
  return 0;
}
