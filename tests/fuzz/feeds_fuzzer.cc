// Any names, types, sizes, lengths, data and constraints end in a list of faults that is not too
// long.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "infercore/fault_list.h"
#include "infercore/feeds.h"

namespace {

/// Takes values off the front of the fuzzer's bytes; zeros when none are left.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data, size) {}

  std::uint8_t byte() {
    if (data_.empty()) return 0;
    const std::uint8_t first = data_.front();
    data_ = data_.subspan(1);
    return first;
  }
  double number() {
    const std::uint8_t kind = byte();
    if (kind < 200) return kind % 8;
    double value = 0;
    std::uint8_t raw[sizeof value];
    for (std::uint8_t& each : raw) each = byte();
    std::memcpy(&value, raw, sizeof value);
    return value;
  }
  std::string name() {
    static constexpr const char* kNames[] = {"a", "ab", "input_ids", "inputs_ids",
                                             "0", "-1", "values"};
    const std::uint8_t kind = byte();
    if (kind < 200) return kNames[kind % 7];
    std::string out;
    for (std::uint8_t left = byte() % 100; left > 0; --left) out += static_cast<char>(byte());
    return out;
  }
  std::string type() {
    static constexpr const char* kTypes[] = {"float32", "int64",   "string", "bool",    "float16",
                                             "uint4",   "float64", "int8",   "sequence"};
    const std::uint8_t kind = byte();
    return kind < 240 ? kTypes[kind % 9] : name();
  }
  std::span<const std::uint8_t> slice() {
    const std::size_t length = byte();
    const auto out = data_.first(length < data_.size() ? length : data_.size());
    data_ = data_.subspan(out.size());
    return out;
  }

 private:
  std::span<const std::uint8_t> data_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace infercore;  // NOLINT(google-build-using-namespace)
  Bytes bytes(data, size);
  std::vector<ValueSignature> inputs(bytes.byte() % 6);
  for (ValueSignature& input : inputs) {
    input.name = bytes.name();
    input.type = bytes.type();
    for (std::uint8_t left = bytes.byte() % 5; left > 0; --left) {
      const std::uint8_t kind = bytes.byte();
      input.dims.push_back(kind < 100 ? Dimension::fixed(kind % 4) : Dimension::free(bytes.name()));
    }
    input.required = bytes.byte() % 4 != 0;
  }
  std::vector<FeedSignature> feeds(bytes.byte());
  for (FeedSignature& feed : feeds) {
    feed.name = bytes.name();
    feed.type = bytes.type();
    for (std::uint8_t left = bytes.byte() % 5; left > 0; --left)
      feed.dims.push_back(bytes.number());
    feed.length = bytes.byte();
    feed.data = bytes.slice();
  }
  std::vector<Constraint> constraints(bytes.byte() % 6);
  for (Constraint& constraint : constraints) {
    constraint.input = bytes.name();
    constraint.axis = bytes.name();
    const std::uint8_t which = bytes.byte();
    if ((which & 1U) != 0) constraint.range.min = bytes.number();
    if ((which & 2U) != 0) constraint.range.max = bytes.number();
    if ((which & 4U) != 0) constraint.range.multiple_of = bytes.number();
    constraint.range.finite = (which & 8U) != 0;
  }
  if (validate_feeds(inputs, feeds, constraints).size() > kMaxFaults) std::abort();
  return 0;
}
