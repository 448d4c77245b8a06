// All tokens become one.
#include <utility>

#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class Fuse : public Decoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens.clear();
    tokens.push_back(std::move(all));
  }
};

}  // namespace

std::unique_ptr<Decoder> read_fuse_decoder(const Fields& /*fields*/) {
  return std::make_unique<Fuse>();
}

}  // namespace infercore
