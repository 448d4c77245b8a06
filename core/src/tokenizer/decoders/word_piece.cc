// Pieces that continue a word lose their prefix, all others but the first get a space in front.
#include <string>
#include <utility>

#include "tokenizer/decoders/cleanup.h"
#include "tokenizer/decoders/decoder.h"

namespace infercore {
namespace {

class WordPiece : public Decoder {
 public:
  WordPiece(std::string_view prefix, bool cleanup) : prefix_(prefix), cleanup_(cleanup) {}

  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    bool first = true;
    for (std::string& token : tokens) {
      if (!std::exchange(first, false)) {
        if (token.compare(0, prefix_.size(), prefix_) == 0) {
          token.erase(0, prefix_.size());
        } else {
          token.insert(token.begin(), ' ');
        }
      }
      if (cleanup_) clean_up(token);
    }
    return {};
  }

 private:
  std::string prefix_;
  bool cleanup_;
};

}  // namespace

std::unique_ptr<Decoder> read_word_piece_decoder(const Fields& fields) {
  const std::string_view prefix = fields.string("prefix");
  return std::make_unique<WordPiece>(prefix, fields.boolean("cleanup"));
}

}  // namespace infercore
