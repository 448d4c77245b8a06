// Words between the matches of a pattern, or the matches themselves.
#include <utility>

#include "tokenizer/pattern.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace infercore {
namespace {

class SplitAtPattern : public PreTokenizer {
 public:
  SplitAtPattern(std::unique_ptr<Pattern> pattern, SplitBehavior behavior, bool inverted)
      : pattern_(std::move(pattern)), behavior_(behavior), inverted_(inverted) {}

  void apply(Splits& splits, Splits& spare) const override {
    cut_at_pattern(splits, spare, *pattern_, inverted_, behavior_);
  }

 private:
  std::unique_ptr<Pattern> pattern_;
  SplitBehavior behavior_;
  bool inverted_;
};

}  // namespace

std::unique_ptr<PreTokenizer> read_split(const Fields& fields) {
  std::unique_ptr<Pattern> pattern = read_pattern(fields, "pattern");
  const SplitBehavior behavior = read_split_behavior(fields);
  const bool inverted = fields.boolean("invert");
  if (pattern == nullptr) return nullptr;
  return std::make_unique<SplitAtPattern>(std::move(pattern), behavior, inverted);
}

}  // namespace infercore
