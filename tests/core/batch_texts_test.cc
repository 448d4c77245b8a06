#include "batch_texts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "batch_run.h"
#include "infercore/fault_list.h"
#include "word_tokenizer.h"

namespace infercore {
namespace {

TEST(BatchTexts, CutsToTheSmallerMaximumAndSaysSo) {
  const std::vector<std::string> texts = {words(3, 1), words(40, 2), words(12, 3)};
  struct Case {
    std::size_t file;
    std::size_t model;
    std::size_t expected;
  };
  for (const Case& one : {Case{0, 8, 8}, Case{6, 8, 6}, Case{8, 6, 6}, Case{5, 0, 5}}) {
    const Tokenizer tokenizer =
        word_tokenizer(one.file > 0 ? WordTokenizer::cut_to(one.file) : WordTokenizer{});
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

TEST(BatchTexts, WarnsOfUnknownTokens) {
  const std::vector<std::string> texts = {"a b c d e", "a b c zzz", "a b c d e f g h a zzz"};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), views(texts), {});
  ASSERT_TRUE(job.ok());
  ASSERT_EQ(job->warnings().size(), 1U);
  EXPECT_EQ(job->warnings()[0].code, "UNKNOWN_TOKENS");
  EXPECT_NE(job->warnings()[0].message.find("in 1 of 3 texts"), std::string::npos)
      << job->warnings()[0].message;
  EXPECT_NE(job->warnings()[0].message.find("texts[1]"), std::string::npos);
}

TEST(BatchTexts, TakesTextsOfBothEncodings) {
  const std::u16string wide = u"a b c";
  const TextView texts[] = {std::string_view("a b c"), std::u16string_view(wide)};
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), texts, {});
  ASSERT_TRUE(job.ok());
  const Vectors vectors = run_all(*job);
  expect_row(vectors, 1, expected_mean(word_tokenizer(), "a b c"));
}

TEST(BatchTexts, CutsATextOfTenMegabytes) {
  const std::string text = words(5'000'000, 1);
  const TextView texts[] = {std::string_view(text)};
  BatchJobOptions options;
  options.max_length = 128;
  Result<BatchJob> job = BatchJob::create(word_tokenizer(), texts, options);
  ASSERT_TRUE(job.ok());
  EXPECT_EQ(job->next()->length, 128U);
  EXPECT_EQ(job->warnings()[0].code, "TEXT_TRUNCATED");
}

TEST(BatchTexts, LeavesTypeIdsOutWhereNobodyWantsThem) {
  WordTokenizer extras;
  extras.post_processor = WordTokenizer::pad_behind(2);
  const TextView texts[] = {std::string_view("a")};
  TokenizeOptions options;
  EXPECT_EQ(tokenize_texts(word_tokenizer(extras), texts, options, {})->type_ids,
            (std::vector<std::uint32_t>{0, 2}));
  EXPECT_TRUE(tokenize_texts(word_tokenizer(), texts, options, {})->type_ids.empty());
  options.type_ids = false;
  EXPECT_TRUE(tokenize_texts(word_tokenizer(extras), texts, options, {})->type_ids.empty());
}

TEST(BatchTexts, RefusesMoreTokensThanCanBeCounted) {
  const TextView texts[] = {std::string_view("a b"), std::string_view("c d e")};
  TokenizeOptions options;
  options.max_tokens = 5;
  EXPECT_TRUE(tokenize_texts(word_tokenizer(), texts, options, {}).ok());
  options.max_tokens = 4;
  const Status status = tokenize_texts(word_tokenizer(), texts, options, {}).status();
  EXPECT_EQ(status.code(), Code::kLimitExceeded);
  EXPECT_FALSE(status.hint().empty());
}

TEST(BatchTexts, NamesTheFirstHundredTextsThatFail) {
  WordTokenizer extras = WordTokenizer::cut_to(1);
  extras.post_processor = R"({"type": "BertProcessing", "cls": ["<pad>", 1], "sep": ["<pad>", 1]})";
  const std::vector<TextView> texts(1000, std::string_view("a b"));
  const Result<BatchTexts> result = tokenize_texts(word_tokenizer(extras), texts, {}, {});
  ASSERT_FALSE(result.ok());
  ASSERT_EQ(result.status().faults().size(), kMaxFaults);
  EXPECT_EQ(result.status().faults()[99].path, "texts[99]");
}

TEST(BatchTexts, EndBetweenTwoTextsWhenInterrupted) {
  const std::vector<TextView> texts(10, std::string_view("a b"));
  int asked = 0;
  const Interrupt interrupt = [&] {
    return ++asked < 4 ? Status() : Status(Code::kAborted, "enough");
  };
  EXPECT_EQ(tokenize_texts(word_tokenizer(), texts, {}, interrupt).status().code(), Code::kAborted);
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(BatchJob::create(word_tokenizer(), texts, {}, {}, interrupt).status().code(),
            Code::kAborted);
}

}  // namespace
}  // namespace infercore
