// The ids of words met before. A few thousand words make two thirds of a novel, and to
// look one up takes a tenth of the time that a search through the vocabulary takes.
//
//   WordCache words;
//   const auto place = words.find("the");
//   if (!place.holds_word()) place.keep(ids);
//
// A place for each hash, or two in one cache line, and no chains: a word that meets others there
// takes the place of the oldest. So the memory is bounded, and no text can make it slow.
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

/// Holds words of up to 8 · `size` bytes (`size` is 2 or 4) and `most_ids` ids, `ways` of them for
/// each hash (1 or 2). Starts with `first` places and grows to `most`, powers of two, as words
/// come.
template <std::size_t size, std::size_t most_ids, std::size_t ways, std::size_t first,
          std::size_t most>
class BasicWordCache {
  using Key = std::array<std::uint64_t, size>;

  struct Entry {
    Key key{};
    std::array<std::uint32_t, most_ids> ids{};
    std::uint8_t length = 0;  ///< 0: nothing is kept here
    std::uint8_t count = 0;

    bool holds(const Key& other, std::uint8_t other_length) const {
      if (length != other_length) return false;
      // One by one: comparing arrays may be a call.
      for (std::size_t i = 0; i < size; ++i) {
        if (key[i] != other[i]) return false;
      }
      return true;
    }
  };
  struct alignas(64) Line {
    std::array<Entry, ways> entries;
  };

 public:
  /// Where a word has its place, and what stands there now.
  class Place {
   public:
    /// False also for a word that can't be kept.
    bool holds_word() const { return found_ != nullptr; }
    /// Only when it holds the word.
    std::span<const std::uint32_t> ids() const { return {found_->ids.data(), found_->count}; }

    /// False where the word or its ids are too long. Only when it does not hold the word.
    bool keep(std::span<const std::uint32_t> ids) const {
      if (line_ == nullptr || ids.size() > most_ids) return false;
      if constexpr (ways == 2) line_->entries[1] = line_->entries[0];
      Entry& entry = line_->entries[0];
      entry.key = key_;
      entry.length = length_;
      entry.count = static_cast<std::uint8_t>(ids.size());
      std::copy(ids.begin(), ids.end(), entry.ids.begin());
      return true;
    }

   private:
    friend class BasicWordCache;
    Line* line_ = nullptr;
    const Entry* found_ = nullptr;
    Key key_;
    std::uint8_t length_ = 0;
  };

  /// The place stays good until the next call.
  Place find(std::string_view word) {
    make_room(1);
    Place place = look_for(word);
    look(place);
    return place;
  }

  // The same for several words: room for all, then where each has its place, then what stands
  // there. Memory answers for all of them meanwhile.

  /// So many words are looked for next. Places are good no longer.
  void make_room(std::size_t count) {
    if (words_ < kWordsBefore) words_ += count;
    if (words_ < kWordsBefore) return;
    if (lines_.empty()) lines_.resize(first / ways);
    if (new_words_ > lines_.size() * ways / 2 && lines_.size() * ways < most) grow();
  }
  Place look_for(std::string_view word) {
    Place place;
    if (word.size() > size * 8 || word.empty() || lines_.empty()) return place;
    place.key_ = key_of(word);
    place.length_ = static_cast<std::uint8_t>(word.size());
    place.line_ = &lines_[place_of(place.key_, place.length_)];
    __builtin_prefetch(place.line_);
    return place;
  }
  void look(Place& place) {
    if (place.line_ == nullptr) return;
    for (const Entry& entry : place.line_->entries) {
      if (entry.holds(place.key_, place.length_)) place.found_ = &entry;
    }
    if (place.found_ == nullptr) ++new_words_;
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
    return static_cast<std::size_t>(hash >> 40) & (lines_.size() - 1);
  }

  void grow() {
    const std::vector<Line> old = std::exchange(lines_, {});
    lines_.resize(old.size() * 4);
    for (const Line& line : old) {
      for (auto entry = line.entries.rbegin(); entry != line.entries.rend(); ++entry) {
        if (entry->length == 0) continue;
        Line& to = lines_[place_of(entry->key, entry->length)];
        if constexpr (ways == 2) to.entries[1] = to.entries[0];
        to.entries[0] = *entry;
      }
    }
  }

  std::vector<Line> lines_;
  std::size_t words_ = 0;      ///< looked for, up to kWordsBefore
  std::size_t new_words_ = 0;  ///< not found, or no longer
};

/// Fixed in size: for models that are fast without it as well.
using WordCache = BasicWordCache<2, 4, 1, 2048, 2048>;

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_
