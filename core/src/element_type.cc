#include "infercore/element_type.h"

#include <array>
#include <cstddef>

namespace infercore {
namespace {

struct Row {
  std::string_view name;
  unsigned bits;
};

/// In the order of the enum.
constexpr std::array<Row, 16> kTypes = {{{"float32", 32},
                                         {"uint8", 8},
                                         {"int8", 8},
                                         {"uint16", 16},
                                         {"int16", 16},
                                         {"int32", 32},
                                         {"int64", 64},
                                         {"string", 0},
                                         {"bool", 8},
                                         {"float16", 16},
                                         {"float64", 64},
                                         {"uint32", 32},
                                         {"uint64", 64},
                                         {"uint4", 4},
                                         {"int4", 4},
                                         {"bfloat16", 16}}};
static_assert(kTypes.size() == static_cast<std::size_t>(ElementType::kBfloat16) + 1);

}  // namespace

std::string_view element_type_name(ElementType type) noexcept {
  return kTypes[static_cast<std::size_t>(type)].name;
}

std::optional<ElementType> element_type_from_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (kTypes[i].name == name) return static_cast<ElementType>(i);
  }
  return {};
}

bool can_feed(std::string_view fed, ElementType expected) noexcept {
  return fed == element_type_name(expected) ||
         (expected == ElementType::kBfloat16 && fed == "uint16");
}

unsigned element_bits(ElementType type) noexcept {
  return kTypes[static_cast<std::size_t>(type)].bits;
}

}  // namespace infercore
