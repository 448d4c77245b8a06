// Tensors of a `.safetensors` file: eight bytes with the header's length, a JSON header with the
// type, shape and place of each tensor, then the data.
//
//   auto file = Safetensors::parse(bytes);
//   const Safetensors::Entry* weight = file->find("linear.weight");
//   Result<std::vector<float>> values = Safetensors::to_floats(*weight);
//
// The bytes are hostile: every length and offset is checked before it is used.
#ifndef INFERCORE_SAFETENSORS_H_
#define INFERCORE_SAFETENSORS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/status.h"

namespace infercore {

class Safetensors {
 public:
  struct Entry {
    std::string name;
    std::string dtype;  ///< as the file spells it: "F32", "F16", "BF16", …
    std::vector<std::size_t> shape;
    std::span<const std::uint8_t> data;  ///< lives as long as the bytes given to parse()
  };

  /// Reads the header. `bytes` must live as long as the entries are used. Checked: the header's
  /// length (at most 16 MB), its JSON, each offset against the file and the shape, and that the
  /// tensors neither overlap nor leave gaps. Errors: NOT_A_MODEL (the message says what is wrong
  /// and where), LIMIT_EXCEEDED (header too long, more than 65,536 tensors, more than 8
  /// dimensions).
  static Result<Safetensors> parse(std::span<const std::uint8_t> bytes);

  /// In the order of their data.
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  /// nullptr when there is none.
  const Entry* find(std::string_view name) const noexcept;

  /// The values of an F32, F16 or BF16 tensor. Error: UNSUPPORTED_COMPONENT for another type.
  static Result<std::vector<float>> to_floats(const Entry& entry);

 private:
  std::vector<Entry> entries_;
};

}  // namespace infercore

#endif  // INFERCORE_SAFETENSORS_H_
