#include "tokenizer/models/vocabulary.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace infercore {
namespace {

constexpr std::uint32_t kFree = 0xFFFFFFFF;

/// A file made so that many texts meet in one place must not make loading slow: where a search
/// takes this many steps, the table is built anew with another hash, or a larger one.
constexpr std::size_t kMaxSteps = 128;

std::uint64_t mix(std::uint64_t value) {
  value *= 0x9E3779B97F4A7C15U;
  return value ^ value >> 32;
}

std::uint64_t read8(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
}

std::uint32_t read4(const char* text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text, 4);
  return word;
}

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t value = seed ^ text.size() * 0xC2B2AE3D27D4EB4FU;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > 16; left -= 8, at += 8) value = mix(value ^ read8(at));
  if (left >= 8) {  // two words that overlap cover what is left
    value = mix(value ^ read8(at));
    return mix(value ^ read8(at + left - 8));
  }
  if (left >= 4) return mix(value ^ (std::uint64_t{read4(at)} << 32 | read4(at + left - 4)));
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < left; ++i) rest = rest << 8 | static_cast<unsigned char>(at[i]);
  return mix(value ^ rest);
}

/// Where a text stands, or the free slot where it would.
struct Place {
  std::size_t slot;
  std::uint32_t tag;  ///< what the slot holds above the index
  std::size_t steps;
};

/// `Texts` has text_at(index).
template <typename Texts>
Place place_of(const Texts& texts, const std::uint32_t* slots, std::size_t count,
               std::string_view text, std::uint64_t hash) {
  const std::size_t mask = count - 1;
  const auto low = static_cast<std::uint32_t>(mask);
  Place place{static_cast<std::size_t>(hash) & mask, static_cast<std::uint32_t>(hash >> 32) & ~low,
              0};
  for (;; place.slot = (place.slot + 1) & mask, ++place.steps) {
    const std::uint32_t slot = slots[place.slot];
    if (slot == kFree) return place;
    if ((slot & ~low) == place.tag && texts.text_at(slot & low) == text) return place;
  }
}

struct TextList {
  const std::vector<char>& texts;
  const std::vector<std::uint32_t>& starts;

  std::string_view text_at(std::size_t index) const {
    return {texts.data() + starts[index], starts[index + 1] - starts[index]};
  }
};

}  // namespace

std::uint32_t Vocabulary::index_of(std::string_view text) const noexcept {
  if (slots_.empty()) return kNoId;
  const Place place = place_of(*this, slots_.data(), slots_.size(), text, hash_of(text, seed_));
  const std::uint32_t slot = slots_[place.slot];
  return slot == kFree ? kNoId : slot & static_cast<std::uint32_t>(slots_.size() - 1);
}

std::uint32_t Vocabulary::index_of_id(std::uint32_t id) const noexcept {
  const std::size_t count = size();
  if (ids_.empty()) return id < count ? id : kNoId;
  // As many ids as are missing below its own may a token stand in front of the place of its id.
  const std::size_t first =
      shared_ids_ ? 0 : std::min<std::size_t>(id - std::min(id, gaps_), count);
  const std::size_t last = shared_ids_ ? count : std::min<std::size_t>(std::size_t{id} + 1, count);
  const auto behind = std::upper_bound(ids_.begin() + first, ids_.begin() + last, id);
  if (behind == ids_.begin() + first || behind[-1] != id) return kNoId;
  return static_cast<std::uint32_t>(behind - ids_.begin() - 1);
}

std::optional<std::string_view> Vocabulary::text(std::uint32_t id) const noexcept {
  const std::uint32_t index = index_of_id(id);
  return index == kNoId ? std::nullopt : std::optional(text_at(index));
}

void Vocabulary::derive() {
  if (ids_.empty()) return;
  shared_ids_ = std::adjacent_find(ids_.begin(), ids_.end()) != ids_.end();
  if (!shared_ids_) gaps_ = ids_[ids_.size() - 1] - static_cast<std::uint32_t>(ids_.size() - 1);
}

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

std::uint32_t VocabularyBuilder::find(std::string_view text) const {
  if (slots_.empty()) return Vocabulary::kNoId;
  const Place place =
      place_of(TextList{texts_, starts_}, slots_.data(), slots_.size(), text, hash_of(text, seed_));
  const std::uint32_t slot = slots_[place.slot];
  return slot == kFree ? Vocabulary::kNoId : ids_[slot & (slots_.size() - 1)];
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
  std::vector<std::uint32_t> order(ids_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [this](std::uint32_t a, std::uint32_t b) { return ids_[a] < ids_[b]; });
  VocabularyBuilder sorted;
  sorted.texts_.reserve(texts_.size());
  sorted.starts_.reserve(starts_.size());
  sorted.ids_.reserve(ids_.size());
  std::vector<std::uint32_t> places(order.size());
  for (const std::uint32_t from : order) {
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
  vocabulary.texts_ = Table<char>(std::move(texts_));
  vocabulary.starts_ = Table<std::uint32_t>(std::move(starts_));
  vocabulary.ids_ = Table<std::uint32_t>(std::move(ids_));
  vocabulary.slots_ = Table<std::uint32_t>(std::move(slots_));
  vocabulary.seed_ = seed_;
  vocabulary.derive();
  return vocabulary;
}

}  // namespace infercore
