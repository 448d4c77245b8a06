#include "tokenizer/models/word_piece.h"

#include <algorithm>
#include <span>
#include <utility>

#include "tokenizer/models/vocabulary_fields.h"
#include "tokenizer/models/word_cache.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

struct Buffers : Model::Workspace {
  WordCache words;
};

}  // namespace

WordPiece::WordPiece(Vocabulary vocabulary, std::string_view unk_token, std::string_view prefix,
                     std::uint64_t max_characters)
    : vocabulary_(std::move(vocabulary)),
      unk_id_(vocabulary_.find(unk_token)),
      max_characters_(max_characters) {
  std::vector<Trie::Entry> starts;
  std::vector<Trie::Entry> rests;
  starts.reserve(vocabulary_.size());
  for (std::size_t i = 0; i < vocabulary_.size(); ++i) {
    const std::string_view text = vocabulary_.text_at(i);
    const std::uint32_t id = vocabulary_.id_at(i);
    // As a score the id stands beside what the search reads anyway.
    starts.push_back({text, static_cast<double>(id), id});
    if (text.compare(0, prefix.size(), prefix) == 0) {
      rests.push_back({text.substr(prefix.size()), static_cast<double>(id), id});
    }
  }
  starts_ = Trie(starts);
  rests_ = Trie(rests);
}

std::unique_ptr<Model::Workspace> WordPiece::workspace() const {
  return std::make_unique<Buffers>();
}

bool WordPiece::is_too_long(std::string_view word) const {
  if (word.size() <= max_characters_) return false;
  const auto starts_character = [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  };
  return static_cast<std::uint64_t>(std::count_if(word.begin(), word.end(), starts_character)) >
         max_characters_;
}

template <typename Sink>
bool WordPiece::cut(std::string_view word, std::size_t& unknown_at, const Sink& sink) const {
  unknown_at = 0;
  if (is_too_long(word)) return false;
  const Trie* trie = &starts_;
  for (std::size_t begin = 0; begin < word.size();) {
    std::uint32_t node = Trie::kRoot;
    std::uint32_t longest = Trie::kNoId;
    std::size_t end = begin;
    const std::size_t last = std::min(word.size(), begin + trie->longest());
    for (std::size_t at = begin; at < last;) {
      node = trie->child(node, word[at++]);
      if (node == Trie::kNoId) break;
      if (!trie->ends(node)) continue;
      longest = node;
      end = at;
    }
    unknown_at = begin;
    if (longest == Trie::kNoId) return false;
    sink(static_cast<std::uint32_t>(trie->score(longest)), begin, end);
    begin = end;
    trie = &rests_;
  }
  return true;
}

bool WordPiece::tokenize(std::string_view word, Workspace& workspace,
                         std::vector<Token>& tokens) const {
  const std::size_t before = tokens.size();
  const auto add = [&tokens](std::uint32_t id, std::size_t begin, std::size_t end) {
    tokens.push_back(
        {id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), true});
  };
  if (cut(word, workspace.unknown_at, add)) return true;
  tokens.resize(before);
  if (unk_id_ == Vocabulary::kNoId) return false;
  add(unk_id_, 0, word.size());
  return true;
}

bool WordPiece::tokenize_ids(std::string_view word, Workspace& workspace,
                             std::vector<std::uint32_t>& ids) const {
  auto& buffers = static_cast<Buffers&>(workspace);
  const WordCache::Place place = buffers.words.find(word);
  if (place.holds_word()) {
    if (place.ids().size() == 1) {
      ids.push_back(place.ids()[0]);
      return true;
    }
    ids.insert(ids.end(), place.ids().begin(), place.ids().end());
    return true;
  }
  const std::size_t before = ids.size();
  const auto add = [&ids](std::uint32_t id, std::size_t /*begin*/, std::size_t /*end*/) {
    ids.push_back(id);
  };
  if (!cut(word, buffers.unknown_at, add)) {
    ids.resize(before);
    if (unk_id_ == Vocabulary::kNoId) return false;
    ids.push_back(unk_id_);
  }
  place.keep(std::span(ids).subspan(before));
  return true;
}

std::optional<std::uint32_t> WordPiece::token_to_id(std::string_view token) const {
  const std::uint32_t id = vocabulary_.find(token);
  return id == Vocabulary::kNoId ? std::nullopt : std::optional(id);
}

std::optional<std::uint32_t> WordPiece::unk_id() const {
  return unk_id_ == Vocabulary::kNoId ? std::nullopt : std::optional(unk_id_);
}

namespace {

/// Up to 2^64 − 1, what writers put for "no limit": beyond 2^53 it exceeds every word.
std::uint64_t read_max_characters(const Fields& fields) {
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
  const JsonValue value = fields.get("max_input_chars_per_word");
  const bool endless = value.is(JsonType::kNumber) && value.number() > kExact &&
                       value.number() <= 18446744073709551616.0;
  return endless ? kExact : fields.integer("max_input_chars_per_word", kExact);
}

}  // namespace

std::unique_ptr<Model> read_word_piece(const Fields& fields) {
  Vocabulary vocabulary = read_vocabulary(fields);
  const std::string_view unk_token = fields.string("unk_token");
  const std::string_view prefix = fields.string("continuing_subword_prefix");
  const std::uint64_t max_characters = read_max_characters(fields);
  if (!fields.faults().empty()) return nullptr;
  return std::make_unique<WordPiece>(std::move(vocabulary), unk_token, prefix, max_characters);
}

std::unique_ptr<Model> load_word_piece(const Fields& fields, TableReader& from) {
  const std::string_view unk_token = fields.string("unk_token");
  const std::uint64_t max_characters = read_max_characters(fields);
  auto model = std::make_unique<WordPiece>(from, unk_token, max_characters);
  return from.ok() ? std::move(model) : nullptr;
}

}  // namespace infercore
