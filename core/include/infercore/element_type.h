// The element types of tensors, under the names that onnxruntime-common gives them. It has none for
// bfloat16: tensors of type "uint16" hold its bits, and that is how it is fed.
//
//   const std::optional<ElementType> type = element_type_from_name("int64");
//   element_bits(*type);       // 64
//   element_type_name(*type);  // "int64"
#ifndef INFERCORE_ELEMENT_TYPE_H_
#define INFERCORE_ELEMENT_TYPE_H_

#include <optional>
#include <string_view>

namespace infercore {

enum class ElementType {
  kFloat32,
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kInt32,
  kInt64,
  kString,
  kBool,
  kFloat16,
  kFloat64,
  kUint32,
  kUint64,
  kUint4,
  kInt4,
  kBfloat16,
};

/// "float32", "int64", "string", …: a static string.
std::string_view element_type_name(ElementType type) noexcept;

/// Absent for a name that is no element type. Names are matched exactly.
std::optional<ElementType> element_type_from_name(std::string_view name) noexcept;

/// Is a tensor of the type `fed` what an input of type `expected` takes?
bool can_feed(std::string_view fed, ElementType expected) noexcept;

/// Bits of one element: 4 for the packed types, 8 for bool, 0 for string.
unsigned element_bits(ElementType type) noexcept;

}  // namespace infercore

#endif  // INFERCORE_ELEMENT_TYPE_H_
