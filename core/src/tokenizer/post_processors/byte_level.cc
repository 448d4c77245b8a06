// Leaves white space out of the offsets, and adds nothing.
#include "tokenizer/post_processors/post_processor.h"
#include "tokenizer/post_processors/trim_offsets.h"

namespace infercore {
namespace {

class ByteLevel : public PostProcessor {
 public:
  ByteLevel(bool trims, bool adds_space) : trims_(trims), adds_space_(adds_space) {}

  std::size_t added_tokens(bool /*pair*/) const override { return 0; }
  bool gives_type_ids() const override { return false; }

  Status process(std::vector<Draft>& drafts, bool /*add_special_tokens*/) const override {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      if (trims_) trim_offsets(drafts[i], adds_space_);
      drafts[i].set_sequence(i);
    }
    return {};
  }

 private:
  bool trims_;
  bool adds_space_;
};

}  // namespace

std::unique_ptr<PostProcessor> read_byte_level_processor(const Fields& fields) {
  const bool adds_space = fields.boolean("add_prefix_space");
  const bool trims = fields.boolean("trim_offsets");
  fields.boolean("use_regex", true);
  return std::make_unique<ByteLevel>(trims, adds_space);
}

}  // namespace infercore
