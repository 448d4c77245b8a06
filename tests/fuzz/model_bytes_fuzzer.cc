// Any bytes, as the head of a file of any size, end in an answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "infercore/model_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using infercore::check_model_bytes;
  const std::span<const std::uint8_t> bytes(data, size);
  const bool whole = check_model_bytes(bytes, size).ok();
  // A whole file that is a model is one too when only its beginning is shown, if that begins as
  // all exporters write it and is long enough to tell formats apart.
  const bool beginning = check_model_bytes(bytes.first(size / 2), size).ok();
  if (whole && !beginning && size >= 32 && data[0] == 0x08) std::abort();
  (void)check_model_bytes(bytes, size * 1000);
  (void)check_model_bytes(bytes, ~std::uint64_t{0});
  (void)check_model_bytes(bytes, size / 2);
  return 0;
}
