#include "infercore/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "batch_run.h"
#include "infercore/encoding_batch.h"
#include "infercore/fault_list.h"
#include "infercore/search.h"
#include "text_ranges.h"
#include "word_tokenizer.h"

namespace infercore {
namespace {

constexpr std::size_t kCounts[] = {1, 2, 3, 8};

TEST(ParallelFor, DoesEachPartOnce) {
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    EXPECT_EQ(threads.count(), count);
    for (const std::size_t parts : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> done(parts);
      parallel_for(&threads, parts, [&](std::size_t part) { ++done[part]; });
      EXPECT_TRUE(std::all_of(done.begin(), done.end(),
                              [](const auto& times) { return times.load() == 1; }))
          << count << " threads, " << parts << " parts";
    }
  }
  EXPECT_EQ(Threads(0).count(), 1U);
}

TEST(ParallelFor, UsesTheThreadsGivenAndNoOther) {
  Threads threads(3);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  for (int call = 0; call < 100; ++call) {
    parallel_for(&threads, 64, [&](std::size_t /*part*/) {
      const std::lock_guard lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
  }
  EXPECT_LE(seen.size(), 3U);
  seen.clear();
  parallel_for(nullptr, 64, [&](std::size_t /*part*/) { seen.insert(std::this_thread::get_id()); });
  EXPECT_EQ(seen, std::set{std::this_thread::get_id()});
}

TEST(ParallelFor, EndsWithTheExceptionOfAPart) {
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    const auto fail = [](std::size_t part) {
      if (part % 3 == 1) throw std::bad_alloc();
    };
    EXPECT_THROW(parallel_for(&threads, 100, fail), std::bad_alloc);
    std::atomic<int> done = 0;  // and the next call is none the worse
    parallel_for(&threads, 100, [&](std::size_t /*part*/) { ++done; });
    EXPECT_EQ(done.load(), 100);
  }
}

TEST(ParallelFor, WorksInsideItselfAndFromSeveralThreads) {
  Threads threads(3);
  std::atomic<int> done = 0;
  const auto call = [&] {
    parallel_for(&threads, 10, [&](std::size_t /*part*/) {
      parallel_for(&threads, 10, [&](std::size_t /*inner*/) { ++done; });
    });
  };
  std::thread other(call);
  call();
  other.join();
  EXPECT_EQ(done.load(), 200);
}

TEST(ParallelFor, JoinsEachPartInOrderAfterItIsDone) {
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    for (const std::size_t parts : {0, 1, 2, 7, 1000}) {
      std::vector<int> made(parts);
      std::vector<std::size_t> joined;  // without a lock: one at a time
      parallel_for(
          &threads, parts, [&](std::size_t part) { made[part] = 1; },
          [&](std::size_t part) {
            EXPECT_EQ(made[part], 1);
            joined.push_back(part);
          });
      ASSERT_EQ(joined.size(), parts) << count << " threads";
      for (std::size_t i = 0; i < parts; ++i) EXPECT_EQ(joined[i], i);
    }
  }
}

TEST(ParallelFor, EndsWithTheExceptionOfAJoin) {
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    std::vector<std::size_t> joined;
    const auto fail = [&](std::size_t part) {
      if (part == 10) throw std::bad_alloc();
      joined.push_back(part);
    };
    EXPECT_THROW(parallel_for(
                     &threads, 100, [](std::size_t /*part*/) {}, fail),
                 std::bad_alloc);
    EXPECT_EQ(joined.size(), 10U);
  }
}

TEST(Split, CoversAllInOrderAndKeepsTheLeast) {
  Threads threads(3);
  for (const std::size_t count : {0, 1, 15, 16, 31, 32, 33, 100, 1000}) {
    for (const std::size_t least : {0, 1, 16, 2000}) {
      const std::vector<IndexRange> ranges = split(count, least, &threads);
      ASSERT_FALSE(ranges.empty());
      EXPECT_LE(ranges.size(), 12U);
      std::size_t next = 0;
      for (const IndexRange& range : ranges) {
        EXPECT_EQ(range.first, next);
        if (ranges.size() > 1) {
          EXPECT_GE(range.last - range.first, std::max<std::size_t>(least, 1));
        }
        next = range.last;
      }
      EXPECT_EQ(next, count);
    }
  }
  Threads one(1);
  EXPECT_EQ(split(1000, 1, &one), (std::vector<IndexRange>{{0, 1000}}));
  EXPECT_EQ(split(1000, 1, nullptr), (std::vector<IndexRange>{{0, 1000}}));
}

