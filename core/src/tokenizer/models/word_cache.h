// The ids of words met before. A few thousand words make two thirds of a novel, and to
// look one up takes a tenth of the time that a search through the vocabulary takes.
//
//   WordCache words;
//   const auto place = words.find("the");
//   if (!place.holds_word()) place.keep(ids);
//
// One place for each hash and no chains: a word that meets another one there takes the place. So
// the memory is bounded, and no text can make it slow.
#ifndef INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_
#define INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace infercore {

/// Holds words of up to 8 · `size` bytes (`size` is 2 or 4) and `most_ids` ids. Starts with `first`
/// places and grows to `most`, powers of two, as words come.
template <std::size_t size, std::size_t most_ids, std::size_t first, std::size_t most>
class BasicWordCache {
  using Key = std::array<std::uint64_t, size>;

  struct Entry {
    Key key{};
    std::array<std::uint32_t, most_ids> ids{};
    std::uint8_t length = 0;  ///< 0: nothing is kept here
    std::uint8_t count = 0;
  };

 public:
  /// Where a word has its place, and what stands there now.
  class Place {
   public:
    /// False also for a word that can't be kept.
    bool holds_word() const {
      return entry_ != nullptr && entry_->length == length_ && entry_->key == key_;
    }
    /// Only when it holds the word.
    std::span<const std::uint32_t> ids() const { return {entry_->ids.data(), entry_->count}; }

    void keep(std::span<const std::uint32_t> ids) const {
      if (entry_ == nullptr || ids.size() > most_ids) return;
      entry_->key = key_;
      entry_->length = length_;
      entry_->count = static_cast<std::uint8_t>(ids.size());
      std::copy(ids.begin(), ids.end(), entry_->ids.begin());
    }

   private:
    friend class BasicWordCache;
    Entry* entry_ = nullptr;
    Key key_;
    std::uint8_t length_ = 0;
  };

  /// The place stays good until the next call.
  Place find(std::string_view word) {
    Place place;
    if (word.size() > size * 8 || word.empty() || !has_room()) return place;
    place.key_ = key_of(word);
    place.length_ = static_cast<std::uint8_t>(word.size());
    place.entry_ = &entries_[place_of(place.key_, place.length_)];
    return place;
  }

 private:
  /// A single sentence is done before its cache would be of use.
  static constexpr std::size_t kWordsBefore = 64;

  static std::uint64_t read(const char* text, std::size_t bytes) {
    std::uint64_t word = 0;
    std::memcpy(&word, text, bytes);
    return word;
  }
  /// Reads that overlap instead of one whose size nobody knows: with the length they tell the word.
  static Key key_of(std::string_view word) {
    const char* begin = word.data();
    const char* end = begin + word.size();
    Key key{};
    if constexpr (size == 4) {
      if (word.size() > 16) {
        key = {read(begin, 8), read(begin + 8, 8), read(end - 16, 8), read(end - 8, 8)};
        return key;
      }
    }
    if (word.size() >= 8) {
      key[0] = read(begin, 8);
      key[1] = read(end - 8, 8);
    } else if (word.size() >= 4) {
      key[0] = read(begin, 4) | read(end - 4, 4) << 32;
    } else {
      key[0] = read(begin, 1) | read(begin + word.size() / 2, 1) << 8 | read(end - 1, 1) << 16;
    }
    return key;
  }
  /// Odd constants with well mixed bits; the upper bits of a product depend on all of a factor's.
  std::size_t place_of(const Key& key, std::uint8_t length) const {
    std::uint64_t hash = (key[0] + length) * 0x9E3779B97F4A7C15U;
    for (std::size_t i = 1; i < size; ++i)
      hash = (hash ^ hash >> 32 ^ key[i]) * 0xC2B2AE3D27D4EB4FU;
    return static_cast<std::size_t>(hash >> 40) & (entries_.size() - 1);
  }

  bool has_room() {
    ++words_;
    if (words_ < kWordsBefore) return false;
    if (words_ == kWordsBefore) entries_.resize(first);
    // Once a place was asked for some eight times there may be more words than places.
    if (words_ > entries_.size() * 8 && entries_.size() < most) grow();
    return true;
  }
  void grow() {
    const std::vector<Entry> old = std::exchange(entries_, {});
    entries_.resize(old.size() * 4);
    for (const Entry& entry : old) {
      if (entry.length > 0) entries_[place_of(entry.key, entry.length)] = entry;
    }
  }

  std::vector<Entry> entries_;
  std::size_t words_ = 0;
};

/// Fixed in size: for models that are fast without it as well.
using WordCache = BasicWordCache<2, 4, 2048, 2048>;

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_
