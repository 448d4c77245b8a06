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

constexpr std::uint32_t kNoId = Vocabulary::kNoId;

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
bool Bpe::pieces_ids(std::string_view word, BpeWorkspace& buffers,
                     std::vector<std::uint32_t>& ids) const {
  std::array<std::string_view, BpeTurn::kWords> pieces;
  constexpr std::size_t kMost = kTakesTurns ? BpeTurn::kWords : 1;
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t count = 0;
    for (; count < kMost && begin < word.size(); ++count) {
      const std::size_t end = cuts_.piece_end(word, begin);
      pieces[count] = word.substr(begin, end - begin);
      begin = end;
    }
    buffers.unknown_word = 0;
    const bool known = kTakesTurns ? turn(std::span(pieces).first(count), buffers, ids)
                                   : piece_ids(pieces[0], buffers, ids);
    if (known) continue;
    const char* unknown = pieces[buffers.unknown_word].data() + buffers.unknown_at;
    buffers.unknown_at = static_cast<std::size_t>(unknown - word.data());
    return false;
  }
  return true;
}

bool Bpe::turn(std::span<const std::string_view> words, BpeWorkspace& buffers,
               std::vector<std::uint32_t>& ids) const {
  BpeTurn& turn = buffers.turn;
  buffers.words.make_room(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    turn.words[i].place = buffers.words.look_for(words[i]);
  }
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = look(words, begin, buffers);
    merge(words, buffers);
    for (std::size_t i = begin; i < end; ++i) {
      if (take(words[i], turn.words[i], buffers, ids)) continue;
      buffers.unknown_word = i;
      return false;
    }
    // Not before all were taken: a word may lose its place to another.
    for (const BpeNewWord& word : turn.news()) {
      word.place->keep(std::span(ids).subspan(word.first_id, word.id_count));
    }
    begin = end;
  }
  return true;
}

/// Looks what is known of the words from `begin` on, until as many are new as merge at a time.
/// Returns where it ended.
std::size_t Bpe::look(std::span<const std::string_view> words, std::size_t begin,
                      BpeWorkspace& buffers) const {
  BpeTurn& turn = buffers.turn;
  std::size_t missed = 0;
  std::size_t end = begin;
  for (; end < words.size() && missed < BpeTurn::kNew; ++end) {
    BpeTurnWord& word = turn.words[end];
    word.is_new = nullptr;
    buffers.words.look(words[end], word.place);
    if (!word.place.holds_word()) turn.missed[missed++] = end;
  }
  turn.new_count = 0;
  for (const std::size_t at : std::span(turn.missed).first(missed)) {
    BpeTurnWord& word = turn.words[at];
    buffers.words.look_again(word.place);
    if (word.place.holds_word()) continue;
    BpeNewWord& made = turn.new_words[turn.new_count++];
    made.at = at;
    made.place = &word.place;
    word.is_new = &made;
  }
  return end;
}

/// The new words, each a step at a time.
void Bpe::merge(std::span<const std::string_view> words, BpeWorkspace& buffers) const {
  BpeTurn& turn = buffers.turn;
  const bool may_be_tokens = options_.ignore_merges && !cuts_.any();
  for (BpeNewWord& word : turn.news()) {
    word.token = kNoId;
    if (!may_be_tokens) continue;
    word.text.clear();
    if (takes_bytes_) {
      append_visible(words[word.at], word.text);
    } else {
      word.text = words[word.at];
    }
    word.hash = vocabulary_.prepare(word.text);
  }
  std::size_t open = 0;
  for (BpeNewWord& word : turn.news()) {
    if (may_be_tokens) word.token = vocabulary_.index_of(word.text, word.hash);
    word.merges = word.token == kNoId && begin_merge(words[word.at], buffers, word.merge);
    if (word.merges) turn.open[open++] = &word.merge;
  }
  while (open > 0) {
    for (std::size_t i = 0; i < open;) {
      if (turn.open[i]->step(merges_)) {
        ++i;
      } else {
        turn.open[i] = turn.open[--open];
      }
    }
  }
}

/// The symbols of a word that merges with others; false for one that is better left alone: it is
/// long, or something in it is unknown.
bool Bpe::begin_merge(std::string_view word, BpeWorkspace& buffers, ShortMerge& merge) const {
  if (takes_bytes_) {
    if (word.size() > ShortMerge::kMost) return false;
    spell_bytes(word, merge.room(word.size()));
  } else {
    const std::vector<BpeSymbol>& symbols = buffers.merger.symbols;
    if (!spell_text(word, buffers) || symbols.empty() || symbols.size() > ShortMerge::kMost) {
      return false;
    }
    std::copy(symbols.begin(), symbols.end(), merge.room(symbols.size()));
  }
  merge.begin(merges_);
  return true;
}

/// Appends a word's ids.
bool Bpe::take(std::string_view word, const BpeTurnWord& place, BpeWorkspace& buffers,
               std::vector<std::uint32_t>& ids) const {
  if (place.is_new == nullptr) {
    for (const std::uint32_t id : place.place.ids()) ids.push_back(id);
    return true;
  }
  BpeNewWord& made = *place.is_new;
  made.first_id = ids.size();
  if (made.token != kNoId) {
    ids.push_back(vocabulary_.id_at(made.token));
  } else if (made.merges) {
    for (const BpeSymbol& symbol : made.merge.symbols()) {
      ids.push_back(vocabulary_.id_at(symbol.id));
    }
  } else if (!word_ids(word, buffers, ids)) {
    return false;
  }
  made.id_count = ids.size() - made.first_id;
  return true;
}

}  // namespace infercore
