#include "infercore/element_type.h"

#include <gtest/gtest.h>

namespace infercore {
namespace {

TEST(ElementType, NamesAndTypesBelongTogether) {
  for (int i = 0; i <= static_cast<int>(ElementType::kBfloat16); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_EQ(element_type_from_name(element_type_name(type)), type);
  }
  EXPECT_EQ(element_type_name(ElementType::kFloat16), "float16");
  EXPECT_EQ(element_type_name(ElementType::kUint64), "uint64");
}

TEST(ElementType, MatchesNamesExactly) {
  for (const char* name : {"", "float", "Float32", "int64 ", "sequence", "float8e5m2"}) {
    EXPECT_FALSE(element_type_from_name(name).has_value()) << name;
  }
}

TEST(ElementType, TensorsOfUint16FeedBfloat16) {
  EXPECT_TRUE(can_feed("uint16", ElementType::kBfloat16));
  EXPECT_TRUE(can_feed("bfloat16", ElementType::kBfloat16));
  EXPECT_FALSE(can_feed("uint16", ElementType::kFloat16));
  EXPECT_FALSE(can_feed("bfloat16", ElementType::kUint16));
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
