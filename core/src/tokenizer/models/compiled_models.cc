// The models' tables, into a compiled tokenizer and out of it. What comes out is searched without
// a look at bounds: all of it is checked here, once.
#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "tokenizer/compiled.h"
#include "tokenizer/models/bpe.h"
#include "tokenizer/models/unigram.h"
#include "tokenizer/models/vocabulary_fields.h"
#include "tokenizer/models/word_piece.h"
#include "tokenizer/texts.h"

namespace infercore {
namespace {

/// More than any id that a .tiktoken file gives.
constexpr std::uint64_t kMaxNewId = std::uint64_t{1} << 24;

/// `is_good(slot)` for all that are not `free`, of which each block has one. No branches: half of
/// the slots are free, and nobody knows which.
template <typename T, typename IsGood>
bool are_slots(const Table<T>& slots, T free, const IsGood& is_good) {
  if (slots.size() < 2 || !std::has_single_bit(slots.size())) return false;
  bool good = true;
  for (std::size_t begin = 0; begin < slots.size(); begin += kSlotBlock) {
    const std::size_t end = std::min(begin + kSlotBlock, slots.size());
    bool any_free = false;
    for (std::size_t i = begin; i < end; ++i) {
      const T slot = slots[i];
      const bool is_free = slot == free;
      any_free |= is_free;
      good &= static_cast<bool>(static_cast<int>(is_free) | static_cast<int>(is_good(slot)));
    }
    good &= any_free;
  }
  return good;
}

bool are_below(const Table<std::uint32_t>& numbers, std::size_t limit) {
  bool good = true;
  for (const std::uint32_t number : numbers) good &= number < limit;
  return good;
}

}  // namespace

void Vocabulary::save(TableWriter& to) const {
  to.add(Section::kTexts, texts_.span());
  to.add(Section::kStarts, starts_.span());
  to.add(Section::kIds, ids_.span());
  to.add(Section::kSlots, slots_.span());
  to.add_numbers({seed_});
}

Vocabulary Vocabulary::load(TableReader& from) {
  Vocabulary vocabulary;
  vocabulary.texts_ = from.table<char>(Section::kTexts);
  vocabulary.starts_ = from.table<std::uint32_t>(Section::kStarts);
  vocabulary.ids_ = from.table<std::uint32_t>(Section::kIds);
  vocabulary.slots_ = from.table<std::uint32_t>(Section::kSlots);
  vocabulary.seed_ = from.numbers<1>()[0];
  if (!from.ok()) return {};
  const Table<std::uint32_t>& starts = vocabulary.starts_;
  const Table<std::uint32_t>& ids = vocabulary.ids_;
  from.expect(!starts.empty() && starts[0] == 0 && are_texts(vocabulary.texts_, starts),
              "the texts of tokens");
  if (!from.ok()) return {};
  const std::size_t count = starts.size() - 1;
  const auto mask = static_cast<std::uint32_t>(vocabulary.slots_.size() - 1);
  from.expect(are_slots(vocabulary.slots_, kNoId,
                        [&](std::uint32_t slot) { return (slot & mask) < count; }),
              "the index of tokens");
  from.expect(ids.empty() || (ids.size() == count && std::is_sorted(ids.begin(), ids.end()) &&
                              ids[count - 1] != kNoId),
              "the ids of tokens");
  if (!from.ok()) return {};
  vocabulary.derive();
  return vocabulary;
}

void MergeTable::save(TableWriter& to) const {
  to.add(Section::kMergeSlots, slots_.span());
  to.add(Section::kMergeMade, made_.span());
  to.add(Section::kMergeSmall, small_.span());
  to.add_numbers({common_, factor_});
  if (has_ties()) to.add(Section::kMergeTies, ties_.span());
}

MergeTable MergeTable::load(TableReader& from, std::size_t symbols) {
  MergeTable table;
  table.slots_ = from.table<std::uint64_t>(Section::kMergeSlots);
  table.made_ = from.table<std::uint32_t>(Section::kMergeMade);
  table.small_ = from.table<std::uint32_t>(Section::kMergeSmall);
  const auto [common, factor] = from.numbers<2>();
  if (from.has(Section::kMergeTies)) {
    table.ties_ = from.table<std::uint32_t>(Section::kMergeTies);
  }
  if (!from.ok()) return {};
  const std::size_t count = table.made_.size();
  from.expect(fits(symbols, count) && common <= kNone && are_below(table.made_, symbols) &&
                  (!table.has_ties() || table.ties_.size() == count),
              "the rules of merging");
  if (!from.ok()) return {};
  table.measure(symbols, count, table.slots_.size());
  table.common_ = static_cast<std::uint32_t>(common);
  table.rows_ = table.small_.empty() ? 0 : kRows;
  table.factor_ = factor;
  const std::uint64_t ranks = table.rank_mask_;
  bool good = are_slots(table.slots_, kFree, [&](std::uint64_t slot) {
    return ((slot & ranks) | (slot >> 63 << 32)) < count;
  });
  good &= table.small_.empty() || table.small_.size() == std::size_t{kRows} * kRows;
  for (const std::uint32_t rank : table.small_) good &= rank + 1 <= count;  // kNone + 1 is 0
  from.expect(good, "the index of rules");
  if (!from.ok()) return {};
  return table;
}

void MergeCuts::save(TableWriter& to) const {
  to.add(Section::kJoined, std::span<const std::uint64_t>(joined_));
  to.add(Section::kJoinedToSpace, std::span<const char32_t>(joined_to_space_));
  to.add_numbers({any_ ? 1U : 0U});
}

MergeCuts MergeCuts::load(TableReader& from) {
  MergeCuts cuts;
  const auto joined = from.table<std::uint64_t>(Section::kJoined);
  const auto spaces = from.table<char32_t>(Section::kJoinedToSpace);
  cuts.any_ = from.numbers<1>()[0] != 0;
  from.expect(joined.size() == kWords && spaces.size() <= kMaxJoined, "where words are cut");
  if (!from.ok()) return {};
  std::copy(joined.begin(), joined.end(), cuts.joined_.begin());
  cuts.joined_to_space_.assign(spaces.begin(), spaces.end());
  return cuts;
}

void Bpe::save(TableWriter& to) const {
  vocabulary_.save(to);
  merges_.save(to);
  cuts_.save(to);
  to.add_numbers({keeps_promises_ ? 1U : 0U});
  if (options_.first_new_id > 0) to.add_numbers({options_.first_new_id});
}

Bpe::Bpe(Vocabulary vocabulary, BpeOptions options, TableReader& from)
    : vocabulary_(std::move(vocabulary)), options_(std::move(options)) {
  if (!from.ok()) return;
  merges_ = MergeTable::load(from, vocabulary_.size());
  cuts_ = MergeCuts::load(from);
  keeps_promises_ = from.numbers<1>()[0] != 0;
  if (from.has(Section::kNumbers)) {
    const std::uint64_t first = from.numbers<1>()[0];
    from.expect(first <= kMaxNewId, "the ids of new tokens");
    options_.first_new_id = static_cast<std::size_t>(first);
  }
  find_symbols();
}

void Unigram::save(TableWriter& to) const {
  std::uint64_t unk_score = 0;
  std::memcpy(&unk_score, &unk_score_, sizeof(unk_score));
  to.add(Section::kTexts, texts_.span());
  to.add(Section::kPieceEnds, ends_.span());
  trie_.save(to);
  to.add_numbers({unk_score});
  // What SentencePiece's own have alone.
  if (names_.entry_count() == 0 && !single_precision_) return;
  names_.save(to);
  to.add_numbers({single_precision_ ? 1U : 0U});
}

Unigram::Unigram(TableReader& from, std::optional<std::uint32_t> unk_id, bool byte_fallback)
    : unk_id_(unk_id), byte_fallback_(byte_fallback), single_precision_(false) {
  texts_ = from.table<char>(Section::kTexts);
  ends_ = from.table<std::uint32_t>(Section::kPieceEnds);
  from.expect(are_texts(texts_, ends_), "the texts of pieces");
  trie_ = Trie::load(from, ends_.size(), kMaxSearchedToken);
  const std::uint64_t unk_score = from.numbers<1>()[0];
  std::memcpy(&unk_score_, &unk_score, sizeof(unk_score));
  from.expect(unk_score_ == unk_score_ && (!unk_id_ || *unk_id_ < ends_.size()), "unknown pieces");
  if (from.has(Section::kTrieUnits)) {
    names_ = Trie::load(from, ends_.size(), kMaxSearchedToken);
    single_precision_ = from.numbers<1>()[0] != 0;
  }
  token_count_ = trie_.entry_count() + names_.entry_count();
  if (from.ok()) find_bytes();
}

void WordPiece::save(TableWriter& to) const {
  vocabulary_.save(to);
  starts_.save(to);
  rests_.save(to);
}

WordPiece::WordPiece(TableReader& from, std::string_view unk_token, std::uint64_t max_characters)
    : vocabulary_(Vocabulary::load(from)), max_characters_(max_characters) {
  unk_id_ = vocabulary_.find(unk_token);
  for (Trie* trie : {&starts_, &rests_}) {
    // What the search takes for an id is the score.
    *trie = Trie::load(from, Vocabulary::kNoId, kMaxSearchedToken);
    const auto is_id = [this](std::uint32_t id) { return vocabulary_.text(id).has_value(); };
    from.expect(!from.ok() || trie->scores_are_ids(is_id), "a trie");
  }
}

}  // namespace infercore
