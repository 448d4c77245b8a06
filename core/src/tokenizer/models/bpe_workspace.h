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
  using Short = BasicWordCache<2, 3, 2, 512, 131'072>;
  using Long = BasicWordCache<4, 7, 1, 256, 16'384>;

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
  void look_again(Place& place) { long_.look(place.long_); }

 private:
  Short short_;
  Long long_;
  std::size_t missed_ = 0;  ///< words that short_ did not have since room was made
};

/// One that is not known.
struct BpeNewWord {
  std::size_t at;  ///< which of the words
  const BpeWords::Place* place;
  std::string text;     ///< as the vocabulary has it
  std::uint64_t hash;   ///< of the text
  std::uint32_t token;  ///< an index where the whole word is one
  bool merges;          ///< else: in `merge`, with others
  ShortMerge merge;
  std::size_t first_id;  ///< what became of it
  std::size_t id_count;
};

struct BpeTurnWord {
  BpeWords::Place place;
  BpeNewWord* is_new;  ///< nullptr where it is known
};

/// Several words at a time, see Bpe::tokenize_words.
struct BpeTurn {
  static constexpr std::size_t kWords = 64;
  static constexpr std::size_t kNew = 16;

  std::span<BpeNewWord> news() { return std::span(new_words).first(new_count); }

  std::array<BpeTurnWord, kWords> words;
  std::array<std::size_t, kNew> missed;
  std::array<BpeNewWord, kNew> new_words;
  std::size_t new_count;
  std::array<ShortMerge*, kNew> open;  ///< those that are not done
};

struct BpeWorkspace : Model::Workspace {
  Merger merger;
  BpeWords words;
  std::string text;
  BpeTurn turn;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_BPE_WORKSPACE_H_
