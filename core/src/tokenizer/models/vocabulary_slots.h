// How a vocabulary's slots are searched: what builds them and what looks tokens up agree on it.
#ifndef INFERCORE_TOKENIZER_MODELS_VOCABULARY_SLOTS_H_
#define INFERCORE_TOKENIZER_MODELS_VOCABULARY_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace infercore::vocabulary_slots {

inline constexpr std::uint32_t kFree = 0xFFFFFFFF;

inline std::uint64_t mix(std::uint64_t value) {
  value *= 0x9E3779B97F4A7C15U;
  return value ^ value >> 32;
}

inline std::uint64_t read8(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
}

inline std::uint32_t read4(const char* text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text, 4);
  return word;
}

inline std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
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

}  // namespace infercore::vocabulary_slots

#endif  // INFERCORE_TOKENIZER_MODELS_VOCABULARY_SLOTS_H_
