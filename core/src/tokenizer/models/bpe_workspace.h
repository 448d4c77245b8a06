// What Bpe keeps from word to word: buffers, and the ids of words met before.
#ifndef INFERCORE_TOKENIZER_MODELS_BPE_WORKSPACE_H_
#define INFERCORE_TOKENIZER_MODELS_BPE_WORKSPACE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/models/merger.h"
#include "tokenizer/models/model.h"
#include "tokenizer/models/short_merge.h"
#include "tokenizer/models/word_cache.h"

namespace infercore {

/// The ids of words met before. Merging takes long: all words of a language are worth their room.
class BpeWords {
  using Short = BasicWordCache<2, 3, 2, 512, 32'768>;
  using Long = BasicWordCache<4, 7, 1, 256, 4096>;

 public:
  /// Where a word has its places. Good until the next make_room(), which find() does, too.
  class Place {
   public:
    /// No ids where they are not known.
    std::span<const std::uint32_t> ids() const {
      if (short_.holds_word()) return short_.ids();
      return long_.holds_word() ? long_.ids() : std::span<const std::uint32_t>();
    }
    bool holds_word() const { return short_.holds_word() || long_.holds_word(); }
    /// Only where it does not hold the word.
    void keep(std::span<const std::uint32_t> ids) const {
      if (!short_.keep(ids)) long_.keep(ids);
    }

   private:
    friend class BpeWords;
    Short::Place short_;
    Long::Place long_;
  };

  Place find(std::string_view word) {
    make_room(1);
    Place place = look_for(word);
    look(word, place);
    look_again(place);
    return place;
  }

  // For several words: see BasicWordCache.

  void make_room(std::size_t count) {
    short_.make_room(count);
    long_.make_room(std::exchange(missed_, 0));
  }
  Place look_for(std::string_view word) {
    Place place;
    place.short_ = short_.look_for(word);
    return place;
  }
  void look(std::string_view word, Place& place) {
    short_.look(place.short_);
    if (place.short_.holds_word()) return;
    ++missed_;
    place.long_ = long_.look_for(word);
  }
  void look_again(Place& place) const { long_.look(place.long_); }

 private:
  Short short_;
  Long long_;
  std::size_t missed_ = 0;  ///< words that short_ did not have since room was made
};

/// Several words at a time, see Bpe::tokenize_words.
struct BpeTurn {
  static constexpr std::size_t kWords = 16;

  struct Word {
    BpeWords::Place place;
    std::array<std::uint32_t, 7> known;  ///< ids, copied: others may take their place
    std::uint8_t known_count;
    bool is_known;
    bool merges;         ///< where it is not known: it takes part, in `merge`
    std::string text;    ///< as the vocabulary has it
    std::uint64_t hash;  ///< of the text
    ShortMerge merge;
  };
  std::array<Word, kWords> words;
  std::array<Word*, kWords> open;  ///< those that are not done
};

struct BpeWorkspace : Model::Workspace {
  Merger merger;
  BpeWords words;
  std::string text;
  BpeTurn turn;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_BPE_WORKSPACE_H_
