#include "infercore/batch_inputs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace infercore {
namespace {

const std::vector<ValueSignature> kOutputs = {{"logits", "float32"}, {"ids", "int64"}};

Status status_of(const std::vector<ValueSignature>& inputs, std::string_view output = "logits") {
  return match_model(inputs, kOutputs, output).status();
}

TEST(BatchInputs, AreTheModelsInItsOrderAndTypes) {
  const std::vector<ValueSignature> inputs = {{"attention_mask", "int32"},
                                              {"position_ids", "int64"},
                                              {"token_type_ids", "int64"},
                                              {"input_ids", "int32"}};
  const Result<std::vector<BatchInput>> matched = match_model(inputs, kOutputs, "logits");
  ASSERT_TRUE(matched.ok());
  EXPECT_EQ(*matched, (std::vector<BatchInput>{{BatchList::kAttentionMask, true},
                                               {BatchList::kPositionIds, false},
                                               {BatchList::kTokenTypeIds, false},
                                               {BatchList::kInputIds, true}}));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(batch_list_name((*matched)[i].list), inputs[i].name);
  }
}

TEST(BatchInputs, NamesEveryInputThatTextsDoNotGive) {
  const Status status = status_of({{"input_ids", "float32"}, {"pixels", "float32"}});
  EXPECT_EQ(status.code(), Code::kNotSupported);
  ASSERT_EQ(status.faults().size(), 2U);
  EXPECT_EQ(status.faults()[0].path, "input_ids");
  EXPECT_EQ(status.faults()[0].message,
            "the model wants \"input_ids\" as float32; texts give int64 or int32");
  EXPECT_EQ(status.faults()[1].path, "pixels");
  EXPECT_FALSE(status.hint().empty());
}

TEST(BatchInputs, NeedTheTextsIds) {
  EXPECT_EQ(status_of({}).code(), Code::kNotSupported);
  const Status masked = status_of({{"attention_mask", "int64"}});
  EXPECT_EQ(masked.code(), Code::kNotSupported);
  ASSERT_EQ(masked.faults().size(), 1U);
  EXPECT_EQ(masked.faults()[0].path, "input_ids");
}

TEST(BatchInputs, NeedAnOutputOfFloats) {
  EXPECT_EQ(status_of({}, "ids").code(), Code::kNotSupported);
  const Status unknown = status_of({}, "logit");
  EXPECT_EQ(unknown.code(), Code::kInvalidOption);
  EXPECT_NE(unknown.message().find("did you mean \"logits\""), std::string::npos);
}

}  // namespace
}  // namespace infercore
