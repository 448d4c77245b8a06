// Decoders one after the other.
#include <utility>

#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class Sequence : public Decoder {
 public:
  explicit Sequence(std::vector<std::unique_ptr<Decoder>> steps) : steps_(std::move(steps)) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (const std::unique_ptr<Decoder>& step : steps_) step->apply(tokens);
  }

  double growth() const override {
    double product = 1;
    for (const std::unique_ptr<Decoder>& step : steps_) product *= step->growth();
    return product;
  }

 private:
  std::vector<std::unique_ptr<Decoder>> steps_;
};

}  // namespace

std::unique_ptr<Decoder> read_decoder_sequence(const Fields& fields) {
  return std::make_unique<Sequence>(read_list<Decoder>(fields, "decoders", read_decoder));
}

}  // namespace infercore
