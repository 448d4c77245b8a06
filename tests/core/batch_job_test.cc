#include "infercore/batch_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "safetensors_file.h"

namespace infercore {
namespace {

constexpr std::size_t kDimensions = 3;
constexpr std::int64_t kPadId = 1;

/// One token a word: "▁a" to "▁h" are 2 to 9, other words unknown.
struct Extras {
  std::string truncation = "null";
  std::string padding = "null";
  std::string post_processor = "null";
};

Tokenizer word_tokenizer(const Extras& extras = {}) {
  std::string vocab = R"(["<unk>", 0.0], ["<pad>", 0.0])";
  for (char letter = 'a'; letter <= 'h'; ++letter) {
    vocab += ", [\"\u2581" + std::string(1, letter) + "\", -1.0]";
  }
  const std::string json = R"({"version": "1.0", "truncation": )" + extras.truncation +
                           R"(, "padding": )" + extras.padding + R"(, "added_tokens": [
        {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 1, "content": "<pad>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}],
      "normalizer": null,
      "pre_tokenizer": {"type": "Metaspace", "replacement": ")" +
                           "\u2581" + R"(", "prepend_scheme": "always", "split": true},
      "post_processor": )" +
                           extras.post_processor + R"(, "decoder": null,
      "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [)" +
                           vocab + "]}}";
  Result<Tokenizer> tokenizer = Tokenizer::from_json(json);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  return *tokenizer;
}

Extras with_padding(const std::string& direction, const std::string& multiple,
                    const std::string& strategy = R"("BatchLongest")") {
  Extras extras;
  extras.padding = R"({"strategy": )" + strategy + R"(, "direction": ")" + direction +
                   R"(", "pad_to_multiple_of": )" + multiple +
                   R"(, "pad_id": 1, "pad_type_id": 0, "pad_token": "<pad>"})";
  return extras;
}

Extras with_truncation(std::size_t max_length) {
  Extras extras;
  extras.truncation = R"({"direction": "Right", "max_length": )" + std::to_string(max_length) +
                      R"(, "strategy": "LongestFirst", "stride": 0})";
  return extras;
}

std::string words(std::size_t count, unsigned seed) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += static_cast<char>('a' + (seed + i * i) % 8);
  }
  return text;
}

std::vector<std::string> random_texts(std::size_t count, std::size_t longest, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::size_t> length(1, longest);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back(words(length(generator), static_cast<unsigned>(generator())));
  }
  return texts;
}

std::vector<TextView> views(const std::vector<std::string>& texts) {
  std::vector<TextView> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(std::string_view(text));
  return list;
}

/// A model whose vector for a token depends on its id alone; for padding it answers NaN, which
/// must reach no result.
std::vector<float> token_vector(std::int64_t id) {
  return {static_cast<float>(id), static_cast<float>(id * id), 1.0F};
}
std::vector<float> run(const Batch& batch) {
  std::vector<float> output;
  for (std::size_t i = 0; i < batch.rows * batch.length; ++i) {
    for (const float x : token_vector(batch.input_ids[i])) {
      output.push_back(batch.attention_mask[i] == 1 ? x : std::numeric_limits<float>::quiet_NaN());
    }
  }
  return output;
}

std::vector<std::int64_t> dims_of(const Batch& batch) {
  return {static_cast<std::int64_t>(batch.rows), static_cast<std::int64_t>(batch.length),
          static_cast<std::int64_t>(kDimensions)};
}

Vectors run_all(BatchJob& job) {
  while (std::optional<Batch> batch = job.next()) {
    const Status status = job.accept(batch->index, run(*batch), dims_of(*batch));
    EXPECT_TRUE(status.ok()) << status.message();
  }
  Result<Vectors> vectors = job.result();
  EXPECT_TRUE(vectors.ok()) << vectors.status().message();
  return *std::move(vectors);
}

std::vector<float> expected_mean(const Tokenizer& tokenizer, const std::string& text) {
  std::vector<std::uint32_t> ids;
  EXPECT_TRUE(tokenizer.encode_ids(std::string_view(text), {}, {}, ids).ok());
  std::vector<float> mean(kDimensions);
  for (const std::uint32_t id : ids) {
    for (std::size_t i = 0; i < kDimensions; ++i) mean[i] += token_vector(id)[i];
  }
  for (float& x : mean) x /= static_cast<float>(std::max<std::size_t>(ids.size(), 1));
  return mean;
}

void expect_row(const Vectors& vectors, std::size_t row, const std::vector<float>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_FLOAT_EQ(vectors.data.data()[row * expected.size() + i], expected[i]) << row;
  }
}

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

TEST(BatchJob, PacksUnderTheBudgetLongestFirst) {
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
    EXPECT_EQ(batch->input_ids.size(), batch->rows * batch->length);
    EXPECT_EQ(batch->attention_mask.size(), batch->rows * batch->length);
    EXPECT_EQ(batch->token_type_ids.size(), batch->rows * batch->length);
  }
  EXPECT_EQ(rows, texts.size());
  const BatchJobStats stats = job->stats();
  EXPECT_EQ(stats.batches, index);
  EXPECT_EQ(stats.padded_tokens, padded);
  EXPECT_LT(static_cast<double>(padded), 1.05 * static_cast<double>(stats.tokens));
}

