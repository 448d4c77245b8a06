#include "tokenizer/formats/ranked_merges.h"

#include <algorithm>
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
  if (!MergeTable::fits(vocabulary.size(), vocabulary.size())) {
    return too_large("tokens, in number,", kMaxFileTokens - 1, vocabulary.size());
  }
  const auto part = [&](std::string_view text) {
    const std::uint32_t index = vocabulary.index_of(text);
    return index != kNoId && ranks[index] != kNoId ? index : kNoId;
  };
  std::vector<std::uint64_t> order;  // by rank, then by index
  for (std::uint32_t index = 0; index < ranks.size(); ++index) {
    if (ranks[index] != kNoId) order.push_back(std::uint64_t{ranks[index]} << 32 | index);
  }
  std::sort(order.begin(), order.end());
  std::uint64_t work = 0;
  for (const std::uint64_t place : order) {
    const auto index = static_cast<std::uint32_t>(place);
    const std::string_view text = vocabulary.text_at(index);
    work += text.size() * text.size();
    if (work > kMaxWork) {
      return too_large("tokens whose lengths, squared, have a sum", kMaxWork, work);
    }
    for (std::size_t at = unicode::sequence_length(text[0]); at < text.size();
         at += unicode::sequence_length(text[at])) {
      const std::uint32_t left = part(text.substr(0, at));
      if (left == kNoId) continue;
      const std::uint32_t right = part(text.substr(at));
      if (right != kNoId) merges.push_back({left, right, index, ranks[index]});
    }
  }
  return {};
}

}  // namespace infercore
