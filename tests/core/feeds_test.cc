#include "infercore/feeds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "infercore/fault_list.h"

namespace infercore {
namespace {

ValueSignature text_input(std::string name) {
  return {std::move(name), "int64", {Dimension::free("batch"), Dimension::free("length")}};
}

std::vector<ValueSignature> text_inputs() {
  return {text_input("input_ids"), text_input("attention_mask")};
}

/// A feed whose data is as long as its dimensions say.
FeedSignature feed(std::string name, std::string type, std::vector<double> dims) {
  double elements = 1;
  for (const double size : dims) elements *= size;
  return {std::move(name), std::move(type), std::move(dims), static_cast<std::uint64_t>(elements)};
}

std::vector<FeedSignature> text_feeds(double batch, double length) {
  return {feed("input_ids", "int64", {batch, length}),
          feed("attention_mask", "int64", {batch, length})};
}

std::vector<std::string> messages(const std::vector<Fault>& faults) {
  std::vector<std::string> out;
  out.reserve(faults.size());
  for (const Fault& fault : faults) out.push_back(fault.message);
  return out;
}

using Messages = std::vector<std::string>;

/// The faults of one feed for one input.
Messages of_one(const ValueSignature& input, const FeedSignature& given,
                const std::vector<Constraint>& constraints = {}) {
  return messages(validate_feeds({&input, 1}, {&given, 1}, constraints));
}

TEST(Feeds, ThatFitHaveNoFaults) {
  EXPECT_TRUE(validate_feeds(text_inputs(), text_feeds(2, 5), {}).empty());
  EXPECT_TRUE(check_feeds(text_inputs(), text_feeds(2, 5), {}).ok());
}

TEST(Feeds, AllTypesFit) {
  for (const char* type : {"float32", "uint8", "int8", "uint16", "int16", "int32", "int64",
                           "string", "bool", "float16", "float64", "uint32", "uint64"}) {
    EXPECT_EQ(of_one({"x", type, {Dimension::fixed(3)}}, feed("x", type, {3})), Messages{}) << type;
  }
}

TEST(Feeds, FourBitTypesShareBytes) {
  const ValueSignature input = {"x", "uint4", {Dimension::free()}};
  EXPECT_EQ(of_one(input, {"x", "uint4", {5}, 3}), Messages{});
  EXPECT_EQ(of_one(input, {"x", "uint4", {5}, 2}).size(), 1U);
  EXPECT_EQ(of_one(input, {"x", "uint4", {5}, 5}),
            Messages{"dimensions [5] of input \"x\" need 3 bytes, its data has 5"});
}

TEST(Feeds, ScalarsAndEmptyTensorsFit) {
  EXPECT_EQ(of_one({"x", "float32", {}}, {"x", "float32", {}, 1}), Messages{});
  EXPECT_EQ(of_one({"x", "float32", {Dimension::free(), Dimension::fixed(4)}},
                   {"x", "float32", {0, 4}, 0}),
            Messages{});
}

TEST(Feeds, AnUndeclaredShapeTakesAnyRank) {
  EXPECT_EQ(of_one({"x", "float32", {}}, feed("x", "float32", {2, 3})), Messages{});
}

TEST(Feeds, MissingAndUnknownInputsAreNamedTogether) {
  const std::vector<FeedSignature> feeds = {feed("inputs_ids", "int64", {1, 5}),
                                            feed("pixels", "int64", {1, 5})};
  const std::vector<Fault> faults = validate_feeds(text_inputs(), feeds, {});
  EXPECT_EQ(
      messages(faults),
      (Messages{"missing input \"input_ids\": expected int64 [batch, length]",
                "missing input \"attention_mask\": expected int64 [batch, length]",
                "unknown input \"inputs_ids\" (did you mean \"input_ids\"?); the model takes "
                "\"input_ids\", \"attention_mask\"",
                "unknown input \"pixels\"; the model takes \"input_ids\", \"attention_mask\""}));
  EXPECT_EQ(faults[2].path, "inputs_ids");
  EXPECT_EQ(faults[2].code, Code::kInvalidInput);
}

TEST(Feeds, AnOptionalInputMayBeMissing) {
  ValueSignature weight = {"weight", "float32", {Dimension::fixed(3)}};
  weight.required = false;
  EXPECT_TRUE(validate_feeds({&weight, 1}, {}, {}).empty());
  EXPECT_EQ(of_one(weight, feed("weight", "float32", {4})).size(), 1U);
}

TEST(Feeds, AModelWithoutInputsSaysSo) {
  const FeedSignature given = feed("x", "float32", {1});
  EXPECT_EQ(messages(validate_feeds({}, {&given, 1}, {})),
            Messages{"unknown input \"x\"; the model takes no inputs"});
}

TEST(Feeds, GivenTwice) {
  const ValueSignature input = {"x", "float32", {Dimension::fixed(1)}};
  const std::vector<FeedSignature> feeds = {feed("x", "float32", {1}), feed("x", "float32", {1})};
  EXPECT_EQ(messages(validate_feeds({&input, 1}, feeds, {})),
            Messages{"input \"x\" is given twice"});
}

TEST(Feeds, WrongType) {
  EXPECT_EQ(
      of_one(text_input("x"), feed("x", "float32", {1, 5})),
      Messages{"expected int64 (its data is a BigInt64Array) for input \"x\", received float32"});
  EXPECT_EQ(of_one({"x", "float32", {Dimension::free()}}, feed("x", "floaty", {1})),
            Messages{"expected float32 for input \"x\", received the unknown type \"floaty\""});
}

TEST(Feeds, Bfloat16IsFedAsItsBits) {
  const ValueSignature input = {"x", "bfloat16", {Dimension::free()}};
  EXPECT_EQ(of_one(input, feed("x", "uint16", {2})), Messages{});
  EXPECT_EQ(of_one(input, feed("x", "float16", {2})),
            Messages{"expected bfloat16 (its bits, in a tensor of type uint16) for input \"x\", "
                     "received float16"});
}

TEST(Feeds, NotATensor) {
  EXPECT_EQ(of_one({"x", "map<int64, float32>", {}}, feed("x", "float32", {1})),
            Messages{"input \"x\" of the model is a \"map<int64, float32>\": only tensors can be "
                     "fed"});
}

TEST(Feeds, Sequences) {
  const ValueSignature input = {"x", "sequence<float32>", {}};
  EXPECT_EQ(of_one(input, feed("x", "sequence<float32>", {})), Messages{});
  for (const char* type : {"float32", "sequence<int64>"}) {
    EXPECT_EQ(
        of_one(input, feed("x", type, {})),
        Messages{"expected sequence<float32> (an array of Tensors) for input \"x\", received " +
                 std::string(type)});
  }
  EXPECT_EQ(of_one({"x", "float32", {}}, feed("x", "sequence<float32>", {})),
            Messages{"expected float32 for input \"x\", received sequence<float32>"});
}

TEST(Feeds, WrongRank) {
  EXPECT_EQ(of_one(text_input("x"), feed("x", "int64", {5})),
            Messages{"expected 2 dimensions [batch, length] for input \"x\", received 1: [5]"});
  EXPECT_EQ(of_one({"x", "float32", {Dimension::free()}}, {"x", "float32", {}, 1}),
            Messages{"expected 1 dimension [?] for input \"x\", received 0: []"});
}

TEST(Feeds, WrongFixedSize) {
  EXPECT_EQ(of_one({"x", "float32", {Dimension::free("batch"), Dimension::fixed(384)}},
                   feed("x", "float32", {2, 100})),
            Messages{"expected size 384 on axis 1 of input \"x\" [batch, 384], received [2, 100]"});
}

TEST(Feeds, SizesThatAreNoSizes) {
  const ValueSignature input = {"x", "float32", {Dimension::free(), Dimension::free()}};
  const double bad[] = {-1, 1.5, std::nan(""), std::numeric_limits<double>::infinity(), 1e300};
  for (const double size : bad) {
    const Messages found = of_one(input, {"x", "float32", {2, size}, 2});
    ASSERT_EQ(found.size(), 1U) << size;
    EXPECT_TRUE(found[0].starts_with("expected whole numbers ≥ 0 as dimensions of input \"x\""))
        << found[0];
  }
}

TEST(Feeds, DataOfAnotherLength) {
  const ValueSignature input = {"x", "float32", {Dimension::free(), Dimension::free()}};
  EXPECT_EQ(of_one(input, {"x", "float32", {2, 3}, 5}),
            Messages{"dimensions [2, 3] of input \"x\" need 6 elements, its data has 5"});
  EXPECT_EQ(of_one(input, {"x", "float32", {0, 3}, 5}),
            Messages{"dimensions [0, 3] of input \"x\" need 0 elements, its data has 5"});
}

TEST(Feeds, AProductThatOverflows) {
  const ValueSignature input = {"x", "float32", {Dimension::free(), Dimension::free()}};
  // 2^32 · 2^32 is 0 in 64 bits.
  EXPECT_EQ(of_one(input, {"x", "float32", {4294967296, 4294967296}, 0}),
            Messages{"dimensions [4294967296, 4294967296] of input \"x\" make more elements than "
                     "there can be"});
  EXPECT_EQ(of_one(input, {"x", "float32", {9007199254740991, 0}, 0}), Messages{});
}

TEST(Feeds, OneNameHasOneSize) {
  const std::vector<FeedSignature> feeds = {feed("input_ids", "int64", {1, 5}),
                                            feed("attention_mask", "int64", {1, 6})};
  const std::vector<Fault> faults = validate_feeds(text_inputs(), feeds, {});
  EXPECT_EQ(messages(faults),
            Messages{"\"length\" is one size in all inputs, received 5 on axis 1 of \"input_ids\" "
                     "and 6 on axis 1 of \"attention_mask\""});
  EXPECT_EQ(faults[0].path, "attention_mask");
}

TEST(Feeds, OneNameTwiceInOneInput) {
  EXPECT_EQ(
      of_one({"x", "float32", {Dimension::free("n"), Dimension::free("n")}},
             feed("x", "float32", {2, 3})),
      Messages{"\"n\" is one size in all inputs, received 2 on axis 0 of \"x\" and 3 on axis 1 "
               "of \"x\""});
}

TEST(Feeds, UnnamedDimensionsAreIndependent) {
  EXPECT_EQ(of_one({"x", "float32", {Dimension::free(), Dimension::free()}},
                   feed("x", "float32", {2, 3})),
            Messages{});
}

TEST(Feeds, AllFaultsOfOneInputAtOnce) {
  const ValueSignature input = {
      "x", "int64", {Dimension::fixed(1), Dimension::fixed(2), Dimension::free()}};
  const Messages found = of_one(input, {"x", "int32", {3, 4, 5}, 7});
  EXPECT_EQ(found.size(), 4U);  // type, length, two sizes
}

TEST(Feeds, FaultsAreLimited) {
  std::vector<FeedSignature> feeds;
  feeds.reserve(100000);
  for (int i = 0; i < 100000; ++i) feeds.push_back(feed("x" + std::to_string(i), "float32", {1}));
  EXPECT_EQ(validate_feeds(text_inputs(), feeds, {}).size(), kMaxFaults);
}

TEST(Feeds, HostileNamesStayOnOneLine) {
  const FeedSignature given = feed(std::string("a\nb\0", 4) + std::string(1000, 'z'), "int64", {1});
  const std::vector<Fault> faults = validate_feeds({}, {&given, 1}, {});
  EXPECT_NE(faults[0].message.find("\"a\\x0ab\\x00zzz"), std::string::npos);
  EXPECT_LT(faults[0].message.size(), 200U);
}

TEST(Feeds, CheckMakesOneStatus) {
  const FeedSignature given = feed("input_ids", "int64", {1, 5});
  const Status status = check_feeds(text_inputs(), {&given, 1}, {});
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  EXPECT_EQ(status.message(),
            "the feeds do not fit the model: missing input \"attention_mask\": expected int64 "
            "[batch, length]");
}

// ── Constraints ──────────────────────────────────────────────────────────────────────────────────

TEST(Constraints, OnAnAxisByIndexAndByName) {
  for (const char* axis : {"1", "-1", "length"}) {
    const std::vector<Constraint> constraints = {
        {"x", axis, {.min = 2, .max = 8, .multiple_of = 2}}};
    EXPECT_EQ(of_one(text_input("x"), feed("x", "int64", {1, 4}), constraints), Messages{});
    EXPECT_EQ(of_one(text_input("x"), feed("x", "int64", {1, 10}), constraints),
              Messages{"expected a size that is at most 8 on axis \"" + std::string(axis) +
                       "\" of input \"x\", received 10"});
    EXPECT_EQ(of_one(text_input("x"), feed("x", "int64", {1, 0}), constraints),
              Messages{"expected a size that is at least 2 on axis \"" + std::string(axis) +
                       "\" of input \"x\", received 0"});
    EXPECT_EQ(of_one(text_input("x"), feed("x", "int64", {1, 5}), constraints),
              Messages{"expected a size that is a multiple of 2 on axis \"" + std::string(axis) +
                       "\" of input \"x\", received 5"});
  }
}

TEST(Constraints, OnAnAxisOfAnUndeclaredShape) {
  const std::vector<Constraint> constraints = {{"x", "1", {.max = 3}}};
  const ValueSignature input = {"x", "float32", {}};
  EXPECT_EQ(of_one(input, feed("x", "float32", {9, 3}), constraints), Messages{});
  EXPECT_EQ(of_one(input, feed("x", "float32", {9, 4}), constraints).size(), 1U);
  EXPECT_EQ(of_one(input, feed("x", "float32", {9}), constraints),
            Messages{"expected axis \"1\" of input \"x\", received [9]"});
}

template <typename T>
Messages of_values(const char* type, const std::vector<T>& values, const Range& range) {
  FeedSignature given = feed("x", type, {static_cast<double>(values.size())});
  given.data = {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)};
  return of_one({"x", type, {Dimension::free()}}, given, {{"x", "values", range}});
}

TEST(Constraints, OnValues) {
  EXPECT_EQ(of_values<float>("float32", {0, 0.5, 1}, {.min = 0, .max = 1}), Messages{});
  EXPECT_EQ(of_values<float>("float32", {0, 2, 1, 3}, {.min = 0, .max = 1}),
            Messages{"expected values that are at most 1 in input \"x\", received 2 at index 1 and "
                     "1 more"});
  EXPECT_EQ(of_values<float>("float32", {0, NAN}, {.finite = true}),
            Messages{"expected values that are finite in input \"x\", received NaN at index 1"});
  EXPECT_EQ(of_values<float>("float32", {NAN}, {.max = 1}).size(), 1U);
  EXPECT_EQ(of_values<double>("float64", {INFINITY}, {.finite = true}).size(), 1U);
  EXPECT_EQ(of_values<std::int64_t>("int64", {5, -1}, {.min = 0}),
            Messages{"expected values that are at least 0 in input \"x\", received -1 at index 1"});
  EXPECT_EQ(of_values<std::uint64_t>("uint64", {~0ULL}, {.max = 10}).size(), 1U);
  EXPECT_EQ(of_values<std::int32_t>("int32", {4, 5}, {.multiple_of = 2}).size(), 1U);
  EXPECT_EQ(of_values<std::int8_t>("int8", {-3}, {.min = 0}).size(), 1U);
  EXPECT_EQ(of_values<std::uint8_t>("bool", {0, 1, 2}, {.max = 1}).size(), 1U);
  EXPECT_EQ(of_values<std::int16_t>("int16", {-300}, {.min = -299}).size(), 1U);
  EXPECT_EQ(of_values<std::uint16_t>("uint16", {65535}, {.max = 65534}).size(), 1U);
  EXPECT_EQ(of_values<std::uint32_t>("uint32", {4294967295U}, {.max = 4294967294.0}).size(), 1U);
}

TEST(Constraints, OnHalfPrecisionValues) {
  // 1, the smallest subnormal, -65504, infinity, NaN.
  EXPECT_EQ(of_values<std::uint16_t>("float16", {0x3C00, 0x0001}, {.min = 0, .max = 1}),
            Messages{});
  EXPECT_EQ(of_values<std::uint16_t>("float16", {0xFBFF}, {.min = -65504}), Messages{});
  EXPECT_EQ(of_values<std::uint16_t>("float16", {0xFBFF}, {.min = -65503}).size(), 1U);
  EXPECT_EQ(of_values<std::uint16_t>("float16", {0x7C00}, {.finite = true}).size(), 1U);
  EXPECT_EQ(of_values<std::uint16_t>("float16", {0x7E00}, {.finite = true}).size(), 1U);
}

TEST(Constraints, ReadUnalignedData) {
  const std::vector<std::uint8_t> bytes(9, 0xFF);
  FeedSignature given = feed("x", "float32", {2});
  given.data = std::span(bytes).subspan(1);
  EXPECT_EQ(
      of_one({"x", "float32", {Dimension::free()}}, given, {{"x", "values", {.min = 0}}}).size(),
      1U);
}

TEST(Constraints, ThatAreUnsoundAreFaults) {
  const std::vector<ValueSignature> inputs = {text_input("input_ids"),
                                              {"words", "string", {Dimension::free()}}};
  const std::vector<Constraint> constraints = {
      {"inputs_ids", "0", {.min = 1}},          {"input_ids", "lenght", {.min = 1}},
      {"input_ids", "2", {.min = 1}},           {"input_ids", "-3", {.min = 1}},
      {"input_ids", "0", {.min = 3, .max = 2}}, {"input_ids", "0", {.min = NAN}},
      {"input_ids", "0", {.multiple_of = 0.5}}, {"input_ids", "values", {.multiple_of = 0}},
      {"input_ids", "0", {.finite = true}},     {"words", "values", {.min = 0}},
  };
  const std::vector<Fault> faults = validate_constraints(inputs, constraints);
  const std::string known = "; expected an index or name of [batch, length], or \"values\"";
  EXPECT_EQ(
      messages(faults),
      (Messages{
          "constraints: unknown input \"inputs_ids\" (did you mean \"input_ids\"?)",
          "constraints: unknown axis \"lenght\" of input \"input_ids\" (did you mean \"length\"?)" +
              known,
          "constraints: unknown axis \"2\" of input \"input_ids\"" + known,
          "constraints: unknown axis \"-3\" of input \"input_ids\"" + known,
          "constraints: expected min ≤ max, received min 3 and max 2",
          "constraints: expected numbers as limits, received NaN",
          "constraints: expected a whole number ≥ 1 for multipleOf, received 0.5",
          "constraints: expected a number > 0 for multipleOf, received 0",
          "constraints: finite is for values, not for the size of an axis",
          "constraints: values of string can't be compared with numbers",
      }));
  for (const Fault& fault : faults) EXPECT_EQ(fault.code, Code::kInvalidOption);
  EXPECT_EQ(faults[1].path, "constraints.input_ids.lenght");
}

TEST(Constraints, ThatAreUnsoundAreToldOnceAndNotApplied) {
  const std::vector<Constraint> constraints = {{"x", "0", {.min = 3, .max = 2}}};
  const Messages found = of_one(text_input("x"), feed("x", "int64", {1, 4}), constraints);
  EXPECT_EQ(found, Messages{"constraints: expected min ≤ max, received min 3 and max 2"});
}

/// The faults of one 64-bit integer for a range.
template <typename T>
Messages of_integer(const char* type, T value, const Range& range) {
  FeedSignature given = feed("x", type, {1});
  given.data = {reinterpret_cast<const std::uint8_t*>(&value), sizeof(value)};
  return of_one({"x", type, {Dimension::fixed(1)}}, given, {{"x", Constraint::kValues, range}});
}
Messages of_int64(std::int64_t value, const Range& range) {
  return of_integer("int64", value, range);
}
Messages of_uint64(std::uint64_t value, const Range& range) {
  return of_integer("uint64", value, range);
}

TEST(Constraints, CompareIntegersBeyondTheDoublesExactly) {
  constexpr std::int64_t kBig = std::int64_t{1} << 53;
  EXPECT_TRUE(of_int64(kBig, {.max = 0x1p53}).empty());
  EXPECT_EQ(of_int64(kBig + 1, {.max = 0x1p53}),
            Messages{"expected values that are at most 9007199254740992 in input \"x\", received "
                     "9007199254740993 at index 0"});
  EXPECT_TRUE(of_int64(-kBig, {.min = -0x1p53}).empty());
  EXPECT_FALSE(of_int64(-kBig - 1, {.min = -0x1p53}).empty());
  EXPECT_TRUE(of_int64(kBig + 2, {.multiple_of = 2}).empty());
  EXPECT_FALSE(of_int64(kBig + 1, {.multiple_of = 2}).empty());
  EXPECT_TRUE(of_int64(kBig + 1, {.multiple_of = 0.5}).empty());
  EXPECT_FALSE(of_int64(kBig + 3, {.multiple_of = 1.5}).empty());
  EXPECT_TRUE(of_int64((kBig / 3 + 1) * 3, {.multiple_of = 1.5}).empty());
}

TEST(Constraints, CompareTheEndsOfTheIntegers) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_TRUE(of_int64(kMax, {.max = 0x1p63}).empty());
  EXPECT_FALSE(of_int64(kMax, {.min = 0x1p63}).empty());
  EXPECT_TRUE(of_int64(kMin, {.min = -0x1p63, .max = -0x1p63}).empty());
  EXPECT_TRUE(of_int64(kMin, {.multiple_of = 0x1p63}).empty());
  EXPECT_FALSE(of_int64(kMin + 1, {.multiple_of = 0x1p63}).empty());
  EXPECT_FALSE(of_int64(kMin + 512, {.multiple_of = 0x1p63}).empty());
  EXPECT_FALSE(of_int64(kMax, {.multiple_of = 0x1p80}).empty());
  EXPECT_TRUE(of_int64(kMax, {.min = -INFINITY, .max = INFINITY, .finite = true}).empty());
  EXPECT_FALSE(of_int64(kMin, {.min = INFINITY}).empty());
  EXPECT_FALSE(of_int64(kMax, {.max = -INFINITY}).empty());
  EXPECT_TRUE(of_int64(5, {.min = 4.5, .max = 5.5}).empty());
  EXPECT_FALSE(of_int64(5, {.min = 5.5}).empty());
  EXPECT_FALSE(of_int64(5, {.max = 4.5}).empty());

  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_TRUE(of_uint64(kMost, {.min = 0x1p63, .max = 0x1p64}).empty());
  EXPECT_FALSE(of_uint64(kMost, {.min = 0x1p64}).empty());
  EXPECT_TRUE(of_uint64(0, {.min = -1}).empty());
  EXPECT_FALSE(of_uint64(0, {.max = -0.5}).empty());
}

}  // namespace
}  // namespace infercore
