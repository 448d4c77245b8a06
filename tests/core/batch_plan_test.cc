#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "batch_run.h"
#include "infercore/batch_job.h"
#include "word_tokenizer.h"

namespace infercore {
namespace {

TEST(BatchPlan, PacksUnderTheBudgetLongestFirst) {
  const std::vector<std::string> texts = random_texts(200, 50, 1);
  BatchJobOptions options;
  options.max_tokens_per_batch = 64;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), options);
  ASSERT_TRUE(job.ok());
  std::size_t rows = 0;
  std::size_t padded = 0;
  std::size_t before = std::numeric_limits<std::size_t>::max();
  std::size_t index = 0;
  while (std::optional<Batch> batch = job->next()) {
    EXPECT_EQ(batch->index, index++);
    EXPECT_LE(batch->length, before);
    EXPECT_TRUE(batch->rows * batch->length <= 64 || batch->rows == 1);
    before = batch->length;
    rows += batch->rows;
    padded += batch->rows * batch->length;
    EXPECT_EQ(input_ids(*batch).size(), batch->rows * batch->length);
    EXPECT_EQ(attention_mask(*batch).size(), batch->rows * batch->length);
    EXPECT_EQ(token_type_ids(*batch).size(), batch->rows * batch->length);
  }
  EXPECT_EQ(rows, texts.size());
  const BatchJobStats stats = job->stats();
  EXPECT_EQ(stats.batches, index);
  EXPECT_EQ(stats.padded_tokens, padded);
  EXPECT_LT(static_cast<double>(padded), 1.05 * static_cast<double>(stats.tokens));
}

TEST(BatchPlan, ALongerTextIsABatchOfItsOwn) {
  const std::vector<std::string> texts = {words(3, 1), words(90, 2), words(3, 3)};
  BatchJobOptions options;
  options.max_tokens_per_batch = 10;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), options);
  ASSERT_TRUE(job.ok());
  const std::optional<Batch> first = job->next();
  EXPECT_EQ(first->rows, 1U);
  EXPECT_EQ(first->length, 90U);
  const std::optional<Batch> second = job->next();
  EXPECT_EQ(second->rows, 2U);
  EXPECT_FALSE(job->next().has_value());
  EXPECT_FALSE(job->next().has_value());
}

TEST(BatchPlan, PadsAsTheFileSays) {
  const std::vector<std::string> texts = {words(5, 1), words(2, 2)};
  for (const std::string direction : {"Left", "Right"}) {
    const Tokenizer tokenizer = word_tokenizer(WordTokenizer::padded(direction, "8"));
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {});
    ASSERT_TRUE(job.ok());
    const std::optional<Batch> batch = job->next();
    ASSERT_EQ(batch->length, 8U);
    ASSERT_EQ(batch->rows, 2U);
    const std::size_t pad = direction == "Left" ? 8 : 15;
    EXPECT_EQ(input_ids(*batch)[pad], 1);
    EXPECT_EQ(attention_mask(*batch)[pad], 0);
    EXPECT_EQ(attention_mask(*batch)[23 - pad], 1);
    ASSERT_TRUE(job->accept(0, run(*batch), dims_of(*batch)).ok());
    const Result<Vectors> vectors = job->result();
    expect_row(*vectors, 0, expected_mean(word_tokenizer(), texts[0]));
    expect_row(*vectors, 1, expected_mean(word_tokenizer(), texts[1]));
  }
}

TEST(BatchPlan, AFixedLengthOfTheFileCostsNothing) {
  const Tokenizer tokenizer =
      word_tokenizer(WordTokenizer::padded("Right", "null", R"({"Fixed": 128})"));
  const std::vector<std::string> texts = {words(5, 1)};
  Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {});
  ASSERT_TRUE(job.ok());
  EXPECT_EQ(job->next()->length, 5U);
}

