#include <algorithm>
#include <utility>

#include "tokenizer/models/vocabulary.h"
#include "tokenizer/models/vocabulary_slots.h"

namespace infercore {

using vocabulary_slots::hash_of;
using vocabulary_slots::kFree;
using vocabulary_slots::mix;
using vocabulary_slots::Place;
using vocabulary_slots::place_of;

namespace {

/// A file made so that many texts meet in one place must not make loading slow: where a search
/// takes this many steps, the table is built anew with another hash, or a larger one.
constexpr std::size_t kMaxSteps = 128;

struct TextList {
  const std::vector<char>& texts;
  const std::vector<std::uint32_t>& starts;

  std::string_view text_at(std::size_t index) const {
    return {texts.data() + starts[index], starts[index + 1] - starts[index]};
  }
};

}  // namespace

void VocabularyBuilder::rehash(std::size_t slots) {
  const TextList list{texts_, starts_};
  for (int attempt = 0;; ++attempt) {
    // Another seed helps against texts made to meet; if eight do not, more room does in the end.
    if (attempt > 0) seed_ = mix(seed_ + 0x2545F4914F6CDD1DU);
    if (attempt > 8 && slots < ids_.size() * 64) slots *= 2;
    slots_.assign(slots, kFree);
    std::size_t worst = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const std::string_view text = list.text_at(i);
      const Place place = place_of(list, slots_.data(), slots, text, hash_of(text, seed_));
      slots_[place.slot] = place.tag | static_cast<std::uint32_t>(i);
      worst = std::max(worst, place.steps);
      if (worst > kMaxSteps && attempt < 16) break;
    }
    if (worst <= kMaxSteps || attempt >= 16) return;
  }
}

std::uint32_t VocabularyBuilder::index_of(std::string_view text) const {
  if (slots_.empty()) return Vocabulary::kNoId;
  const Place place =
      place_of(TextList{texts_, starts_}, slots_.data(), slots_.size(), text, hash_of(text, seed_));
  const std::uint32_t slot = slots_[place.slot];
  return slot == kFree ? slot : slot & static_cast<std::uint32_t>(slots_.size() - 1);
}

void VocabularyBuilder::reserve(std::size_t count) {
  starts_.reserve(count + 1);
  ids_.reserve(count);
  texts_.reserve(count * 8);
  std::size_t slots = 64;
  while (slots < count * 2) slots *= 2;
  if (slots > slots_.size()) rehash(slots);
}

void VocabularyBuilder::add(std::string_view text, std::uint32_t id) {
  if ((ids_.size() + 1) * 2 > slots_.size()) rehash(std::max<std::size_t>(64, slots_.size() * 2));
  const Place place =
      place_of(TextList{texts_, starts_}, slots_.data(), slots_.size(), text, hash_of(text, seed_));
  std::uint32_t& slot = slots_[place.slot];
  if (slot != kFree) {
    ids_[slot & (slots_.size() - 1)] = id;
    return;
  }
  slot = place.tag | static_cast<std::uint32_t>(ids_.size());
  ids_.push_back(id);
  texts_.insert(texts_.end(), text.begin(), text.end());
  starts_.push_back(static_cast<std::uint32_t>(texts_.size()));
  if (place.steps > kMaxSteps) rehash(slots_.size());
}

/// Brings the tokens into the order of their ids, as files have them as a rule.
void VocabularyBuilder::sort() {
  if (std::is_sorted(ids_.begin(), ids_.end())) return;
  std::vector<std::uint64_t> order(ids_.size());  // by id, of the same id as they were added
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = std::uint64_t{ids_[i]} << 32 | i;
  std::sort(order.begin(), order.end());
  VocabularyBuilder sorted;
  sorted.texts_.reserve(texts_.size());
  sorted.starts_.reserve(starts_.size());
  sorted.ids_.reserve(ids_.size());
  std::vector<std::uint32_t> places(order.size());
  for (const std::uint64_t place : order) {
    const auto from = static_cast<std::uint32_t>(place);
    places[from] = static_cast<std::uint32_t>(sorted.ids_.size());
    const std::string_view text = TextList{texts_, starts_}.text_at(from);
    sorted.texts_.insert(sorted.texts_.end(), text.begin(), text.end());
    sorted.starts_.push_back(static_cast<std::uint32_t>(sorted.texts_.size()));
    sorted.ids_.push_back(ids_[from]);
  }
  const auto mask = static_cast<std::uint32_t>(slots_.size() - 1);
  for (std::uint32_t& slot : slots_) {
    if (slot != kFree) slot = (slot & ~mask) | places[slot & mask];
  }
  sorted.slots_ = std::move(slots_);
  sorted.seed_ = seed_;
  *this = std::move(sorted);
}

Vocabulary VocabularyBuilder::finish() && {
  sort();
  // They are in order, and each but the first is larger than the one before, or has its id.
  const bool shared = std::adjacent_find(ids_.begin(), ids_.end()) != ids_.end();
  if (!shared && !ids_.empty() && ids_.back() == ids_.size() - 1) ids_ = {};
  Vocabulary vocabulary;
  vocabulary.texts_ = Table<char>::copy_of(texts_);
  vocabulary.starts_ = Table<std::uint32_t>::copy_of(starts_);
  vocabulary.ids_ = Table<std::uint32_t>::copy_of(ids_);
  vocabulary.slots_ = Table<std::uint32_t>::copy_of(slots_);
  vocabulary.seed_ = seed_;
  vocabulary.derive();
  return vocabulary;
}

}  // namespace infercore
