// Normalizers one after the other.
#include <utility>

#include "tokenizer/normalizers/normalizer.h"

namespace infercore {
namespace {

class Sequence : public Normalizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<Normalizer>> steps) : steps_(std::move(steps)) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    for (const std::unique_ptr<Normalizer>& step : steps_) {
      if (text.overflowed) return;
      step->apply(text, spare);
    }
  }

  std::size_t bytes() const override {
    std::size_t sum = 0;
    for (const std::unique_ptr<Normalizer>& step : steps_) sum += step->bytes();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Normalizer>> steps_;
};

}  // namespace

std::unique_ptr<Normalizer> read_normalizer_sequence(const Fields& fields) {
  return std::make_unique<Sequence>(read_list<Normalizer>(fields, "normalizers", read_normalizer));
}

}  // namespace infercore
