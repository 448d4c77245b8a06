// Decoders one after the other.
#include <utility>

#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class Sequence : public Decoder {
 public:
  explicit Sequence(std::vector<std::unique_ptr<Decoder>> steps) : steps_(std::move(steps)) {}

  Status apply(std::vector<std::string>& tokens, std::size_t limit) const override {
    for (const std::unique_ptr<Decoder>& step : steps_) {
      if (Status status = step->apply(tokens, limit); !status.ok()) return status;
    }
    return {};
  }

  std::size_t bytes() const override {
    std::size_t sum = 0;
    for (const std::unique_ptr<Decoder>& step : steps_) sum += step->bytes();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Decoder>> steps_;
};

}  // namespace

std::unique_ptr<Decoder> read_decoder_sequence(const Fields& fields) {
  return std::make_unique<Sequence>(read_list<Decoder>(fields, "decoders", read_decoder));
}

}  // namespace infercore
