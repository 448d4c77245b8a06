#include "tokenizer/models/bpe.h"

#include <algorithm>
#include <span>
#include <utility>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/models/bpe_workspace.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

constexpr std::uint32_t kNoId = Vocabulary::kNoId;

}  // namespace

std::uint32_t Bpe::symbol_of(const Vocabulary& vocabulary, std::string_view token) {
  const std::uint32_t index = vocabulary.index_of(token);
  if (index == kNoId || !vocabulary.has_shared_ids()) return index;
  return vocabulary.index_of_id(vocabulary.id_at(index));
}

Bpe::Bpe(Vocabulary vocabulary, const std::vector<BpeMerge>& merges, BpeOptions options)
    : vocabulary_(std::move(vocabulary)), options_(std::move(options)) {
  find_symbols();
  std::uint32_t common = symbol("e");
  for (const std::string_view character : {"\u0120", "\u2581", "t", "a", "E", "A"}) {
    common = std::min(common, symbol(character));
  }
  merges_ = MergeTable(merges, vocabulary_.size(), common);
  const bool empty_part = std::any_of(merges.begin(), merges.end(), [](const BpeMerge& merge) {
    return merge.made == merge.left || merge.made == merge.right;
  });
  // Else what a pair makes is longer than both, and no other pair in its place makes the same.
  keeps_promises_ =
      empty_part || vocabulary_.has_shared_ids() || !options_.prefix.empty() || merges_.has_ties();
  // Where unknown characters are left out, what stands around them are neighbours.
  const bool keeps_all = unk_ != kNoId || (options_.byte_fallback &&
                                           std::find(byte_tokens_.begin(), byte_tokens_.end(),
                                                     kNoId) == byte_tokens_.end());
  if (keeps_promises_ || has_affixes() || !keeps_all) return;
  std::vector<std::uint32_t> others;
  if (unk_ != kNoId) others.push_back(unk_);
  for (const std::uint32_t symbol : byte_tokens_) {
    if (options_.byte_fallback && symbol != kNoId) others.push_back(symbol);
  }
  cuts_ = MergeCuts(vocabulary_, merges, others);
}

void Bpe::find_symbols() {
  if (options_.unk_token) unk_ = symbol(*options_.unk_token);
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char name[] = {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
    byte_tokens_[byte] = symbol({name, sizeof(name)});
  }
  starts_.resize(1);
  for (unsigned char c = 0; c < 0x80; ++c) {
    const char text = static_cast<char>(c);
    starts_[0][c] = symbol({&text, 1});
  }
}

std::unique_ptr<Model::Workspace> Bpe::workspace() const {
  // Without parentheses nobody writes zeros to what is written anyway.
  return std::unique_ptr<Workspace>(new BpeWorkspace);
}

bool Bpe::take_bytes() {
  BpeWorkspace buffers;
  std::vector<ByteSymbols> starts(has_affixes() ? 4 : 1);
  for (std::size_t place = 0; place < starts.size(); ++place) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string visible;
      const char raw = static_cast<char>(byte);
      append_visible({&raw, 1}, visible);
      const std::uint32_t found = find_character(visible, (place & 1) != 0 || starts.size() == 1,
                                                 (place & 2) != 0, buffers);
      if (found == kNoId) return false;  // what becomes of it is told in text
      starts[place][byte] = found;
    }
  }
  starts_ = std::move(starts);
  takes_bytes_ = true;
  cuts_ = {};
  return true;
}

std::uint32_t Bpe::find_character(std::string_view character, bool first, bool last,
                                  BpeWorkspace& buffers) const {
  if (!has_affixes()) return symbol(character);
  buffers.text.assign(first ? "" : options_.prefix).append(character);
  if (last) buffers.text += options_.suffix;
  return symbol(buffers.text);
}

std::uint32_t Bpe::find_word(std::string_view word, BpeWorkspace& buffers) const {
  if (!takes_bytes_) return vocabulary_.find(word);
  buffers.text.clear();
  append_visible(word, buffers.text);
  return vocabulary_.find(buffers.text);
}

/// From characters to the symbols that merging starts with.
class Bpe::Speller {
 public:
  Speller(const Bpe& model, BpeWorkspace& buffers, std::string_view word)
      : model_(model), buffers_(buffers), symbols_(buffers.merger.symbols), word_(word) {
    symbols_.clear();
  }

  /// False where a character is unknown and the token for that is missing.
  bool run() {
    const auto size = static_cast<std::uint32_t>(word_.size());
    for (std::uint32_t at = 0; at < size;) {
      const std::uint32_t length = unicode::sequence_length(word_[at]);
      if (!add(at, length)) {
        buffers_.unknown_at = at;
        return false;
      }
      at += length;
    }
    end_unknown();
    return true;
  }

 private:
  bool add(std::uint32_t at, std::uint32_t length) {
    const bool last = at + length == word_.size();
    const std::string_view character = word_.substr(at, length);
    const std::uint32_t symbol = length == 1 && !model_.has_affixes()
                                     ? model_.starts_[0][static_cast<unsigned char>(word_[at])]
                                     : model_.find_character(character, at == 0, last, buffers_);
    if (symbol != kNoId) {
      end_unknown();
      symbols_.push_back({symbol, length});
      return true;
    }
    // (What is unknown before them comes behind them then, as in the reference implementation.)
    if (model_.options_.byte_fallback && add_bytes(character)) return true;
    if (!model_.options_.unk_token) return true;  // and what follows moves up in its place
    if (model_.unk_ == kNoId) return false;
    if (!model_.options_.fuse_unk) end_unknown();
    unknown_ += length;
    return true;
  }

