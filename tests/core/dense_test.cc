#include "infercore/dense.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "safetensors_file.h"

namespace infercore {
namespace {

const std::vector<float> kWeight = {1, 2, 3, 4, 5, 6};  // two rows of three
const std::vector<float> kBias = {0.5F, -1};

TEST(Dense, AppliesWeightsBiasAndActivation) {
  const std::vector<std::uint8_t> file = dense_file(3, 2, kWeight, kBias);
  const std::vector<float> in = {0.1F, 0, 0.2F, 0, 0, 0};  // two vectors
  std::vector<float> out(4);

  const Result<Dense> linear =
      Dense::from_bytes(dense_config(3, 2, "torch.nn.modules.linear.Identity"), file);
  ASSERT_TRUE(linear.ok()) << linear.status().message();
  EXPECT_EQ(linear->in_features(), 3U);
  EXPECT_EQ(linear->out_features(), 2U);
  linear->apply(in, out);
  EXPECT_NEAR(out[0], 0.1 + 0.6 + 0.5, 1e-6);
  EXPECT_NEAR(out[1], 0.4 + 1.2 - 1, 1e-6);
  EXPECT_EQ(out[2], 0.5F);
  EXPECT_EQ(out[3], -1.0F);

  const Result<Dense> tanh = Dense::from_bytes(dense_config(3, 2), file);
  ASSERT_TRUE(tanh.ok());
  tanh->apply(in, out);
  EXPECT_NEAR(out[0], std::tanh(1.2), 1e-6);
  EXPECT_NEAR(out[3], std::tanh(-1.0), 1e-6);
}

TEST(Dense, WithoutBias) {
  const std::string config = dense_config(3, 2, "torch.nn.modules.linear.Identity", "false");
  const Result<Dense> dense = Dense::from_bytes(config, dense_file(3, 2, kWeight, kBias));
  ASSERT_TRUE(dense.ok());
  const std::vector<float> in = {1, 1, 1};
  std::vector<float> out(2);
  dense->apply(in, out);
  EXPECT_EQ(out, (std::vector<float>{6, 15}));
}

TEST(Dense, NamesWhatItCannotDo) {
  const std::vector<std::uint8_t> file = dense_file(3, 2, kWeight, kBias);
  Status status =
      Dense::from_bytes(dense_config(3, 2, "torch.nn.modules.activation.GELU"), file).status();
  EXPECT_EQ(status.code(), Code::kUnsupportedComponent);
  EXPECT_NE(status.message().find("torch.nn.modules.activation.GELU"), std::string::npos);

  // All faults of a config at once.
  status = Dense::from_bytes(R"({"in_features": 0, "bias": 1, "activation_function": 3})", file)
               .status();
  EXPECT_EQ(status.faults().size(), 4U) << status.message();

  status = Dense::from_bytes(dense_config(4, 2), file).status();
  EXPECT_EQ(status.code(), Code::kNotAModel);
  EXPECT_NE(status.message().find("[2, 4], received [2, 3]"), std::string::npos)
      << status.message();

  EXPECT_EQ(Dense::from_bytes("{", file).status().code(), Code::kNotAModel);
  EXPECT_EQ(Dense::from_bytes("[1]", file).status().code(), Code::kNotAModel);
  EXPECT_EQ(Dense::from_bytes(dense_config(3, 2), {}).status().code(), Code::kNotAModel);
  EXPECT_EQ(Dense::from_bytes(dense_config(100000, 2), file).status().code(), Code::kLimitExceeded);
  const std::vector<std::uint8_t> none = safetensors_file("{}", {});
  EXPECT_EQ(Dense::from_bytes(dense_config(3, 2), none).status().faults().size(), 2U);
}

}  // namespace
}  // namespace infercore
