#include "infercore/encoding_batch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "infercore/fault_list.h"
#include "word_tokenizer.h"

namespace infercore {
namespace {

EncodeOptions padded(const Padding& padding) {
  EncodeOptions options;
  options.padding = {Setting<Padding>::From::kValue, padding};
  return options;
}

const TextView kTexts[] = {std::string_view("a b c"), std::string_view(""), std::string_view("d")};

TEST(EncodeBatch, GivesTheRowsOfEachText) {
  const Tokenizer tokenizer = word_tokenizer();
  const Result<EncodingBatch> batch = encode_batch(tokenizer, kTexts, {}, {}, BatchFields::kIds);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->ids, (std::vector<std::uint32_t>{2, 3, 4, 5}));
  EXPECT_EQ(batch->rows, (std::vector<std::uint32_t>{0, 3, 3, 4}));
  EXPECT_TRUE(batch->type_ids.empty());
  EXPECT_TRUE(batch->attention_mask.empty());
}

TEST(EncodeBatch, OfNoTextsHasOneOffset) {
  const Result<EncodingBatch> batch =
      encode_batch(word_tokenizer(), {}, {}, padded({}), BatchFields::kIds);
  ASSERT_TRUE(batch.ok());
  EXPECT_TRUE(batch->ids.empty());
  EXPECT_EQ(batch->rows, std::vector<std::uint32_t>{0});
}

TEST(EncodeBatch, PadsToTheLongestOnEitherSide) {
  Padding padding;
  padding.id = 1;
  const Tokenizer tokenizer = word_tokenizer();
  Result<EncodingBatch> batch =
      encode_batch(tokenizer, kTexts, {}, padded(padding), BatchFields::kIds);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->ids, (std::vector<std::uint32_t>{2, 3, 4, 1, 1, 1, 5, 1, 1}));
  EXPECT_EQ(batch->attention_mask, (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 1, 0, 0}));

  padding.direction = Direction::kLeft;
  padding.multiple_of = 4;
  batch = encode_batch(tokenizer, kTexts, {}, padded(padding), BatchFields::kIds);
  EXPECT_EQ(batch->ids, (std::vector<std::uint32_t>{1, 2, 3, 4, 1, 1, 1, 1, 1, 1, 1, 5}));
  EXPECT_EQ(batch->rows, (std::vector<std::uint32_t>{0, 4, 8, 12}));

  padding.length = 2;  // a longer row stays as it is
  padding.multiple_of = 0;
  batch = encode_batch(tokenizer, kTexts, {}, padded(padding), BatchFields::kIds);
  EXPECT_EQ(batch->rows, (std::vector<std::uint32_t>{0, 3, 5, 7}));
}

TEST(EncodeBatch, GivesTypeIdsOfPairsWhereAskedFor) {
  const std::optional<TextView> pairs[] = {std::string_view("d"), {}, {}};
  Padding padding;
  padding.type_id = 7;
  const Result<EncodingBatch> batch =
      encode_batch(word_tokenizer(), kTexts, pairs, padded(padding), BatchFields::kIdsAndTypeIds);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ(batch->type_ids, (std::vector<std::uint32_t>{0, 0, 0, 1, 7, 7, 7, 7, 0, 7, 7, 7}));
}

TEST(EncodeBatch, RefusesPairsOfAnotherLength) {
  const std::vector<std::optional<TextView>> pairs(2);
  EXPECT_EQ(encode_batch(word_tokenizer(), kTexts, pairs, {}, BatchFields::kIds).status().code(),
            Code::kInvalidInput);
}

TEST(EncodeBatch, NamesTheFirstHundredTextsWithTheHint) {
  EncodeOptions options;
  options.truncation.from = Setting<Truncation>::From::kValue;
  options.truncation.value.max_length = 2;
  options.truncation.value.strategy = TruncationStrategy::kOnlySecond;  // there is none
  const std::vector<TextView> texts(1000, std::string_view("a b c"));
  const Tokenizer tokenizer = word_tokenizer();
  const Result<EncodingBatch> batch =
      encode_batch(tokenizer, texts, {}, options, BatchFields::kIds);
  ASSERT_FALSE(batch.ok());
  const Result<Encoding> alone = tokenizer.encode(texts[0], {}, options);
  ASSERT_FALSE(alone.ok());
  EXPECT_EQ(batch.status().code(), alone.status().code());
  EXPECT_FALSE(batch.status().hint().empty());
  EXPECT_EQ(batch.status().hint(), alone.status().hint());
  ASSERT_EQ(batch.status().faults().size(), kMaxFaults);
  EXPECT_EQ(batch.status().faults()[99].path, "texts[99]");
}

TEST(EncodeBatch, EndsBetweenTwoTextsWhenInterrupted) {
  int asked = 0;
  const Interrupt interrupt = [&] {
    return ++asked < 3 ? Status() : Status(Code::kTimeout, "enough");
  };
  EXPECT_EQ(
      encode_batch(word_tokenizer(), kTexts, {}, {}, BatchFields::kIds, interrupt).status().code(),
      Code::kTimeout);
}

}  // namespace
}  // namespace infercore
