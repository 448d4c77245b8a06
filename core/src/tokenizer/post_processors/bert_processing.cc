// [CLS] text [SEP], and pair [SEP]: older files say it this way instead of with a template.
#include <string>
#include <utility>

#include "tokenizer/post_processors/post_processor.h"

namespace infercore {
namespace {

struct SpecialToken {
  std::string token;
  std::uint32_t id;
};

class BertProcessing : public PostProcessor {
 public:
  BertProcessing(SpecialToken cls, SpecialToken sep) : cls_(std::move(cls)), sep_(std::move(sep)) {}

  std::size_t added_tokens(bool pair) const override { return pair ? 3 : 2; }

  bool gives_type_ids() const override { return false; }

  Status process(std::vector<Draft>& drafts, bool add_special_tokens) const override {
    if (!add_special_tokens) return {};
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const std::vector<Draft> overflowing = std::move(drafts[i].overflowing);
      drafts[i].overflowing.clear();
      drafts[i] = wrapped(drafts[i], i);
      for (const Draft& other : overflowing) drafts[i].overflowing.push_back(wrapped(other, i));
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
    result.sequences = {};
    result.sequences[pair ? 1 : 0] = Draft::Range{begin, result.size()};
    result.add_special(sep_.id, pair ? 1 : 0, sep_.token);
    return result;
  }

  SpecialToken cls_;
  SpecialToken sep_;
};

SpecialToken read_token(const Fields& fields, std::string_view key) {
  const JsonValue value = fields.array(key);
  const JsonValue token = value.at(0);
  const auto id = value.at(1).integer(0xFFFFFFFF);
  if (value.exists() && (value.size() != 2 || !token.is(JsonType::kString) || !id)) {
    fields.faults().expect(value, "an array of a token and its id");
    return {};
  }
  return value.exists() ? SpecialToken{std::string(token.string()), static_cast<std::uint32_t>(*id)}
                        : SpecialToken{};
}

}  // namespace

std::unique_ptr<PostProcessor> read_bert_processing(const Fields& fields) {
  SpecialToken cls = read_token(fields, "cls");
  return std::make_unique<BertProcessing>(std::move(cls), read_token(fields, "sep"));
}

}  // namespace infercore
