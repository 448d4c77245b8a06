#include "tokenizer/models/vocabulary_fields.h"

#include <algorithm>
#include <string>
#include <utility>

namespace infercore {
namespace {

// Each byte of a token may be a node of a trie.
constexpr std::size_t kMaxTexts = std::size_t{32} << 20;

void check_size(JsonValue vocab, std::size_t size, std::size_t max, std::string_view what,
                Faults& faults) {
  if (size <= max) return;
  faults.add(vocab, Code::kLimitExceeded,
             "expected tokens of at most " + std::to_string(max) + " bytes" + std::string(what) +
                 " in " + faults.path_of(vocab) + ", received " + std::to_string(size));
}

}  // namespace

Vocabulary read_vocabulary(const Fields& fields, std::size_t max_token) {
  VocabularyBuilder vocabulary;
  Faults& faults = fields.faults();
  const JsonValue vocab = fields.get("vocab");
  if (!vocab.is(JsonType::kObject)) {
    if (vocab.exists()) {
      faults.expect(vocab, "an object of tokens and their ids");
    } else {
      faults.expect_member(fields.object(), "vocab", "an object of tokens and their ids");
    }
    return {};
  }
  vocabulary.reserve(vocab.size());
  std::size_t longest = 0;
  std::size_t total = 0;
  for (auto member = vocab.begin(); member != vocab.end() && !faults.full(); ++member) {
    const std::optional<std::uint64_t> id = (*member).integer(Vocabulary::kNoId - 1);
    if (!id) {
      faults.expect(*member, "an integer from 0 to " + std::to_string(Vocabulary::kNoId - 1));
      continue;
    }
    longest = std::max(longest, member.key().size());
    total += member.key().size();
    if (total <= kMaxTexts) vocabulary.add(member.key(), static_cast<std::uint32_t>(*id));
  }
  check_size(vocab, longest, max_token, "", faults);
  check_size(vocab, total, kMaxTexts, " together", faults);
  return std::move(vocabulary).finish();
}

}  // namespace infercore
