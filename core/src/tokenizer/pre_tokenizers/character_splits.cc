// Words cut at characters of a kind: white space, punctuation, digits, one delimiter.
#include "tokenizer/pre_tokenizers/split_behavior.h"
#include "unicode/character_class.h"

namespace infercore {
namespace {

using unicode::CharacterClass;

/// Cuts at the characters of some classes.
class ClassSplit : public PreTokenizer {
 public:
  ClassSplit(std::uint8_t classes, SplitBehavior behavior)
      : classes_(classes), behavior_(behavior) {}

  void apply(Splits& splits, Splits& spare) const override {
    const auto is_delimiter = [this](char32_t code) {
      return (unicode::classes_of(code) & classes_) != 0;
    };
    split_at_characters(splits, spare, is_delimiter, behavior_);
  }

 private:
  std::uint8_t classes_;
  SplitBehavior behavior_;
};

class CharDelimiterSplit : public PreTokenizer {
 public:
  explicit CharDelimiterSplit(char32_t delimiter) : delimiter_(delimiter) {}

  void apply(Splits& splits, Splits& spare) const override {
    const auto is_delimiter = [this](char32_t code) { return code == delimiter_; };
    split_at_characters(splits, spare, is_delimiter, SplitBehavior::kRemoved);
  }

 private:
  char32_t delimiter_;
};

}  // namespace

std::unique_ptr<PreTokenizer> read_whitespace_split(const Fields& /*fields*/) {
  return std::make_unique<ClassSplit>(CharacterClass::kSpace, SplitBehavior::kRemoved);
}

std::unique_ptr<PreTokenizer> read_punctuation(const Fields& fields) {
  return std::make_unique<ClassSplit>(CharacterClass::kPunctuation,
                                      read_split_behavior(fields, SplitBehavior::kIsolated));
}

std::unique_ptr<PreTokenizer> read_digits(const Fields& fields) {
  const bool individual = fields.boolean("individual_digits");
  return std::make_unique<ClassSplit>(
      CharacterClass::kNumeric, individual ? SplitBehavior::kIsolated : SplitBehavior::kContiguous);
}

std::unique_ptr<PreTokenizer> read_char_delimiter_split(const Fields& fields) {
  return std::make_unique<CharDelimiterSplit>(fields.character("delimiter"));
}

}  // namespace infercore
