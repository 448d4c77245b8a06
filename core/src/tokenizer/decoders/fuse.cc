// All tokens become one.
#include <utility>

#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class Fuse : public Decoder {
 public:
  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens.clear();
    tokens.push_back(std::move(all));
    return {};
  }
};

}  // namespace

std::unique_ptr<Decoder> read_fuse_decoder(const Fields& /*fields*/) {
  return std::make_unique<Fuse>();
}

}  // namespace infercore
