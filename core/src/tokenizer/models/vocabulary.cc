#include "tokenizer/models/vocabulary.h"

#include <algorithm>

#include "tokenizer/models/vocabulary_slots.h"

namespace infercore {

std::uint32_t Vocabulary::index_of(std::string_view text) const noexcept {
  return index_of(text, vocabulary_slots::hash_of(text, seed_));
}

std::uint64_t Vocabulary::prepare(std::string_view text) const noexcept {
  const std::uint64_t hash = vocabulary_slots::hash_of(text, seed_);
  if (!slots_.empty()) {
    __builtin_prefetch(&slots_[static_cast<std::size_t>(hash) & (slots_.size() - 1)]);
  }
  return hash;
}

std::uint32_t Vocabulary::index_of(std::string_view text, std::uint64_t hash) const noexcept {
  if (slots_.empty()) return kNoId;
  const auto place = vocabulary_slots::place_of(*this, slots_.data(), slots_.size(), text, hash);
  const std::uint32_t slot = slots_[place.slot];
  return slot == vocabulary_slots::kFree ? kNoId
                                         : slot & static_cast<std::uint32_t>(slots_.size() - 1);
}

std::uint32_t Vocabulary::index_of_id(std::uint32_t id) const noexcept {
  const std::size_t count = size();
  if (ids_.empty()) return id < count ? id : kNoId;
  // As many ids as are missing below its own may a token stand in front of the place of its id.
  const std::size_t first =
      shared_ids_ ? 0 : std::min<std::size_t>(id - std::min(id, gaps_), count);
  const std::size_t last = shared_ids_ || id >= count ? count : id + 1;
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

}  // namespace infercore