TEST(TextRanges, HoldAboutAsManyUnitsEach) {
  Threads threads(2);
  // A list that ends with its long texts.
  std::vector<std::string> texts(2000, std::string(100, 'a'));
  for (std::size_t i = 1900; i < texts.size(); ++i) texts[i] = std::string(5000, 'b');
  const std::vector<IndexRange> ranges = text_ranges(views(texts), &threads);
  EXPECT_GE(ranges.size(), 32U);
  EXPECT_LE(ranges.size(), 64U);
  std::size_t next = 0;
  for (const IndexRange& range : ranges) {
    EXPECT_EQ(range.first, next);
    EXPECT_GT(range.last, range.first);
    next = range.last;
    std::size_t units = 0;
    for (std::size_t i = range.first; i < range.last; ++i) units += texts[i].size();
    EXPECT_LE(units, 700'000U / 64 + 5000);
  }
  EXPECT_EQ(next, texts.size());
}

TEST(TextRanges, LeaveLittleWorkToOneThread) {
  Threads threads(8);
  const std::vector<std::string> few(20, "a short text");
  EXPECT_EQ(text_ranges(views(few), &threads), (std::vector<IndexRange>{{0, 20}}));
  const std::vector<std::string> empty(10'000);
  EXPECT_GT(text_ranges(views(empty), &threads).size(), 1U);
  EXPECT_EQ(text_ranges({}, &threads), (std::vector<IndexRange>{{0, 0}}));
  const std::vector<std::string> many(1000, std::string(1000, 'a'));
  EXPECT_EQ(text_ranges(views(many), nullptr), (std::vector<IndexRange>{{0, 1000}}));
  Threads one(1);
  EXPECT_EQ(text_ranges(views(many), &one), (std::vector<IndexRange>{{0, 1000}}));
}

/// Random words, some unknown, some texts empty.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts = random_texts(700, 40, 5);
  for (std::size_t i = 0; i < texts.size(); i += 37) texts[i] = "zzz yyy";
  for (std::size_t i = 0; i < texts.size(); i += 53) texts[i].clear();
  return texts;
}

TEST(SameForAnyNumberOfThreads, EncodeBatch) {
  const std::vector<std::string> texts = many_texts();
  std::vector<std::optional<TextView>> pairs(texts.size());
  for (std::size_t i = 0; i < texts.size(); i += 3)
    pairs[i] = std::string_view(texts[(i + 7) % texts.size()]);
  EncodeOptions options;
  for (const BatchFields fields : {BatchFields::kIds, BatchFields::kIdsAndTypeIds}) {
    for (const WordTokenizer& file :
         {WordTokenizer{}, WordTokenizer::cut_to(9), WordTokenizer::padded("Left", "8")}) {
      const Tokenizer tokenizer = word_tokenizer(file);
      const Result<EncodingBatch> expected =
          encode_batch(tokenizer, views(texts), pairs, options, fields);
      ASSERT_TRUE(expected.ok());
      for (const std::size_t count : kCounts) {
        Threads threads(count);
        const Result<EncodingBatch> batch =
            encode_batch(tokenizer, views(texts), pairs, options, fields, {}, &threads);
        ASSERT_TRUE(batch.ok());
        EXPECT_EQ(batch->ids, expected->ids);
        EXPECT_EQ(batch->rows, expected->rows);
        EXPECT_EQ(batch->type_ids, expected->type_ids);
        EXPECT_EQ(batch->attention_mask, expected->attention_mask);
      }
    }
  }
}

TEST(SameForAnyNumberOfThreads, FaultsOfTexts) {
  // Only texts with a pair can be cut: every other one fails.
  EncodeOptions options;
  options.truncation.from = Setting<Truncation>::From::kValue;
  options.truncation.value.max_length = 2;
  options.truncation.value.strategy = TruncationStrategy::kOnlySecond;
  const std::vector<TextView> texts(1000, std::string_view("a b"));
  std::vector<std::optional<TextView>> pairs(texts.size(), std::string_view(""));
  const auto faults_with = [&](Threads* threads) {
    for (std::size_t i = 1; i < pairs.size(); i += 4) pairs[i].reset();
    std::vector<TextView> longer = texts;
    for (std::size_t i = 1; i < longer.size(); i += 4) longer[i] = std::string_view("a b c");
    return encode_batch(word_tokenizer(), longer, pairs, options, BatchFields::kIds, {}, threads)
        .status();
  };
  const Status expected = faults_with(nullptr);
  ASSERT_EQ(expected.faults().size(), kMaxFaults);
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    const Status status = faults_with(&threads);
    EXPECT_EQ(status.message(), expected.message());
    EXPECT_EQ(status.hint(), expected.hint());
    ASSERT_EQ(status.faults().size(), kMaxFaults);
    for (std::size_t i = 0; i < kMaxFaults; ++i) {
      EXPECT_EQ(status.faults()[i].path, expected.faults()[i].path);
    }
  }
}