TEST(BatchJob, ALongerTextIsABatchOfItsOwn) {
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

TEST(BatchJob, PadsAsTheFileSays) {
  const std::vector<std::string> texts = {words(5, 1), words(2, 2)};
  for (const std::string direction : {"Left", "Right"}) {
    const Tokenizer tokenizer = word_tokenizer(with_padding(direction, "8"));
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {});
    ASSERT_TRUE(job.ok());
    const std::optional<Batch> batch = job->next();
    ASSERT_EQ(batch->length, 8U);
    ASSERT_EQ(batch->rows, 2U);
    const std::size_t pad = direction == "Left" ? 8 : 15;
    EXPECT_EQ(batch->input_ids[pad], kPadId);
    EXPECT_EQ(batch->attention_mask[pad], 0);
    EXPECT_EQ(batch->attention_mask[23 - pad], 1);
    ASSERT_TRUE(job->accept(0, run(*batch), dims_of(*batch)).ok());
    const Result<Vectors> vectors = job->result();
    expect_row(*vectors, 0, expected_mean(word_tokenizer(), texts[0]));
    expect_row(*vectors, 1, expected_mean(word_tokenizer(), texts[1]));
  }
}

TEST(BatchJob, AFixedLengthOfTheFileCostsNothing) {
  const Tokenizer tokenizer = word_tokenizer(with_padding("Right", "null", R"({"Fixed": 128})"));
  const std::vector<std::string> texts = {words(5, 1)};
  Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {});
  ASSERT_TRUE(job.ok());
  EXPECT_EQ(job->next()->length, 5U);
}

TEST(BatchJob, TokensKeepTheirPlaceWithoutPooling) {
  const std::vector<std::string> texts = {words(1, 1), words(4, 2)};
  for (const std::string direction : {"Left", "Right"}) {
    const Tokenizer tokenizer = word_tokenizer(with_padding(direction, "8"));
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

TEST(BatchJob, ATextWithoutTokensIsARowOfItsOwn) {
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

TEST(BatchJob, CutsToTheSmallerMaximumAndSaysSo) {
  const std::vector<std::string> texts = {words(3, 1), words(40, 2), words(12, 3)};
  struct Case {
    std::size_t file;
    std::size_t model;
    std::size_t expected;
  };
  for (const Case& one : {Case{0, 8, 8}, Case{6, 8, 6}, Case{8, 6, 6}, Case{5, 0, 5}}) {
    const Tokenizer tokenizer = word_tokenizer(one.file > 0 ? with_truncation(one.file) : Extras{});
    BatchJobOptions options;
    options.max_length = one.model;
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), options);
    ASSERT_TRUE(job.ok());
    EXPECT_EQ(job->next()->length, one.expected);
    ASSERT_EQ(job->warnings().size(), 1U);
    const Warning& warning = job->warnings()[0];
    EXPECT_EQ(warning.code, "TEXT_TRUNCATED");
    EXPECT_EQ(warning.message, "2 of 3 texts were cut to " + std::to_string(one.expected) +
                                   " tokens, the model's maximum; the first is texts[1] with 40");
    EXPECT_FALSE(warning.hint.empty());
  }
  EXPECT_TRUE(BatchJob::create(word_tokenizer(), views(texts), {})->warnings().empty());
}

TEST(BatchJob, WarnsOfUnknownTokens) {
  const std::vector<std::string> texts = {"a b c d e", "a b c zzz", "a b c d e f g h a zzz"};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), {});
  ASSERT_TRUE(job.ok());
  ASSERT_EQ(job->warnings().size(), 1U);
  EXPECT_EQ(job->warnings()[0].code, "UNKNOWN_TOKENS");
  EXPECT_NE(job->warnings()[0].message.find("in 1 of 3 texts"), std::string::npos)
      << job->warnings()[0].message;
  EXPECT_NE(job->warnings()[0].message.find("texts[1]"), std::string::npos);
}

TEST(BatchJob, TakesTypeIdsOfTheTemplate) {
  Extras extras;
  extras.post_processor = R"({"type": "TemplateProcessing",
    "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<pad>", "type_id": 2}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<pad>": {"id": "<pad>", "ids": [1], "tokens": ["<pad>"]}}})";
  const std::vector<std::string> texts = {words(1, 1), words(3, 2)};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(extras), views(texts), {});
  ASSERT_TRUE(job.ok());
  const std::optional<Batch> batch = job->next();
  EXPECT_EQ(batch->token_type_ids, (std::vector<std::int64_t>{0, 0, 0, 2, 0, 2, 0, 0}));
  EXPECT_EQ(batch->attention_mask, (std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 0, 0}));
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

TEST(BatchJob, TakesTextsOfBothEncodings) {
  const std::u16string wide = u"a b c";
  const TextView texts[] = {std::string_view("a b c"), std::u16string_view(wide)};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), texts, {});
  ASSERT_TRUE(job.ok());
  const Vectors vectors = run_all(*job);
  expect_row(vectors, 1, expected_mean(word_tokenizer(), "a b c"));
}

TEST(BatchJob, CutsATextOfTenMegabytes) {
  const std::string text = words(5'000'000, 1);
  const TextView texts[] = {std::string_view(text)};
  BatchJobOptions options;
  options.max_length = 128;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), texts, options);
  ASSERT_TRUE(job.ok());
  EXPECT_EQ(job->next()->length, 128U);
  EXPECT_EQ(job->warnings()[0].code, "TEXT_TRUNCATED");
}

}  // namespace
}  // namespace infercore
