// Texts, and a model for them that is a few lines of code: what the tests of batch jobs share.
#ifndef INFERCORE_TESTS_CORE_BATCH_RUN_H_
#define INFERCORE_TESTS_CORE_BATCH_RUN_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "infercore/batch_job.h"

namespace infercore {

constexpr std::size_t kDimensions = 3;

/// One of the batch's lists; empty where it has none.
template <typename T = std::int64_t>
std::vector<T> list_of(const Batch& batch, BatchList list) {
  for (const BatchFeed& feed : batch.feeds) {
    if (feed.list == list) return std::get<std::vector<T>>(feed.data);
  }
  return {};
}
inline std::vector<std::int64_t> input_ids(const Batch& batch) {
  return list_of(batch, BatchList::kInputIds);
}
inline std::vector<std::int64_t> attention_mask(const Batch& batch) {
  return list_of(batch, BatchList::kAttentionMask);
}
inline std::vector<std::int64_t> token_type_ids(const Batch& batch) {
  return list_of(batch, BatchList::kTokenTypeIds);
}

inline std::string words(std::size_t count, unsigned seed) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += static_cast<char>('a' + (seed + i * i) % 8);
  }
  return text;
}

inline std::vector<std::string> random_texts(std::size_t count, std::size_t longest,
                                             unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::size_t> length(1, longest);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back(words(length(generator), static_cast<unsigned>(generator())));
  }
  return texts;
}

inline std::vector<TextView> views(const std::vector<std::string>& texts) {
  std::vector<TextView> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.emplace_back(std::string_view(text));
  return list;
}

/// A model whose vector for a token depends on its id alone; for padding it answers NaN, which
/// must reach no result.
inline std::vector<float> token_vector(std::int64_t id) {
  return {static_cast<float>(id), static_cast<float>(id * id), 1.0F};
}
inline std::vector<float> run(const Batch& batch) {
  const std::vector<std::int64_t> ids = input_ids(batch);
  const std::vector<std::int64_t> mask = attention_mask(batch);
  std::vector<float> output;
  for (std::size_t i = 0; i < batch.rows * batch.length; ++i) {
    for (const float x : token_vector(ids[i])) {
      output.push_back(mask[i] == 1 ? x : std::numeric_limits<float>::quiet_NaN());
    }
  }
  return output;
}

inline std::vector<std::int64_t> dims_of(const Batch& batch) {
  return {static_cast<std::int64_t>(batch.rows), static_cast<std::int64_t>(batch.length),
          static_cast<std::int64_t>(kDimensions)};
}

inline Vectors run_all(BatchJob& job) {
  while (std::optional<Batch> batch = job.next()) {
    const Status status = job.accept(batch->index, run(*batch), dims_of(*batch));
    EXPECT_TRUE(status.ok()) << status.message();
  }
  Result<Vectors> vectors = job.result();
  EXPECT_TRUE(vectors.ok()) << vectors.status().message();
  return *std::move(vectors);
}

inline std::vector<float> expected_mean(const Tokenizer& tokenizer, const std::string& text) {
  std::vector<std::uint32_t> ids;
  EXPECT_TRUE(tokenizer.encode_ids(std::string_view(text), {}, {}, ids).ok());
  std::vector<float> mean(kDimensions);
  for (const std::uint32_t id : ids) {
    for (std::size_t i = 0; i < kDimensions; ++i) mean[i] += token_vector(id)[i];
  }
  for (float& x : mean) x /= static_cast<float>(std::max<std::size_t>(ids.size(), 1));
  return mean;
}

inline void expect_row(const Vectors& vectors, std::size_t row,
                       const std::vector<float>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_FLOAT_EQ(vectors.data.data()[row * expected.size() + i], expected[i]) << row;
  }
}

}  // namespace infercore

#endif  // INFERCORE_TESTS_CORE_BATCH_RUN_H_
