#include "tokenizer/formats/ranked_merges.h"

#include <cstddef>
#include <string_view>

#include "tokenizer/formats/format.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

/// Bytes to look at, when each way to cut a token looks at all of it: real files have some ten
/// million.
constexpr std::uint64_t kMaxWork = std::uint64_t{1} << 29;

}  // namespace

Status ranked_merges(const Vocabulary& vocabulary, const std::vector<std::uint32_t>& ranks,
                     std::vector<BpeMerge>& merges) {
  constexpr std::uint32_t kNoId = Vocabulary::kNoId;
  const auto part = [&](std::string_view text) {
    const std::uint32_t id = vocabulary.find(text);
    return id != kNoId && ranks[id] != kNoId ? id : kNoId;
  };
  std::uint64_t work = 0;
  for (std::uint32_t id = 0; id < ranks.size(); ++id) {
    if (ranks[id] == kNoId) continue;
    const std::string_view text = *vocabulary.text(id);
    work += text.size() * text.size();
    if (work > kMaxWork) {
      return too_large("tokens whose lengths, squared, have a sum", kMaxWork, work);
    }
    for (std::size_t at = unicode::sequence_length(text[0]); at < text.size();
         at += unicode::sequence_length(text[at])) {
      const std::uint32_t left = part(text.substr(0, at));
      if (left == kNoId) continue;
      const std::uint32_t right = part(text.substr(at));
      if (right != kNoId) merges.push_back({left, right, id, ranks[id]});
    }
  }
  return {};
}

}  // namespace infercore
