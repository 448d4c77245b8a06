#include "tokenizer/models/merge_cuts.h"

#include <algorithm>

#include "unicode/utf.h"

namespace infercore {
namespace {

/// What stands for a space where text goes through the model unsplit.
constexpr std::string_view kSpace = "\u2581";

/// The first and last byte of each token, so that the rules need not look at texts.
struct Ends {
  std::vector<unsigned char> first;
  std::vector<unsigned char> last;
};

Ends ends_of(const Vocabulary& vocabulary) {
  Ends ends;
  ends.first.resize(vocabulary.size(), 0xFF);
  ends.last.resize(vocabulary.size(), 0xFF);
  for (std::size_t i = 0; i < vocabulary.size(); ++i) {
    const std::string_view text = vocabulary.text_at(i);
    if (text.empty()) continue;
    ends.first[i] = static_cast<unsigned char>(text.front());
    ends.last[i] = static_cast<unsigned char>(text.back());
  }
  return ends;
}

}  // namespace

MergeCuts::MergeCuts(const Vocabulary& vocabulary, const std::vector<BpeMerge>& merges,
                     const std::vector<std::uint32_t>& others) {
  any_ = vocabulary.find(kSpace) != Vocabulary::kNoId;
  if (any_) find(vocabulary, merges, others);
  if (!any_) *this = {};
}

void MergeCuts::find(const Vocabulary& vocabulary, const std::vector<BpeMerge>& merges,
                     const std::vector<std::uint32_t>& others) {
  const Ends ends = ends_of(vocabulary);
  const auto join = [this](unsigned char first, unsigned char second) {
    const std::size_t bit = first * 128U + second;
    joined_[bit / 64] |= std::uint64_t{1} << bit % 64;
  };
  std::vector<bool> stands_for_other(vocabulary.size());
  for (const std::uint32_t symbol : others) stands_for_other[symbol] = true;
  for (const BpeMerge& merge : merges) {
    if (stands_for_other[merge.left] || stands_for_other[merge.right]) any_ = false;
    const unsigned char last = ends.last[merge.left];
    const unsigned char first = ends.first[merge.right];
    if (first < 0x80 && last < 0x80) join(last, first);
    if (first != static_cast<unsigned char>(kSpace[0])) continue;
    if (vocabulary.text_at(merge.right).substr(0, kSpace.size()) != kSpace) continue;
    const std::string_view left = vocabulary.text_at(merge.left);
    const char32_t code = unicode::decode_before(left, left.size());
    std::vector<char32_t>& joined = joined_to_space_;
    if (std::find(joined.begin(), joined.end(), code) == joined.end()) joined.push_back(code);
    if (joined.size() > kMaxJoined) any_ = false;
    if (!any_) return;
  }
  // Unknown characters in a row may be one token.
  for (unsigned char c = 0; c < 0x80; ++c) {
    const char text = static_cast<char>(c);
    if (vocabulary.find({&text, 1}) != Vocabulary::kNoId) continue;
    for (unsigned char other = 0; other < 0x80; ++other) {
      join(c, other);
      join(other, c);
    }
  }
}

std::size_t MergeCuts::piece_end(std::string_view word, std::size_t begin) const noexcept {
  for (std::size_t at = begin + unicode::sequence_length(word[begin]); at < word.size(); ++at) {
    const auto first = static_cast<unsigned char>(word[at - 1]);
    const auto second = static_cast<unsigned char>(word[at]);
    if (second < 0x80) {
      if (first < 0x80 && !joins(first, second)) return at;
    } else if (word.substr(at, kSpace.size()) == kSpace) {
      const auto end = joined_to_space_.end();
      if (std::find(joined_to_space_.begin(), end, unicode::decode_before(word, at)) == end) {
        return at;
      }
    }
  }
  return word.size();
}

}  // namespace infercore
