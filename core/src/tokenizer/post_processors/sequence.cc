// Post-processors one after the other.
#include <algorithm>
#include <utility>

#include "tokenizer/post_processors/post_processor.h"

namespace infercore {
namespace {

class Sequence : public PostProcessor {
 public:
  explicit Sequence(std::vector<std::unique_ptr<PostProcessor>> steps) : steps_(std::move(steps)) {}

  std::size_t added_tokens(bool pair) const override {
    std::size_t count = 0;
    for (const std::unique_ptr<PostProcessor>& step : steps_) count += step->added_tokens(pair);
    return count;
  }

  bool gives_type_ids() const override {
    return std::any_of(steps_.begin(), steps_.end(),
                       [](const auto& step) { return step->gives_type_ids(); });
  }

  Status process(std::vector<Draft>& drafts, bool add_special_tokens) const override {
    for (const std::unique_ptr<PostProcessor>& step : steps_) {
      Status status = step->process(drafts, add_special_tokens);
      if (!status.ok()) return status;
    }
    return {};
  }

  std::size_t bytes() const override {
    std::size_t sum = 0;
    for (const std::unique_ptr<PostProcessor>& step : steps_) sum += step->bytes();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<PostProcessor>> steps_;
};

}  // namespace

std::unique_ptr<PostProcessor> read_post_processor_sequence(const Fields& fields) {
  return std::make_unique<Sequence>(
      read_list<PostProcessor>(fields, "processors", read_post_processor));
}

}  // namespace infercore
