// The mark at the end of a word becomes a space, but for the last word.
#include <string>
#include <string_view>
#include <utility>

#include "tokenizer/decoders/decoder.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

class Bpe : public Decoder {
 public:
  explicit Bpe(std::string_view suffix) : suffix_(suffix) {}

  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    for (std::string& token : tokens) {
      token = replaced(token, &token == &tokens.back() ? "" : " ");
    }
    return {};
  }

 private:
  std::string replaced(std::string_view token, std::string_view by) const {
    std::string result;
    std::size_t done = 0;
    // No mark stands everywhere: around each character.
    if (suffix_.empty()) {
      for (; done < token.size(); done += unicode::sequence_length(token[done])) {
        result.append(by).append(token.substr(done, unicode::sequence_length(token[done])));
      }
      return result.append(by);
    }
    for (std::size_t at = token.find(suffix_); at != std::string_view::npos;
         at = token.find(suffix_, done)) {
      result.append(token.substr(done, at - done)).append(by);
      done = at + suffix_.size();
    }
    return result.append(token.substr(done));
  }

  std::string suffix_;
};

}  // namespace

std::unique_ptr<Decoder> read_bpe_decoder(const Fields& fields) {
  return std::make_unique<Bpe>(fields.string("suffix"));
}

}  // namespace infercore
