// Words between white space; the white space goes.
#include <string_view>

#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {
namespace {

class WhitespaceSplit : public PreTokenizer {
 public:
  void apply(Splits& splits, Splits& spare) const override {
    const std::string_view bytes = splits.text.bytes;
    std::vector<Split>& before = spare.list;
    before.swap(splits.list);
    splits.list.clear();
    for (const Split& split : before) {
      if (split.token != Split::kWord) {
        splits.list.push_back(split);
        continue;
      }
      std::size_t begin = split.begin;
      for (std::size_t at = split.begin; at < split.end;) {
        const std::size_t next = at + unicode::sequence_length(bytes[at]);
        if (unicode::is_space(unicode::decode_valid(&bytes[at]))) {
          splits.add(begin, at);
          begin = next;
        }
        at = next;
      }
      splits.add(begin, split.end);
    }
  }
};

}  // namespace

std::unique_ptr<PreTokenizer> read_whitespace_split(const Fields& /*fields*/) {
  return std::make_unique<WhitespaceSplit>();
}

}  // namespace infercore
