// Pre-tokenizers one after the other.
#include <utility>

#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {
namespace {

class Sequence : public PreTokenizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<PreTokenizer>> steps) : steps_(std::move(steps)) {}

  void apply(Splits& splits, Splits& spare) const override {
    for (const std::unique_ptr<PreTokenizer>& step : steps_) {
      if (splits.text.overflowed) return;
      step->apply(splits, spare);
    }
  }

  bool writes_bytes() const override { return !steps_.empty() && steps_.back()->writes_bytes(); }
  void leave_bytes() override { steps_.back()->leave_bytes(); }

  bool needs_origins() const override {
    for (const std::unique_ptr<PreTokenizer>& step : steps_) {
      if (step->needs_origins()) return true;
    }
    return false;
  }

 private:
  std::vector<std::unique_ptr<PreTokenizer>> steps_;
};

}  // namespace

std::unique_ptr<PreTokenizer> read_pre_tokenizer_sequence(const Fields& fields) {
  return std::make_unique<Sequence>(
      read_list<PreTokenizer>(fields, "pretokenizers", read_pre_tokenizer));
}

}  // namespace infercore
