#include "infercore/did_you_mean.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace infercore {
namespace {

const std::vector<std::string> kNames = {"input_ids", "attention_mask", "token_type_ids"};

TEST(DidYouMean, FindsASlipOfTheHand) {
  EXPECT_EQ(nearest_name("inputs_ids", kNames), "input_ids");
  EXPECT_EQ(nearest_name("inptu_ids", kNames), "input_ids");
  EXPECT_EQ(nearest_name("atention_mask", kNames), "attention_mask");
  EXPECT_EQ(nearest_name("token_types_ids", kNames), "token_type_ids");
}

TEST(DidYouMean, CaseAndSeparatorsCountAsEqual) {
  EXPECT_EQ(nearest_name("Input-IDs", kNames), "input_ids");
  const std::vector<std::string> providers = {"cuda", "cpu"};
  EXPECT_EQ(nearest_name("CUDA", providers), "cuda");
}

TEST(DidYouMean, PrefersTheNearest) {
  const std::vector<std::string> names = {"mask_a", "mask_ab", "mask_abc"};
  EXPECT_EQ(nearest_name("mask_abd", names), "mask_ab");
  EXPECT_EQ(nearest_name("mask_abc", names), "mask_abc");
}

TEST(DidYouMean, SuggestsNothingFarAway) {
  EXPECT_FALSE(nearest_name("pixel_values", kNames));
  EXPECT_FALSE(nearest_name("x", std::vector<std::string>{"y"}));
  EXPECT_FALSE(nearest_name("", kNames));
  EXPECT_FALSE(nearest_name("input_ids", {}));
  EXPECT_FALSE(nearest_name("ab", std::vector<std::string>{""}));
}

TEST(DidYouMean, PassesOverVeryLongNames) {
  const std::string name(100000, 'a');
  EXPECT_FALSE(nearest_name(name, kNames));
  EXPECT_FALSE(nearest_name("input", std::vector<std::string>{name}));
}

TEST(DidYouMean, EndsAMessage) {
  EXPECT_EQ(did_you_mean("inputs_ids", kNames), " (did you mean \"input_ids\"?)");
  EXPECT_EQ(did_you_mean("pixel_values", kNames), "");
}

}  // namespace
}  // namespace infercore
