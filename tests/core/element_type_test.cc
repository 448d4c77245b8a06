#include "infercore/element_type.h"

#include <gtest/gtest.h>

namespace infercore {
namespace {

TEST(ElementType, NamesAndTypesBelongTogether) {
  for (int i = 0; i <= static_cast<int>(ElementType::kInt4); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_EQ(element_type_from_name(element_type_name(type)), type);
  }
  EXPECT_EQ(element_type_name(ElementType::kFloat16), "float16");
  EXPECT_EQ(element_type_name(ElementType::kUint64), "uint64");
}

TEST(ElementType, MatchesNamesExactly) {
  for (const char* name : {"", "float", "Float32", "int64 ", "sequence", "bfloat16"}) {
    EXPECT_FALSE(element_type_from_name(name).has_value()) << name;
  }
}

TEST(ElementType, KnowsItsBits) {
  EXPECT_EQ(element_bits(ElementType::kInt64), 64U);
  EXPECT_EQ(element_bits(ElementType::kFloat16), 16U);
  EXPECT_EQ(element_bits(ElementType::kBool), 8U);
  EXPECT_EQ(element_bits(ElementType::kUint4), 4U);
  EXPECT_EQ(element_bits(ElementType::kString), 0U);
}

}  // namespace
}  // namespace infercore
