// The ids of words met before. A few thousand words make two thirds of a novel, and to
// look one up takes a tenth of the time that a search through the vocabulary takes.
//
// One place for each hash and no chains: a word that meets another one there takes the place. So
// the memory is fixed, and no text can make it slow.
#ifndef INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_
#define INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace infercore {

class WordCache {
  struct Entry {
    std::array<std::uint64_t, 2> word{};  ///< its bytes, zeros behind
    std::array<std::uint32_t, 4> ids{};
    std::uint8_t length = 0;  ///< 0: nothing is kept here
    std::uint8_t count = 0;
  };

 public:
  /// Where a word has its place, and what stands there now.
  class Place {
   public:
    /// False also for a word that can't be kept.
    bool holds_word() const {
      // Compared one by one: comparing arrays is a call.
      return entry_ != nullptr && entry_->length == length_ && entry_->word[0] == word_[0] &&
             entry_->word[1] == word_[1];
    }
    /// Only when it holds the word.
    std::span<const std::uint32_t> ids() const { return {entry_->ids.data(), entry_->count}; }

    void keep(std::span<const std::uint32_t> ids) const {
      if (entry_ == nullptr || ids.size() > entry_->ids.size()) return;
      entry_->word = word_;
      entry_->length = length_;
      entry_->count = static_cast<std::uint8_t>(ids.size());
      std::copy(ids.begin(), ids.end(), entry_->ids.begin());
    }

   private:
    friend class WordCache;
    Entry* entry_ = nullptr;
    std::array<std::uint64_t, 2> word_{};
    std::uint8_t length_ = 0;
  };

  Place find(std::string_view word) {
    Place place;
    if (word.size() > sizeof(place.word_) || !started()) return place;
    place.word_ = packed(word);
    place.length_ = static_cast<std::uint8_t>(word.size());
    // Odd constants with well mixed bits; the upper bits of a product depend on all of a factor's.
    const std::uint64_t hash =
        (place.word_[0] * 0x9E3779B97F4A7C15U) ^ (place.word_[1] * 0xC2B2AE3D27D4EB4FU);
    place.entry_ = &entries_[(hash >> 32) % kEntries];
    return place;
  }

 private:
  static constexpr std::size_t kEntries = 2048;
  /// A single sentence is done before its cache would be of use.
  static constexpr std::size_t kWordsBefore = 64;

  template <typename Word>
  static std::uint64_t read(const char* from) {
    Word word = 0;
    std::memcpy(&word, from, sizeof(word));
    return word;
  }

  /// Up to 16 bytes, zeros behind, as little-endian machines read them: two reads that overlap
  /// instead of a copy of a length that only the word knows, which is a call.
  static std::array<std::uint64_t, 2> packed(std::string_view word) {
    const char* at = word.data();
    const std::size_t size = word.size();
    if (size >= 8) {
      const std::uint64_t rest = read<std::uint64_t>(at + size - 8);
      return {read<std::uint64_t>(at), size == 8 ? 0 : rest >> 8 * (16 - size)};
    }
    if (size >= 4) {
      return {read<std::uint32_t>(at) | read<std::uint32_t>(at + size - 4) << 8 * (size - 4), 0};
    }
    if (size == 0) return {0, 0};
    return {read<std::uint8_t>(at) | read<std::uint8_t>(at + size / 2) << 8 * (size / 2) |
                read<std::uint8_t>(at + size - 1) << 8 * (size - 1),
            0};
  }

  bool started() {
    if (!entries_.empty()) return true;
    if (++words_ < kWordsBefore) return false;
    entries_.resize(kEntries);
    return true;
  }

  std::vector<Entry> entries_;
  std::size_t words_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_WORD_CACHE_H_
