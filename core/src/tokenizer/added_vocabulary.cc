#include "tokenizer/added_vocabulary.h"

#include <algorithm>
#include <utility>

#include "infercore/fault_list.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "unicode/utf.h"
#include "unicode/word.h"

namespace infercore {
namespace {

/// Longer ones make the search slow for every text that almost holds them.
constexpr std::size_t kMaxContent = 4096;
constexpr std::size_t kMaxTokens = 1'000'000;
/// Of all contents together, and of their normal forms: each byte may be a node of the search.
constexpr std::size_t kMaxTotal = std::size_t{32} << 20;

}  // namespace

AddedVocabulary::AddedVocabulary(std::vector<AddedToken> tokens, const Model& model,
                                 const Normalizer* normalizer)
    : list_(std::move(tokens)) {
  // In the order of the search: special ones first, each group in the file's order.
  std::vector<const AddedToken*> special;
  std::vector<const AddedToken*> plain;
  for (const AddedToken& token : list_) {
    if (token.content.empty() || !token.special) continue;
    bool& listed = special_[token.content];
    if (token.found && !listed) special.push_back(&token);
    listed = listed || token.found;
  }
  for (const AddedToken& token : list_) {
    if (token.content.empty()) continue;
    const std::optional<std::uint32_t> known = token_to_id(token.content);
    if (known && tokens_.at(*known) == token) continue;
    const std::optional<std::uint32_t> of_model = known ? known : model.token_to_id(token.content);
    const std::uint32_t id =
        of_model ? *of_model : static_cast<std::uint32_t>(model.vocab_size() + new_count_++);
    ids_[token.content] = id;
    tokens_[id] = token;
    const auto listed = special_.find(token.content);
    if (token.found && (listed == special_.end() || !listed->second)) plain.push_back(&token);
  }
  special.insert(special.end(), plain.begin(), plain.end());

  std::vector<std::pair<std::string, std::uint32_t>> raw;
  std::vector<std::pair<std::string, std::uint32_t>> normalized;
  std::size_t total = 0;
  for (const AddedToken* token : special) {
    const std::uint32_t id = ids_.at(token->content);
    if (!token->normalized) {
      raw.emplace_back(token->content, id);
      continue;
    }
    NormalizedText text(false);
    NormalizedText spare(false);
    text.limit = spare.limit = kMaxTotal - std::min(total, kMaxTotal);
    text.assign(TextView(std::string_view(token->content)), 0, token->content.size());
    if (normalizer != nullptr) normalizer->apply_to_token(text, spare);
    overflowed_ = overflowed_ || text.overflowed || text.size() > text.limit;
    if (overflowed_) return;
    total += text.size();
    normalized.emplace_back(std::move(text.bytes), id);
  }
  raw_ = make_set(raw);
  normalized_ = make_set(normalized);
}

AddedVocabulary::Set AddedVocabulary::make_set(
    const std::vector<std::pair<std::string, std::uint32_t>>& patterns) {
  Set set;
  std::vector<Trie::Entry> entries;
  // Backwards: of equal patterns the trie keeps the last, the search wants the first.
  for (auto pattern = patterns.rbegin(); pattern != patterns.rend(); ++pattern) {
    if (pattern->first.empty()) continue;
    entries.push_back({pattern->first, 0, static_cast<std::uint32_t>(set.ids.size())});
    set.ids.push_back(pattern->second);
    set.starts[static_cast<unsigned char>(pattern->first[0])] = true;
  }
  set.trie = Trie(entries);
  return set;
}

/// Applies what a token asks for around it to a match; false when it does not stand.
bool AddedVocabulary::place(const AddedToken& token, std::string_view text, Run& spaces,
                            std::size_t done, std::size_t& begin, std::size_t& end) const {
  if (token.single_word) {
    if (begin > 0 && unicode::is_word(unicode::decode_before(text, begin))) return false;
    if (end < text.size() && unicode::is_word(unicode::decode_valid(&text[end]))) return false;
  }
  if (token.lstrip) {
    std::size_t start = begin;
    while (start > done) {
      const char32_t code = unicode::decode_before(text, start);
      if (!unicode::is_space(code)) break;
      start -= code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
    // What the token before took along is gone.
    begin = std::max(start, done);
  }
  if (token.rstrip) {
    if (end < spaces.begin || end >= spaces.end) {
      spaces.begin = end;
      while (end < text.size() && unicode::is_space(unicode::decode_valid(&text[end]))) {
        end += unicode::sequence_length(text[end]);
      }
      spaces.end = end;
    }
    end = spaces.end;
  }
  // A token of white space may be gone altogether: the token before took it along.
  return begin < end;
}

void AddedVocabulary::split(const Set& set, std::string_view text, std::vector<Part>& parts) const {
  std::size_t done = 0;
  Run spaces{0, 0};
  for (std::size_t at = 0; at < text.size() && !set.ids.empty();) {
    if (!set.starts[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    std::uint32_t longest = Trie::kNoId;
    std::size_t end = at;
    std::uint32_t node = Trie::kRoot;
    for (std::size_t i = at; i < text.size();) {
      node = set.trie.child(node, text[i++]);
      if (node == Trie::kNoId) break;
      if (!set.trie.ends(node)) continue;
      longest = set.trie.id(node);
      end = i;
    }
    if (longest == Trie::kNoId) {
      ++at;
      continue;
    }
    std::size_t begin = at;
    at = end;  // the search goes on behind the token itself, whatever it takes along
    const std::uint32_t id = set.ids[longest];
    if (!place(tokens_.at(id), text, spaces, done, begin, end)) continue;
    if (done < begin) parts.push_back({done, begin, Split::kWord});
    parts.push_back({begin, end, id});
    done = end;
  }
  if (done < text.size()) parts.push_back({done, text.size(), Split::kWord});
}

std::optional<std::uint32_t> AddedVocabulary::token_to_id(std::string_view token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

const AddedToken* AddedVocabulary::token(std::uint32_t id) const {
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? nullptr : &found->second;
}

bool AddedVocabulary::is_special(std::string_view token) const {
  return special_.find(token) != special_.end();
}

std::size_t AddedVocabulary::bytes() const {
  constexpr std::size_t kNode = 4 * sizeof(void*);  // what a map puts around an entry
  std::size_t bytes = list_.capacity() * sizeof(AddedToken);
  for (const AddedToken& token : list_) bytes += token.content.capacity();
  for (const auto& [content, id] : ids_)
    bytes += kNode + sizeof(std::string) + sizeof(id) + content.capacity();
  for (const auto& [id, token] : tokens_)
    bytes += kNode + sizeof(id) + sizeof(token) + token.content.capacity();
  for (const auto& [content, special] : special_)
    bytes += kNode + sizeof(std::string) + sizeof(special) + content.capacity();
  for (const Set* set : {&raw_, &normalized_})
    bytes += set->trie.bytes() + set->ids.capacity() * sizeof(std::uint32_t);
  return bytes;
}

Status check_added_tokens(std::span<const AddedToken> tokens, std::size_t first) {
  FaultList faults;
  for (std::size_t i = first; i < tokens.size() && !faults.full(); ++i) {
    const std::size_t size = tokens[i].content.size();
    if (size > 0 && size <= kMaxContent) continue;
    const std::string path = element_path("tokens", i - first);
    faults.add({path, size == 0 ? Code::kInvalidInput : Code::kLimitExceeded,
                "expected a text of 1 to " + std::to_string(kMaxContent) + " bytes for " + path +
                    ", received " + std::to_string(size) + " bytes"});
  }
  std::size_t total = 0;
  for (const AddedToken& token : tokens) total += token.content.size();
  if (tokens.size() > kMaxTokens || total > kMaxTotal) {
    faults.add({"tokens", Code::kLimitExceeded,
                "expected at most " + std::to_string(kMaxTokens) + " added tokens of " +
                    std::to_string(kMaxTotal) + " bytes together, received " +
                    std::to_string(tokens.size()) + " of " + std::to_string(total) + " bytes"});
  }
  if (faults.empty()) return {};
  return std::move(faults).status("the tokens can't be added");
}

std::vector<AddedToken> read_added_tokens(const Fields& fields) {
  std::vector<AddedToken> tokens;
  const JsonValue list = fields.get("added_tokens");
  if (!list.exists()) return tokens;
  if (!list.is(JsonType::kArray)) {
    fields.faults().expect(list, "an array");
    return tokens;
  }
  if (list.size() > kMaxTokens) {
    fields.faults().expect(list, "at most " + std::to_string(kMaxTokens) + " added tokens",
                           Code::kLimitExceeded);
    return tokens;
  }
  std::size_t total = 0;
  for (const JsonValue value : list) {
    if (fields.faults().full()) break;
    const Fields token(value, fields.faults());
    if (!value.is(JsonType::kObject)) continue;
    token.integer("id", 0xFFFFFFFF);
    tokens.push_back({std::string(token.string("content")), token.boolean("single_word"),
                      token.boolean("lstrip"), token.boolean("rstrip"), token.boolean("normalized"),
                      token.boolean("special")});
    total += tokens.back().content.size();
    if (tokens.back().content.size() > kMaxContent) {
      fields.faults().add(value.get("content"), Code::kLimitExceeded,
                          "expected at most " + std::to_string(kMaxContent) + " bytes for " +
                              fields.faults().path_of(value.get("content")) + ", received " +
                              std::to_string(tokens.back().content.size()));
    }
  }
  if (total > kMaxTotal) {
    fields.faults().add(list, Code::kLimitExceeded,
                        "expected added tokens of at most " + std::to_string(kMaxTotal) +
                            " bytes together, received " + std::to_string(total));
  }
  return tokens;
}

}  // namespace infercore
