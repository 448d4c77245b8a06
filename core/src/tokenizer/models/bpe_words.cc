// Several words at once. A word that is new waits for far memory at each merge; while one waits,
// others go on.
#include <algorithm>
#include <array>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/models/bpe.h"
#include "tokenizer/models/bpe_workspace.h"

namespace infercore {
namespace {

/// WebAssembly has no way to ask for memory before it is read: there turns only cost.
#ifdef __wasm__
constexpr bool kTakesTurns = false;
#else
constexpr bool kTakesTurns = true;
#endif

}  // namespace

bool Bpe::tokenize_words(std::span<const std::string_view> words, Workspace& workspace,
                         std::vector<std::uint32_t>& ids) const {
  if (!kTakesTurns || keeps_promises_ || cuts_.any()) {
    return Model::tokenize_words(words, workspace, ids);
  }
  auto& buffers = static_cast<BpeWorkspace&>(workspace);
  for (std::size_t done = 0; done < words.size(); done += BpeTurn::kWords) {
    const std::size_t count = std::min(words.size() - done, BpeTurn::kWords);
    if (turn(words.subspan(done, count), buffers, ids)) continue;
    buffers.unknown_word += done;
    return false;
  }
  return true;
}

/// Of a word that is cut.
bool Bpe::segments_ids(std::string_view word, BpeWorkspace& buffers,
                       std::vector<std::uint32_t>& ids) const {
  if (!kTakesTurns) {
    for (std::size_t begin = 0; begin < word.size();) {
      const std::size_t end = segment_end(word, begin);
      if (!segment_ids(word.substr(begin, end - begin), buffers, ids)) {
        buffers.unknown_at += begin;
        return false;
      }
      begin = end;
    }
    return true;
  }
  std::array<std::string_view, BpeTurn::kWords> segments;
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t count = 0;
    for (; count < segments.size() && begin < word.size(); ++count) {
      const std::size_t end = segment_end(word, begin);
      segments[count] = word.substr(begin, end - begin);
      begin = end;
    }
    if (turn(std::span(segments).first(count), buffers, ids)) continue;
    const char* unknown = segments[buffers.unknown_word].data() + buffers.unknown_at;
    buffers.unknown_at = static_cast<std::size_t>(unknown - word.data());
    return false;
  }
  return true;
}

/// The symbols of a word that takes a turn; false for one that is better left alone: it is long, it
/// is cut, or something in it is unknown.
bool Bpe::begin_merge(std::string_view word, BpeWorkspace& buffers, ShortMerge& merge) const {
  if (takes_bytes_) {
    if (word.size() > ShortMerge::kMost) return false;
    spell_bytes(word, merge.room(word.size()));
  } else {
    if (cuts_.any() && cuts_.piece_end(word, 0) != word.size()) return false;
    const std::vector<BpeSymbol>& symbols = buffers.merger.symbols;
    if (!spell_text(word, buffers) || symbols.empty() || symbols.size() > ShortMerge::kMost) {
      return false;
    }
    std::copy(symbols.begin(), symbols.end(), merge.room(symbols.size()));
  }
  merge.begin(merges_);
  return true;
}

bool Bpe::turn(std::span<const std::string_view> words, BpeWorkspace& buffers,
               std::vector<std::uint32_t>& ids) const {
  BpeTurn& turn = buffers.turn;
  const auto append = [&ids](std::span<const std::uint32_t> more) {
    for (const std::uint32_t id : more) ids.push_back(id);
  };
  buffers.words.make_room(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    turn.words[i].place = buffers.words.look_for(words[i]);
  }
  // Up to the first word that is new, ids need not wait for others.
  std::size_t first = words.size();
  for (std::size_t i = 0; i < words.size(); ++i) {
    BpeTurn::Word& word = turn.words[i];
    buffers.words.look(words[i], word.place);
    if (!word.place.holds_word()) first = std::min(first, i);
    if (first == words.size()) append(word.place.ids());
  }
  const bool whole = options_.ignore_merges && !cuts_.any();
  std::size_t open = 0;
  for (std::size_t i = first; i < words.size(); ++i) {
    BpeTurn::Word& word = turn.words[i];
    buffers.words.look_again(word.place);
    word.is_known = word.place.holds_word();
    if (word.is_known) {
      const std::span<const std::uint32_t> known = word.place.ids();
      word.known_count = static_cast<std::uint8_t>(known.size());
      std::copy(known.begin(), known.end(), word.known.begin());
      continue;
    }
    if (whole) {
      word.text.clear();
      if (takes_bytes_) {
        append_visible(words[i], word.text);
      } else {
        word.text = words[i];
      }
      word.hash = vocabulary_.prepare(word.text);
    }
    word.merges = begin_merge(words[i], buffers, word.merge);
    if (word.merges) turn.open[open++] = &word;
  }
  for (std::size_t i = 0; whole && i < open;) {
    BpeTurn::Word& word = *turn.open[i];
    const std::uint32_t index = vocabulary_.index_of(word.text, word.hash);
    if (index == Vocabulary::kNoId) {
      ++i;
      continue;
    }
    word.known[0] = vocabulary_.id_at(index);
    word.known_count = 1;
    word.is_known = true;
    word.place.keep(std::span(word.known).first(1));
    turn.open[i] = turn.open[--open];
  }
  while (open > 0) {
    for (std::size_t i = 0; i < open;) {
      if (turn.open[i]->merge.step(merges_)) {
        ++i;
      } else {
        turn.open[i] = turn.open[--open];
      }
    }
  }
  bool places_are_good = true;
  for (std::size_t i = first; i < words.size(); ++i) {
    const BpeTurn::Word& word = turn.words[i];
    if (word.is_known) {
      append(std::span(word.known).first(word.known_count));
      continue;
    }
    const std::size_t before = ids.size();
    if (word.merges) {
      for (const BpeSymbol& symbol : word.merge.symbols()) {
        ids.push_back(vocabulary_.id_at(symbol.id));
      }
    } else if (!new_ids(words[i], buffers, ids)) {
      buffers.unknown_word = i;
      return false;
    } else if (cuts_.any()) {
      places_are_good = false;  // its parts were looked for
    }
    const std::span<const std::uint32_t> made = std::span(ids).subspan(before);
    if (places_are_good) {
      word.place.keep(made);
    } else if (const BpeWords::Place place = buffers.words.find(words[i]); !place.holds_word()) {
      place.keep(made);
    }
  }
  return true;
}

}  // namespace infercore
