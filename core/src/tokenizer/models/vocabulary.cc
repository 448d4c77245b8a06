#include "tokenizer/models/vocabulary.h"

#include <algorithm>
#include <cstring>

namespace infercore {
namespace {

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

}  // namespace

std::uint64_t Vocabulary::hash(std::string_view text) const noexcept {
  std::uint64_t value = seed_ ^ text.size() * 0xC2B2AE3D27D4EB4FU;
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

std::size_t Vocabulary::slot_of(std::string_view text, std::uint64_t hash,
                                std::size_t* steps) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  std::size_t count = 0;
  for (;; at = (at + 1) & mask, ++count) {
    const Slot& slot = slots_[at];
    if (slot.entry == kNoId) break;
    if (slot.tag == tag && text_of(entries_[slot.entry]) == text) break;
  }
  if (steps != nullptr) *steps = count;
  return at;
}

void Vocabulary::rehash(std::size_t slots) {
  for (int attempt = 0;; ++attempt) {
    // Another seed helps against texts made to meet; if eight do not, more room does in the end.
    if (attempt > 0) seed_ = mix(seed_ + 0x2545F4914F6CDD1DU);
    if (attempt > 8 && slots < entries_.size() * 64) slots *= 2;
    slots_.assign(slots, Slot{});
    std::size_t worst = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const std::uint64_t value = hash(text_of(entries_[i]));
      std::size_t steps = 0;
      slots_[slot_of(text_of(entries_[i]), value, &steps)] = {
          static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(value >> 32)};
      worst = std::max(worst, steps);
      if (worst > kMaxSteps && attempt < 16) break;
    }
    if (worst <= kMaxSteps || attempt >= 16) return;
  }
}

void Vocabulary::reserve(std::size_t count) {
  entries_.reserve(count);
  texts_.reserve(count * 8);
  std::size_t slots = 64;
  while (slots < count * 2) slots *= 2;
  if (slots > slots_.size()) rehash(slots);
}

void Vocabulary::add(std::string_view text, std::uint32_t id) {
  if ((entries_.size() + 1) * 2 > slots_.size())
    rehash(std::max<std::size_t>(64, slots_.size() * 2));
  const std::uint64_t value = hash(text);
  std::size_t steps = 0;
  const std::size_t at = slot_of(text, value, &steps);
  if (slots_[at].entry != kNoId) {
    entries_[slots_[at].entry].id = id;
    return;
  }
  slots_[at] = {static_cast<std::uint32_t>(entries_.size()),
                static_cast<std::uint32_t>(value >> 32)};
  entries_.push_back(
      {static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size()), id});
  texts_.append(text);
  if (steps > kMaxSteps) rehash(slots_.size());
}

void Vocabulary::finish() {
  std::size_t end = 0;
  for (const Entry& entry : entries_) end = std::max<std::size_t>(end, std::size_t{entry.id} + 1);
  id_end_ = end;
  dense_ = end <= entries_.size() * 2 + 1024;
  if (dense_) {
    by_id_.assign(end, kNoId);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      std::uint32_t& place = by_id_[entries_[i].id];
      shared_ids_ = shared_ids_ || place != kNoId;
      place = static_cast<std::uint32_t>(i);
    }
    return;
  }
  by_id_.resize(entries_.size());
  for (std::size_t i = 0; i < by_id_.size(); ++i) by_id_[i] = static_cast<std::uint32_t>(i);
  const auto before = [this](std::uint32_t a, std::uint32_t b) {
    return entries_[a].id < entries_[b].id;
  };
  std::sort(by_id_.begin(), by_id_.end(), before);
  shared_ids_ = std::adjacent_find(by_id_.begin(), by_id_.end(), [this](auto a, auto b) {
                  return entries_[a].id == entries_[b].id;
                }) != by_id_.end();
}

std::uint32_t Vocabulary::find(std::string_view text) const noexcept {
  if (slots_.empty()) return kNoId;
  const Slot& slot = slots_[slot_of(text, hash(text), nullptr)];
  return slot.entry == kNoId ? kNoId : entries_[slot.entry].id;
}

std::optional<std::string_view> Vocabulary::text(std::uint32_t id) const noexcept {
  if (dense_) {
    if (id >= by_id_.size() || by_id_[id] == kNoId) return std::nullopt;
    return text_of(entries_[by_id_[id]]);
  }
  const auto found = std::lower_bound(
      by_id_.begin(), by_id_.end(), id,
      [this](std::uint32_t entry, std::uint32_t wanted) { return entries_[entry].id < wanted; });
  if (found == by_id_.end() || entries_[*found].id != id) return std::nullopt;
  return text_of(entries_[*found]);
}

std::size_t Vocabulary::bytes() const noexcept {
  return texts_.capacity() + entries_.capacity() * sizeof(Entry) +
         slots_.capacity() * sizeof(Slot) + by_id_.capacity() * sizeof(std::uint32_t);
}

}  // namespace infercore