TEST(BatchPlan, ATextWithoutTokensIsARowOfItsOwn) {
  const std::vector<std::string> texts = {"", words(2, 1), ""};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), {});
  ASSERT_TRUE(job.ok());
  const Vectors vectors = run_all(*job);
  EXPECT_EQ(vectors.dims[0], 3U);
  expect_row(vectors, 1, expected_mean(word_tokenizer(), texts[1]));
  expect_row(vectors, 2, expected_mean(word_tokenizer(), ""));

  const std::vector<std::string> empty = {""};
  job = BatchJob::create(word_tokenizer(), views(empty), {});
  EXPECT_GE(job->next()->length, 1U);  // a model can't run on [1, 0]
}

TEST(BatchPlan, TakesTypeIdsOfTheTemplate) {
  WordTokenizer extras;
  extras.post_processor = WordTokenizer::pad_behind(2);
  const std::vector<std::string> texts = {words(1, 1), words(3, 2)};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(extras), views(texts), {});
  ASSERT_TRUE(job.ok());
  const std::optional<Batch> batch = job->next();
  EXPECT_EQ(token_type_ids(*batch), (std::vector<std::int64_t>{0, 0, 0, 2, 0, 2, 0, 0}));
  EXPECT_EQ(attention_mask(*batch), (std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 0, 0}));
}

TEST(BatchPlan, TypeIdsAreThoseOfTheTemplateAlsoOfATextWithoutTokens) {
  WordTokenizer extras;
  extras.post_processor = WordTokenizer::pad_behind(2);
  const std::vector<std::string> texts = {""};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(extras), views(texts), {});
  ASSERT_TRUE(job.ok());
  EXPECT_EQ(token_type_ids(*job->next()), std::vector<std::int64_t>{2});
}

TEST(BatchPlan, GivesTheListsThatTheModelTakes) {
  const std::vector<std::string> texts = {words(3, 1), words(1, 2)};
  BatchJobOptions options;
  options.inputs = {{BatchList::kPositionIds, true}, {BatchList::kInputIds, true}};
  for (const std::string direction : {"Left", "Right"}) {
    const Tokenizer tokenizer = word_tokenizer(WordTokenizer::padded(direction, "null"));
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), options);
    ASSERT_TRUE(job.ok());
    const std::optional<Batch> batch = job->next();
    ASSERT_EQ(batch->feeds.size(), 2U);
    EXPECT_EQ(batch->feeds[0].list, BatchList::kPositionIds);
    // A token's position does not depend on the side of the padding.
    EXPECT_EQ(list_of<std::int32_t>(*batch, BatchList::kPositionIds),
              (std::vector<std::int32_t>{0, 1, 2, 0, 0, 0}));
    const std::vector<std::int32_t> ids = list_of<std::int32_t>(*batch, BatchList::kInputIds);
    EXPECT_EQ(ids[direction == "Left" ? 3 : 5], 1);
  }
}

TEST(BatchPlan, MakesNoOtherIdOfOneThat32BitsCanNotHold) {
  const std::vector<std::string> texts = {words(3, 1), words(1, 2)};
  BatchJobOptions options;
  for (const bool narrow : {false, true}) {
    options.inputs = {{BatchList::kInputIds, narrow}, {BatchList::kAttentionMask, true}};
    for (const std::uint32_t id : {2147483647U, 2147483648U}) {
      WordTokenizer file = WordTokenizer::padded("Right", "null");
      const std::string own = "\"pad_id\": 1";
      file.padding.replace(file.padding.find(own), own.size(), "\"pad_id\": " + std::to_string(id));
      Result<BatchJob> job = BatchJob::create(word_tokenizer(file), views(texts), options);
      if (narrow && id > 2147483647U) {
        EXPECT_EQ(job.status().code(), Code::kNotSupported);
        EXPECT_EQ(job.status().message(),
                  "the model wants \"input_ids\" as int32; the tokenizer gives it an id of more "
                  "than 31 bits, 2147483648");
      } else {
        ASSERT_TRUE(job.ok()) << job.status().message();
        const Batch batch = *job->next();
        EXPECT_EQ(narrow ? list_of<std::int32_t>(batch, BatchList::kInputIds).back()
                         : input_ids(batch).back(),
                  static_cast<std::int64_t>(id));
      }
    }
  }
}

}  // namespace
}  // namespace infercore
