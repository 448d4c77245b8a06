// Spaces become a visible character, ▁ as a rule, and each such character starts a word.
#include <cstring>
#include <string_view>
#include <utility>

#include "tokenizer/metaspace_fields.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {
namespace {

class Metaspace : public PreTokenizer {
 public:
  explicit Metaspace(MetaspaceFields fields) : fields_(std::move(fields)) {}

  void apply(Splits& splits, Splits& spare) const override {
    if (rewrites(splits)) {
      spare.text.restart(splits.text);
      spare.text.bytes.reserve(splits.text.size() + splits.text.size() / 2 + 16);
      for (Split& split : splits.list) rewrite(splits.text, split, spare.text);
      splits.text.swap(spare.text);
      if (splits.text.overflowed) return;
    }
    if (!fields_.split) return;
    spare.list.swap(splits.list);
    splits.list.clear();
    for (const Split& split : spare.list) cut(split, splits);
  }

  bool needs_origins() const override { return fields_.scheme == PrependScheme::kFirst; }

 private:
  bool starts_with_replacement(std::string_view word) const {
    return word.substr(0, fields_.replacement.size()) == fields_.replacement;
  }
  bool prepends(const NormalizedText& text, const Split& split) const {
    if (split.token != Split::kWord || fields_.scheme == PrependScheme::kNever) return false;
    if (fields_.scheme == PrependScheme::kFirst && split.original_start != 0) return false;
    return !starts_with_replacement(std::string_view(text.bytes).substr(split.begin));
  }

  /// Normalizers often leave nothing to do here.
  bool rewrites(const Splits& splits) const {
    if (splits.text.bytes.find(' ') != std::string::npos) return true;
    for (const Split& split : splits.list) {
      if (prepends(splits.text, split)) return true;
    }
    return false;
  }

  /// Copies a part to `to`, with spaces replaced when it is a word, and points `split` there.
  void rewrite(const NormalizedText& from, Split& split, NormalizedText& to) const {
    const auto begin = static_cast<std::uint32_t>(to.size());
    if (split.token != Split::kWord) {
      to.append_from(from, split.begin, split.end);
    } else {
      // What is put in front has the origin of the first character.
      if (prepends(from, split) && from.bytes[split.begin] != ' ') {
        to.append(fields_.replacement, from.origin_at(split.begin));
      }
      std::size_t at = split.begin;
      while (at < split.end) {
        const void* space = std::memchr(&from.bytes[at], ' ', split.end - at);
        const std::size_t next =
            space == nullptr
                ? split.end
                : static_cast<std::size_t>(static_cast<const char*>(space) - from.bytes.data());
        to.append_from(from, at, next);
        if (space != nullptr) to.append(fields_.replacement, from.origin_at(next));
        at = next + 1;
      }
    }
    split.begin = begin;
    split.end = static_cast<std::uint32_t>(to.size());
  }

  void cut(const Split& split, Splits& to) const {
    if (split.token != Split::kWord) {
      to.list.push_back(split);
      return;
    }
    const std::string_view text = std::string_view(to.text.bytes).substr(0, split.end);
    std::size_t begin = split.begin;
    std::size_t at = text.find(fields_.replacement, begin);
    while (at != std::string_view::npos) {
      to.add(begin, at);
      begin = at;
      at = text.find(fields_.replacement, begin + fields_.replacement.size());
    }
    to.add(begin, split.end);
  }

  MetaspaceFields fields_;
};

}  // namespace

std::unique_ptr<PreTokenizer> read_metaspace(const Fields& fields) {
  return std::make_unique<Metaspace>(read_metaspace_fields(fields));
}

}  // namespace infercore
