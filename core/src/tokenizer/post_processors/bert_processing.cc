// [CLS] text [SEP], and pair [SEP]: older files say it this way instead of with a template.
#include <string>
#include <utility>

#include "tokenizer/post_processors/post_processor.h"
#include "tokenizer/post_processors/special_token.h"

namespace infercore {
namespace {

class BertProcessing : public PostProcessor {
 public:
  BertProcessing(SpecialToken cls, SpecialToken sep) : cls_(std::move(cls)), sep_(std::move(sep)) {}

  std::size_t added_tokens(bool pair) const override { return pair ? 3 : 2; }

  bool gives_type_ids() const override { return false; }

  Status process(std::vector<Draft>& drafts, bool add_special_tokens) const override {
    if (!add_special_tokens) return {};
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      drafts[i].replace_each([&](const Draft& draft) { return wrapped(draft, i); });
    }
    return {};
  }

 private:
  Draft wrapped(const Draft& draft, std::size_t sequence) const {
    const bool pair = sequence > 0;
    Draft result(draft.ids_only);
    if (!pair) result.add_special(cls_.id, 0, cls_.token);
    const std::size_t begin = result.size();
    result.merge(draft);
    result.sequences.clear();
    result.set_sequence(pair ? 1 : 0, Draft::Range{begin, result.size()});
    result.add_special(sep_.id, pair ? 1 : 0, sep_.token);
    return result;
  }

  SpecialToken cls_;
  SpecialToken sep_;
};

}  // namespace

std::unique_ptr<PostProcessor> read_bert_processing(const Fields& fields) {
  SpecialToken cls = read_special_token(fields, "cls");
  return std::make_unique<BertProcessing>(std::move(cls), read_special_token(fields, "sep"));
}

}  // namespace infercore
