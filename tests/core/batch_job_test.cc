#include "infercore/batch_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "batch_run.h"
#include "safetensors_file.h"
#include "word_tokenizer.h"

namespace infercore {
namespace {

TEST(BatchJob, KeepsEveryTextAndTheCallersOrder) {
  const Tokenizer tokenizer = word_tokenizer();
  for (unsigned seed = 0; seed < 30; ++seed) {
    const std::vector<std::string> texts = random_texts(1 + seed * 7, 40, seed);
    BatchJobOptions options;
    options.max_tokens_per_batch = 1 + seed * 11;
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), options);
    ASSERT_TRUE(job.ok());
    const Vectors vectors = run_all(*job);
    ASSERT_EQ(vectors.dims, (std::vector<std::size_t>{texts.size(), kDimensions}));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      expect_row(vectors, i, expected_mean(tokenizer, texts[i]));
    }
    EXPECT_EQ(job->stats().done, texts.size());
    EXPECT_TRUE(job->warnings().empty());
  }
}

TEST(BatchJob, SeveralThreadsDriveOneJob) {
  const Tokenizer tokenizer = word_tokenizer();
  const std::vector<std::string> texts = random_texts(500, 30, 5);
  BatchJobOptions options;
  options.max_tokens_per_batch = 32;
  options.normalize = true;
  Result<BatchJob> alone = BatchJob::create(tokenizer, views(texts), options);
  Result<BatchJob> shared = BatchJob::create(tokenizer, views(texts), options);
  const Vectors expected = run_all(*alone);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (std::optional<Batch> batch = shared->next()) {
        EXPECT_TRUE(shared->accept(batch->index, run(*batch), dims_of(*batch)).ok());
        EXPECT_LE(shared->stats().done, texts.size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Result<Vectors> vectors = shared->result();
  ASSERT_TRUE(vectors.ok());
  EXPECT_TRUE(std::equal(expected.data.span().begin(), expected.data.span().end(),
                         vectors->data.span().begin(), vectors->data.span().end()));
}

TEST(BatchJob, TokensKeepTheirPlaceWithoutPooling) {
  const std::vector<std::string> texts = {words(1, 1), words(4, 2)};
  for (const std::string direction : {"Left", "Right"}) {
    const Tokenizer tokenizer = word_tokenizer(WordTokenizer::padded(direction, "8"));
    BatchJobOptions options;
    options.pooling = Pooling::kNone;
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), options);
    ASSERT_TRUE(job.ok());
    const Vectors vectors = run_all(*job);
    ASSERT_EQ(vectors.dims, (std::vector<std::size_t>{2, 4, kDimensions}));
    const std::size_t real = direction == "Left" ? 3 : 0;
    for (std::size_t i = 0; i < 4; ++i) {
      // The third number of a token is 1; padding is 0 and never NaN.
      EXPECT_EQ(vectors.data.data()[i * kDimensions + 2], i == real ? 1 : 0);
    }
  }
}

TEST(BatchJob, NormalizesEachVector) {
  const std::vector<std::string> texts = random_texts(9, 5, 3);
  for (const Pooling pooling : {Pooling::kNone, Pooling::kMean, Pooling::kCls, Pooling::kLast}) {
    BatchJobOptions options;
    options.pooling = pooling;
    options.normalize = true;
    Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), options);
    const Vectors vectors = run_all(*job);
    for (std::size_t start = 0; start < vectors.data.size(); start += kDimensions) {
      float squares = 0;
      for (std::size_t i = 0; i < kDimensions; ++i) {
        squares += vectors.data.data()[start + i] * vectors.data.data()[start + i];
      }
      EXPECT_TRUE(std::abs(squares - 1) < 1e-5 || squares == 0);
    }
  }
}

TEST(BatchJob, TakesVectorsOfAPooledOutput) {
  const std::vector<std::string> texts = {words(1, 1), words(4, 2), words(2, 3)};
  BatchJobOptions options;
  options.pooled = true;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), options);
  const std::optional<Batch> batch = job->next();
  ASSERT_EQ(batch->rows, 3U);  // sorted: texts 1, 2, 0
  const float output[] = {10, 11, 20, 21, 30, 31};
  const std::int64_t dims[] = {3, 2};
  ASSERT_TRUE(job->accept(0, output, dims).ok());
  const Result<Vectors> vectors = job->result();
  EXPECT_EQ(vectors->dims, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(std::vector<float>(vectors->data.span().begin(), vectors->data.span().end()),
            (std::vector<float>{30, 31, 10, 11, 20, 21}));
}

Dense identity_dense(std::size_t in, std::size_t out, float factor) {
  std::vector<float> weight(in * out);
  for (std::size_t i = 0; i < std::min(in, out); ++i) weight[i * in + i] = factor;
  const std::string config = dense_config(in, out, "torch.nn.modules.linear.Identity");
  Result<Dense> dense =
      Dense::from_bytes(config, dense_file(in, out, weight, std::vector<float>(out, 0.5F)));
  EXPECT_TRUE(dense.ok()) << dense.status().message();
  return *dense;
}

