// What is left of a batch job when memory runs out at any place: nothing is lost, and the call can
// be made again.
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "batch_run.h"
#include "safetensors_file.h"
#include "word_tokenizer.h"

namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
/// How many allocations this thread may still make.
thread_local std::size_t left = kUnlimited;

}  // namespace

// For the whole program; without a limit they do what those of the library do.
void* operator new(std::size_t size) {
  if (left != kUnlimited && left-- == 0) {
    left = kUnlimited;
    throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace infercore {
namespace {

/// Repeats `call` with memory for 0, 1, 2 … allocations until it gets through. Answers how often it
/// did not.
template <typename Call>
std::size_t until_it_fits(Call call) {
  for (std::size_t failures = 0;; ++failures) {
    left = failures;
    try {
      call();
      left = kUnlimited;
      return failures;
    } catch (const std::bad_alloc&) {
    }
  }
}

TEST(OutOfMemory, LosesNoBatch) {
  const Tokenizer tokenizer = word_tokenizer();
  const std::vector<std::string> texts = random_texts(20, 9, 1);
  const std::vector<Dense> dense = {
      *Dense::from_bytes(dense_config(3, 3, "torch.nn.modules.linear.Identity"),
                         dense_file(3, 3, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {0, 0, 0}))};
  BatchJobOptions options;
  options.max_tokens_per_batch = 24;
  Result<BatchJob> expected = BatchJob::create(tokenizer, views(texts), options, dense);
  Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), options, dense);
  ASSERT_TRUE(job.ok());
  std::size_t batches = 0;
  for (;;) {
    std::optional<Batch> batch;
    const std::size_t failures = until_it_fits([&] { batch = job->next(); });
    if (!batch) break;
    EXPECT_GT(failures, 0U);
    EXPECT_EQ(batch->index, batches++);
    const std::vector<float> output = run(*batch);
    const std::vector<std::int64_t> dims = dims_of(*batch);
    EXPECT_GT(until_it_fits([&] { EXPECT_TRUE(job->accept(batch->index, output, dims).ok()); }),
              0U);
  }
  EXPECT_EQ(batches, job->stats().batches);
  const Vectors all = run_all(*expected);
  const Result<Vectors> vectors = job->result();
  ASSERT_TRUE(vectors.ok());
  EXPECT_TRUE(std::equal(all.data.span().begin(), all.data.span().end(),
                         vectors->data.span().begin(), vectors->data.span().end()));
}

}  // namespace
}  // namespace infercore
