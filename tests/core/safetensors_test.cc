#include "infercore/safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "half.h"
#include "safetensors_file.h"

namespace infercore {
namespace {

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}";
}

Status status_of(const std::string& header, std::size_t data_size) {
  return Safetensors::parse(safetensors_file(header, std::vector<std::uint8_t>(data_size)))
      .status();
}

TEST(Safetensors, ReadsTensorsAndTheirValues) {
  const std::vector<std::uint8_t> file = safetensors_file(
      "{" + tensor("b", "F16", "[2]", "[8,12]") + R"(,"__metadata__":{"format":"pt"},)" +
          tensor("a", "F32", "[1,2]", "[0,8]") + "," + tensor("c", "BF16", "[]", "[12,14]") + "," +
          tensor("empty", "F32", "[0,7]", "[8,8]") + "}  ",
      {0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc1, 0, 0x3c, 0x66, 0x2e, 0xc0, 0x3f});
  const Result<Safetensors> parsed = Safetensors::parse(file);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->entries().size(), 4U);
  EXPECT_EQ(parsed->find("a")->shape, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(*Safetensors::to_floats(*parsed->find("a")), (std::vector<float>{1, -10}));
  EXPECT_EQ(*Safetensors::to_floats(*parsed->find("b")), (std::vector<float>{1, 0.0999755859375F}));
  EXPECT_EQ(*Safetensors::to_floats(*parsed->find("c")), (std::vector<float>{1.5F}));
  EXPECT_TRUE(Safetensors::to_floats(*parsed->find("empty"))->empty());
  EXPECT_EQ(parsed->find("d"), nullptr);
}

TEST(Safetensors, ReadsEveryHalf) {
  EXPECT_EQ(float_of_half(0x0001), 0x1p-24F);  // the smallest
  EXPECT_EQ(float_of_half(0x83ff), -0x3ffp-24F);
  EXPECT_EQ(float_of_half(0x0400), 0x1p-14F);  // the smallest normal one
  EXPECT_EQ(float_of_half(0x7bff), 65504.0F);
  EXPECT_EQ(float_of_half(0xfc00), -std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(float_of_half(0x7e00)));
  EXPECT_TRUE(std::signbit(float_of_half(0x8000)));
  EXPECT_EQ(float_of_bfloat16(0xc000), -2.0F);
  float before = -1;
  for (std::uint16_t bits = 0; bits <= 0x7c00; ++bits) {
    EXPECT_GT(float_of_half(bits), before) << bits;
    before = float_of_half(bits);
  }
}

TEST(Safetensors, RefusesBrokenFiles) {
  EXPECT_EQ(Safetensors::parse({}).status().code(), Code::kNotAModel);
  const std::vector<std::uint8_t> short_file = {1, 2, 3};
  EXPECT_EQ(Safetensors::parse(short_file).status().code(), Code::kNotAModel);
  std::vector<std::uint8_t> huge(16, 0xff);  // a header of 2⁶⁴ − 1 bytes
  EXPECT_EQ(Safetensors::parse(huge).status().code(), Code::kNotAModel);

  const std::string good = tensor("a", "F32", "[2]", "[0,8]");
  const std::string cases[] = {
      "",
      "[]",
      "{",
      "{} x",
      "{" + tensor("a", "F32", "[2]", "[0,9]") + "}",     // more bytes than the shape has
      "{" + tensor("a", "F32", "[2]", "[8,0]") + "}",     // backwards
      "{" + tensor("a", "F32", "[2]", "[8,16]") + "}",    // beyond the end
      "{" + tensor("a", "F32", "[2]", "[0]") + "}",       // one offset
      "{" + tensor("a", "F32", "[2]", "[0,8,8]") + "}",   // three
      "{" + tensor("a", "F32", "[-2]", "[0,8]") + "}",    // a negative size
      "{" + tensor("a", "F32", "[2.5]", "[0,8]") + "}",   // no whole one
      "{" + tensor("a", "F32", "\"2\"", "[0,8]") + "}",   // no list
      "{" + tensor("a", "F32", "[1e19]", "[0,8]") + "}",  // beyond 64 bits
      "{" + tensor("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}",  // 2⁶⁴ wraps to 0
      "{" + good + "," + tensor("b", "F32", "[2]", "[0,8]") + "}",         // shared
      "{" + good + "," + tensor("b", "F32", "[1]", "[4,8]") + "}",         // overlapping
      "{" + tensor("a", "F32", "[1]", "[4,8]") + "}",                      // a gap at the front
      "{" + tensor("a", "F32", "[1]", "[0,4]") + "}",                      // and at the end
      R"({"a":7})",
      R"({"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}})",
  };
  EXPECT_TRUE(status_of("{" + good + "}", 8).ok());
  for (const std::string& header : cases) {
    EXPECT_EQ(status_of(header, 8).code(), Code::kNotAModel) << header;
  }
}

TEST(Safetensors, HasLimits) {
  EXPECT_EQ(status_of("{" + tensor("a", "Q3", "[2]", "[0,8]") + "}", 8).code(),
            Code::kUnsupportedComponent);
  EXPECT_EQ(status_of("{" + tensor("a", "F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]") + "}", 8).code(),
            Code::kLimitExceeded);
  EXPECT_EQ(status_of(std::string((16 << 20) + 1, ' '), 0).code(), Code::kLimitExceeded);
  EXPECT_FALSE(status_of(std::string(1000, '['), 0).ok());
  std::string many = "{";
  for (int i = 0; i <= 65536; ++i) many += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  EXPECT_EQ(status_of(many + "}", 0).code(), Code::kLimitExceeded);

  const std::vector<std::uint8_t> file =
      safetensors_file("{" + tensor("a", "I32", "[1]", "[0,4]") + "}", {1, 0, 0, 0});
  EXPECT_EQ(Safetensors::to_floats(*Safetensors::parse(file)->find("a")).status().code(),
            Code::kUnsupportedComponent);
}

}  // namespace
}  // namespace infercore