  /// With the character's prefix and suffix, which find_character has written, if there are any.
  bool add_bytes(std::string_view character) {
    const std::string_view text = model_.has_affixes() ? buffers_.text : character;
    const auto symbol = [this](char byte) {
      return model_.byte_tokens_[static_cast<unsigned char>(byte)];
    };
    for (const char byte : text) {
      if (symbol(byte) == kNoId) return false;
    }
    for (const char byte : text) symbols_.push_back({symbol(byte), 1});
    return true;
  }

  void end_unknown() {
    if (unknown_ > 0) symbols_.push_back({model_.unk_, std::exchange(unknown_, 0)});
  }

  const Bpe& model_;
  BpeWorkspace& buffers_;
  std::vector<BpeSymbol>& symbols_;
  std::string_view word_;
  std::uint32_t unknown_ = 0;  ///< bytes of unknown characters that have no symbol yet
};

void Bpe::spell_bytes(std::string_view word, BpeSymbol* to) const {
  const bool affixes = starts_.size() > 1;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const std::size_t place = affixes ? (at == 0 ? 1U : 0U) + (at + 1 == word.size() ? 2U : 0U) : 0;
    to[at] = {starts_[place][static_cast<unsigned char>(word[at])], 1};
  }
}

/// Leaves the characters of `word` in the merger's symbols.
bool Bpe::spell_text(std::string_view word, BpeWorkspace& buffers) const {
  return Speller(*this, buffers, word).run();
}

/// Leaves the tokens of `word` there.
bool Bpe::spell(std::string_view word, BpeWorkspace& buffers) const {
  std::vector<BpeSymbol>& symbols = buffers.merger.symbols;
  if (takes_bytes_) {
    symbols.resize(word.size());
    spell_bytes(word, symbols.data());
  } else if (!spell_text(word, buffers)) {
    return false;
  }
  buffers.merger.run(merges_, keeps_promises_);
  return true;
}

bool Bpe::tokenize(std::string_view word, Workspace& workspace, std::vector<Token>& tokens) const {
  auto& buffers = static_cast<BpeWorkspace&>(workspace);
  const auto size = static_cast<std::uint32_t>(word.size());
  if (options_.ignore_merges) {
    const std::uint32_t id = find_word(word, buffers);
    if (id != kNoId) {
      tokens.push_back({id, 0, size, true});
      return true;
    }
  }
  std::uint32_t at = 0;
  for (std::size_t begin = 0; begin < word.size();) {
    const std::size_t end = cuts_.any() ? cuts_.piece_end(word, begin) : word.size();
    if (!spell(word.substr(begin, end - begin), buffers)) {
      buffers.unknown_at += begin;
      return false;
    }
    // Characters that are left out move what follows to their place, as in the reference
    // implementation; bytes of affixes may lead past the end of the word.
    for (const BpeSymbol& symbol : buffers.merger.symbols) {
      const std::uint32_t from = std::min(at, size - 1);
      at += symbol.length;
      tokens.push_back(
          {vocabulary_.id_at(symbol.id), from, std::min(std::max(at, from + 1), size), true});
    }
    begin = end;
  }
  return true;
}

bool Bpe::tokenize_ids(std::string_view word, Workspace& workspace,
                       std::vector<std::uint32_t>& ids) const {
  auto& buffers = static_cast<BpeWorkspace&>(workspace);
  if (!cuts_.any()) return piece_ids(word, buffers, ids);
  if (options_.ignore_merges) {
    const std::uint32_t id = find_word(word, buffers);
    if (id != kNoId) {
      ids.push_back(id);
      return true;
    }
  }
  return pieces_ids(word, buffers, ids);
}

/// Of a word, or of a part of one that is cut.
bool Bpe::piece_ids(std::string_view piece, BpeWorkspace& buffers,
                    std::vector<std::uint32_t>& ids) const {
  const BpeWords::Place place = buffers.words.find(piece);
  if (place.holds_word()) {
    for (const std::uint32_t id : place.ids()) ids.push_back(id);
    return true;
  }
  const std::size_t before = ids.size();
  if (!word_ids(piece, buffers, ids)) return false;
  place.keep(std::span(ids).subspan(before));
  return true;
}

bool Bpe::word_ids(std::string_view word, BpeWorkspace& buffers,
                   std::vector<std::uint32_t>& ids) const {
  const std::uint32_t whole =
      options_.ignore_merges && !cuts_.any() ? find_word(word, buffers) : kNoId;
  if (whole != kNoId) {
    ids.push_back(whole);
    return true;
  }
  if (!spell(word, buffers)) return false;
  for (const BpeSymbol& symbol : buffers.merger.symbols) {
    ids.push_back(vocabulary_.id_at(symbol.id));
  }
  return true;
}

std::optional<std::uint32_t> Bpe::token_to_id(std::string_view token) const {
  const std::uint32_t id = vocabulary_.find(token);
  return id == kNoId ? std::nullopt : std::optional(id);
}

std::optional<std::string_view> Bpe::id_to_token(std::uint32_t id) const {
  return vocabulary_.text(id);
}

std::optional<std::uint32_t> Bpe::unk_id() const {
  return unk_ == kNoId ? std::nullopt : std::optional(vocabulary_.id_at(unk_));
}

std::size_t Bpe::bytes() const {
  return vocabulary_.bytes() + merges_.bytes() + starts_.capacity() * sizeof(ByteSymbols) +
         sizeof(*this);
}

}  // namespace infercore