TEST(BatchJob, AppliesDenseLayersInOrder) {
  const Tokenizer tokenizer = word_tokenizer();
  const std::vector<std::string> texts = random_texts(9, 5, 3);
  const std::vector<Dense> layers = {identity_dense(3, 4, 2), identity_dense(4, 2, 10)};
  Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {}, layers);
  ASSERT_TRUE(job.ok());
  const Vectors vectors = run_all(*job);
  ASSERT_EQ(vectors.dims, (std::vector<std::size_t>{9, 2}));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<float> mean = expected_mean(tokenizer, texts[i]);
    expect_row(vectors, i, {(2 * mean[0] + 0.5F) * 10 + 0.5F, (2 * mean[1] + 0.5F) * 10 + 0.5F});
  }
  EXPECT_EQ(BatchJob::create(tokenizer, {}, {}, layers)->result()->dims,
            (std::vector<std::size_t>{0, 2}));
}

TEST(BatchJob, RefusesDenseLayersThatDoNotFit) {
  const std::vector<std::string> texts = {words(2, 1)};
  const Status status = BatchJob::create(word_tokenizer(), views(texts), {},
                                         {identity_dense(3, 4, 1), identity_dense(3, 2, 1)})
                            .status();
  EXPECT_EQ(status.code(), Code::kInvalidOption);

  Result<BatchJob> job =
      BatchJob::create(word_tokenizer(), views(texts), {}, {identity_dense(5, 2, 1)});
  const std::optional<Batch> batch = job->next();
  EXPECT_EQ(job->accept(0, run(*batch), dims_of(*batch)).code(), Code::kInvalidInput);
}

TEST(BatchJob, WithoutTextsHasTheDeclaredDimensions) {
  BatchJobOptions options;
  options.dimensions = 512;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), {}, options);
  ASSERT_TRUE(job.ok());
  EXPECT_FALSE(job->next().has_value());
  EXPECT_EQ(job->result()->dims, (std::vector<std::size_t>{0, 512}));

  options.pooling = Pooling::kNone;
  job = BatchJob::create(word_tokenizer(), {}, options);
  EXPECT_EQ(job->result()->dims, (std::vector<std::size_t>{0, 0, 512}));
}

TEST(BatchJob, RefusesEveryWrongUse) {
  const std::vector<std::string> texts = {words(3, 1), words(3, 2), words(2, 3)};
  BatchJobOptions options;
  options.max_tokens_per_batch = 6;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), options);
  ASSERT_TRUE(job.ok());
  const auto code = [&](std::size_t index, std::size_t size, std::vector<std::int64_t> dims) {
    const std::vector<float> output(size);
    return job->accept(index, output, dims).code();
  };
  EXPECT_EQ(code(0, 18, {2, 3, 3}), Code::kInvalidInput);  // not handed out
  EXPECT_TRUE(job->next().has_value());
  EXPECT_EQ(code(2, 18, {2, 3, 3}), Code::kInvalidInput);   // no such batch
  EXPECT_EQ(code(0, 17, {2, 3, 3}), Code::kInvalidInput);   // too few numbers
  EXPECT_EQ(code(0, 18, {3, 2, 3}), Code::kInvalidInput);   // rows and length exchanged
  EXPECT_EQ(code(0, 6, {2, 3}), Code::kInvalidInput);       // rank
  EXPECT_EQ(code(0, 0, {2, 3, 0}), Code::kInvalidInput);    // no numbers
  EXPECT_EQ(code(0, 18, {2, 3, -3}), Code::kInvalidInput);  // negative
  EXPECT_EQ(code(0, 0, {2, 3, std::numeric_limits<std::int64_t>::max()}), Code::kInvalidInput);
  EXPECT_EQ(code(0, 0, {}), Code::kInvalidInput);
  EXPECT_EQ(job->stats().done, 0U);
  EXPECT_EQ(job->result().status().code(), Code::kInvalidInput);  // batches are missing

  EXPECT_EQ(code(0, 18, {2, 3, 3}), Code::kOk);  // the batch can be given again
  EXPECT_EQ(code(0, 18, {2, 3, 3}), Code::kInvalidInput);
  EXPECT_EQ(job->stats().done, 2U);
  EXPECT_TRUE(job->next().has_value());
  EXPECT_EQ(code(1, 8, {1, 2, 4}), Code::kInvalidInput);  // another d
  EXPECT_EQ(code(1, 6, {1, 2, 3}), Code::kOk);
  EXPECT_TRUE(job->result().ok());
  EXPECT_EQ(job->result().status().code(), Code::kInvalidInput);  // taken before

  options.max_tokens_per_batch = 0;
  EXPECT_EQ(BatchJob::create(word_tokenizer(), views(texts), options).status().code(),
            Code::kInvalidOption);
}

}  // namespace
}  // namespace infercore
