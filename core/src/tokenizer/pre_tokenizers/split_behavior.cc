#include "tokenizer/pre_tokenizers/split_behavior.h"

#include <string>

namespace infercore {

SplitBehavior read_split_behavior(const Fields& fields, std::optional<SplitBehavior> otherwise) {
  struct Name {
    std::string_view name;
    SplitBehavior behavior;
  };
  static constexpr Name kNames[] = {{"Removed", SplitBehavior::kRemoved},
                                    {"Isolated", SplitBehavior::kIsolated},
                                    {"MergedWithPrevious", SplitBehavior::kMergedWithPrevious},
                                    {"MergedWithNext", SplitBehavior::kMergedWithNext},
                                    {"Contiguous", SplitBehavior::kContiguous}};
  const JsonValue value = fields.get("behavior");
  if (!value.exists() && otherwise) return *otherwise;
  const std::string_view name = fields.string("behavior");
  std::string expected = "one of ";
  for (const Name& known : kNames) {
    if (known.name == name) return known.behavior;
    expected += (&known == kNames ? "\"" : ", \"") + std::string(known.name) + "\"";
  }
  if (value.is(JsonType::kString)) fields.faults().expect(value, expected);
  return SplitBehavior::kRemoved;
}

bool Cutter::joins(bool is_delimiter) const {
  switch (behavior_) {
    case SplitBehavior::kRemoved:
    case SplitBehavior::kIsolated:
      return false;
    case SplitBehavior::kMergedWithPrevious:
      return is_delimiter && !was_delimiter_;
    case SplitBehavior::kMergedWithNext:
      return !is_delimiter && was_delimiter_;
    case SplitBehavior::kContiguous:
      return is_delimiter == was_delimiter_;
  }
  return false;
}

void Cutter::piece(std::size_t begin, std::size_t end, bool is_delimiter) {
  if (waits_ && joins(is_delimiter)) {
    end_ = end;
  } else {
    flush();
    waits_ = behavior_ != SplitBehavior::kRemoved || !is_delimiter;
    begin_ = begin;
    end_ = end;
  }
  was_delimiter_ = is_delimiter;
}

void Cutter::flush() {
  if (waits_) to_.add(base_ + begin_, base_ + end_);
  waits_ = false;
}

void cut_at_matches(std::string_view word, const std::vector<Match>& matches, bool inverted,
                    Cutter& cutter) {
  std::size_t done = 0;
  for (const Match& match : matches) {
    if (done < match.begin) cutter.piece(done, match.begin, inverted);
    cutter.piece(match.begin, match.end, !inverted);
    done = match.end;
  }
  if (done < word.size()) cutter.piece(done, word.size(), inverted);
}

void cut_at_pattern(Splits& splits, Splits& spare, const Pattern& pattern, bool inverted,
                    SplitBehavior behavior) {
  std::vector<Match> matches;
  const auto cut = [&](std::string_view word, Cutter& cutter) {
    if (!pattern.find_all(word, matches)) splits.text.overflowed = splits.text.exhausted = true;
    cut_at_matches(word, matches, inverted, cutter);
  };
  split_words(splits, spare, cut, behavior);
}

}  // namespace infercore
