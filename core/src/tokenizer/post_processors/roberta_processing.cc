// <s> text </s>, and </s> pair </s>; white space left out of the offsets.
#include <utility>

#include "tokenizer/post_processors/post_processor.h"
#include "tokenizer/post_processors/special_token.h"
#include "tokenizer/post_processors/trim_offsets.h"

namespace infercore {
namespace {

class RobertaProcessing : public PostProcessor {
 public:
  RobertaProcessing(SpecialToken cls, SpecialToken sep, bool trims, bool adds_space)
      : cls_(std::move(cls)), sep_(std::move(sep)), trims_(trims), adds_space_(adds_space) {}

  std::size_t added_tokens(bool pair) const override { return pair ? 4 : 2; }

  bool gives_type_ids() const override { return false; }

  Status process(std::vector<Draft>& drafts, bool add_special_tokens) const override {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      if (trims_) trim_offsets(drafts[i], adds_space_);
      drafts[i].set_type_ids(0);
      if (!add_special_tokens) continue;
      drafts[i].replace_each([&](const Draft& draft) { return wrapped(draft, i); });
    }
    return {};
  }

 private:
  Draft wrapped(const Draft& draft, std::size_t sequence) const {
    Draft result(draft.ids_only);
    const SpecialToken& first = sequence == 0 ? cls_ : sep_;
    result.add_special(first.id, 0, first.token);
    result.merge(draft);
    result.set_type_ids(0);
    result.sequences.clear();
    result.set_sequence(sequence == 0 ? 0 : 1, Draft::Range{1, result.size()});
    result.add_special(sep_.id, 0, sep_.token);
    return result;
  }

  SpecialToken cls_;
  SpecialToken sep_;
  bool trims_;
  bool adds_space_;
};

}  // namespace

std::unique_ptr<PostProcessor> read_roberta_processing(const Fields& fields) {
  SpecialToken cls = read_special_token(fields, "cls");
  SpecialToken sep = read_special_token(fields, "sep");
  const bool trims = fields.boolean("trim_offsets");
  const bool adds_space = fields.boolean("add_prefix_space");
  return std::make_unique<RobertaProcessing>(std::move(cls), std::move(sep), trims, adds_space);
}

}  // namespace infercore
