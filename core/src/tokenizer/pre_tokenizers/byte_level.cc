// GPT-2's words, in whose bytes every one is a visible character.
#include <string_view>
#include <utility>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/known_patterns.h"
#include "tokenizer/pre_tokenizers/split_behavior.h"

namespace infercore {
namespace {

class ByteLevel : public PreTokenizer {
 public:
  ByteLevel(bool adds_space, bool splits)
      : adds_space_(adds_space), words_(splits ? known_pattern(kGpt2Pattern) : nullptr) {}

  void apply(Splits& splits, Splits& spare) const override {
    if (adds_space_) {
      rewrite(splits, spare, [](const NormalizedText& from, const Split& word, NormalizedText& to) {
        // What is put in front has the origin of the first character.
        if (from.bytes[word.begin] != ' ') to.append(" ", from.origin_at(word.begin));
        to.append_from(from, word.begin, word.end);
      });
    }
    if (words_ != nullptr && !splits.text.overflowed) {
      cut_at_pattern(splits, spare, *words_, false, SplitBehavior::kIsolated);
    }
    if (leaves_bytes_ || splits.text.overflowed) return;
    rewrite(splits, spare, [](const NormalizedText& from, const Split& word, NormalizedText& to) {
      for (std::size_t at = word.begin; at < word.end && !to.overflowed; ++at) {
        to.append(visible_of_byte(from.bytes[at]), from.origin_at(at));
      }
    });
  }

  bool writes_bytes() const override { return true; }
  void leave_bytes() override { leaves_bytes_ = true; }

 private:
  /// Writes each part anew, words by `write`, and points its split there.
  template <typename Write>
  static void rewrite(Splits& splits, Splits& spare, const Write& write) {
    NormalizedText& to = spare.text;
    to.restart(splits.text);
    for (Split& split : splits.list) {
      const auto begin = static_cast<std::uint32_t>(to.size());
      if (split.token == Split::kWord) {
        write(splits.text, split, to);
      } else {
        to.append_from(splits.text, split.begin, split.end);
      }
      if (to.overflowed) break;
      split.begin = begin;
      split.end = static_cast<std::uint32_t>(to.size());
    }
    splits.text.swap(to);
  }

  bool adds_space_;
  bool leaves_bytes_ = false;
  std::unique_ptr<Pattern> words_;  ///< nullptr: words stay whole
};

}  // namespace

std::unique_ptr<PreTokenizer> read_byte_level(const Fields& fields) {
  const bool adds_space = fields.boolean("add_prefix_space");
  fields.boolean("trim_offsets");
  return std::make_unique<ByteLevel>(adds_space, fields.boolean("use_regex", true));
}

}  // namespace infercore
