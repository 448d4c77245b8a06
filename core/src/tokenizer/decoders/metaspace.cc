// ▁ becomes a space again; in the first token it goes, when encoding had put it there.
#include <utility>

#include "tokenizer/decoders/decoder.h"
#include "tokenizer/metaspace_fields.h"

namespace infercore {
namespace {

class Metaspace : public Decoder {
 public:
  explicit Metaspace(MetaspaceFields fields) : fields_(std::move(fields)) {}

  Status apply(std::vector<std::string>& tokens, std::size_t /*limit*/) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool drops = i == 0 && fields_.scheme != PrependScheme::kNever;
      replace_all(tokens[i], drops ? "" : " ");
    }
    return {};
  }

 private:
  void replace_all(std::string& token, std::string_view by) const {
    std::size_t at = token.find(fields_.replacement);
    if (at == std::string::npos) return;
    std::string result;
    std::size_t done = 0;
    while (at != std::string::npos) {
      result.append(token, done, at - done).append(by);
      done = at + fields_.replacement.size();
      at = token.find(fields_.replacement, done);
    }
    token = result.append(token, done);
  }

  MetaspaceFields fields_;
};

}  // namespace

std::unique_ptr<Decoder> read_metaspace_decoder(const Fields& fields) {
  return std::make_unique<Metaspace>(read_metaspace_fields(fields));
}

}  // namespace infercore