TEST(SameForAnyNumberOfThreads, BatchJob) {
  const std::vector<std::string> texts = many_texts();
  WordTokenizer file = WordTokenizer::cut_to(12);
  file.post_processor = WordTokenizer::pad_behind(1);
  const Tokenizer tokenizer = word_tokenizer(file);
  Result<BatchJob> expected = BatchJob::create(tokenizer, views(texts), {});
  ASSERT_TRUE(expected.ok());
  std::vector<Batch> batches;
  while (std::optional<Batch> batch = expected->next()) batches.push_back(*std::move(batch));
  for (const std::size_t count : kCounts) {
    Threads threads(count);
    Result<BatchJob> job = BatchJob::create(tokenizer, views(texts), {}, {}, {}, &threads);
    ASSERT_TRUE(job.ok());
    EXPECT_EQ(job->stats().tokens, expected->stats().tokens);
    ASSERT_EQ(job->warnings().size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(job->warnings()[i].message, expected->warnings()[i].message);
    }
    for (const Batch& batch : batches) {
      const std::optional<Batch> same = job->next();
      ASSERT_TRUE(same.has_value());
      EXPECT_EQ(same->length, batch.length);
      EXPECT_EQ(input_ids(*same), input_ids(batch));
      EXPECT_EQ(attention_mask(*same), attention_mask(batch));
      EXPECT_EQ(token_type_ids(*same), token_type_ids(batch));
    }
    EXPECT_FALSE(job->next().has_value());
  }
}

TEST(SameForAnyNumberOfThreads, Search) {
  std::mt19937 generator(3);
  std::uniform_int_distribution<int> distribution(-3, 3);  // few values: many equal scores
  for (const std::size_t dimensions : {1, 7, 384}) {
    for (const std::size_t rows : {0, 1, 100, 20000}) {
      if (dimensions * rows > 1000000) continue;
      std::vector<float> matrix(rows * dimensions);
      for (float& x : matrix) x = static_cast<float>(distribution(generator));
      for (std::size_t i = 5; i < matrix.size(); i += 977) {
        matrix[i] = std::numeric_limits<float>::quiet_NaN();
      }
      std::vector<float> queries(6 * dimensions);
      for (float& x : queries) x = static_cast<float>(distribution(generator));
      for (const std::size_t k : {1, 10, 30000}) {
        const Result<SearchHits> expected = cosine_search(queries, matrix, dimensions, k);
        ASSERT_TRUE(expected.ok());
        for (const std::size_t count : kCounts) {
          Threads threads(count);
          const Result<SearchHits> hits = cosine_search(queries, matrix, dimensions, k, &threads);
          ASSERT_TRUE(hits.ok());
          EXPECT_EQ(hits->indices, expected->indices);
          EXPECT_EQ(hits->scores, expected->scores);
        }
      }
    }
  }
}

}  // namespace
}  // namespace infercore
