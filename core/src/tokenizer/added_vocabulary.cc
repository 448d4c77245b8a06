#include "tokenizer/added_vocabulary.h"

#include <algorithm>
#include <map>
#include <utility>

#include "infercore/fault_list.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/texts.h"
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

std::uint8_t AddedVocabulary::flags_of(const AddedToken& token) {
  return static_cast<std::uint8_t>(
      (token.single_word ? kSingleWord : 0) | (token.lstrip ? kLeftStrip : 0) |
      (token.rstrip ? kRightStrip : 0) | (token.normalized ? kNormalized : 0) |
      (token.special ? kSpecial : 0) | (token.found ? 0 : kNotFound));
}

/// Gives each token its id, as the reference implementation does: one by one, each seeing what the
/// ones before made.
class AddedVocabulary::Builder {
 public:
  Builder(const std::vector<AddedToken>& tokens, const Model& model) : model_(model) {
    for (const AddedToken& token : tokens) {
      if (token.content.empty() || !token.special) continue;
      Content& content = content_of(token);
      content.special = true;
      if (!token.found || content.listed) continue;
      content.listed = true;
      order_.push_back(&token);
    }
    for (const AddedToken& token : tokens) {
      if (!token.content.empty()) add(token);
    }
  }

  void build(AddedVocabulary& to) const {
    // Of several contents with one id the last that was given it counts.
    VocabularyBuilder vocabulary;
    vocabulary.reserve(contents_.size());
    for (const AddedToken* token : added_) {
      const Content& content = contents_[indexes_.index_of(token->content)];
      if (content.token == token) vocabulary.add(token->content, content.id);
    }
    to.tokens_ = std::move(vocabulary).finish();
    std::vector<std::uint8_t> flags;
    for (std::size_t i = 0; i < to.tokens_.size(); ++i) {
      const Content& content = contents_[indexes_.index_of(to.tokens_.text_at(i))];
      flags.push_back(static_cast<std::uint8_t>(flags_of(*content.token) |
                                                (content.special ? kEverSpecial : 0)));
    }
    to.flags_ = Table<std::uint8_t>::copy_of(flags);
    to.new_count_ = new_count_;
  }

  /// In the order of the search: special ones first, each group in the file's order.
  const std::vector<const AddedToken*>& order() const { return order_; }

 private:
  struct Content {
    const AddedToken* token = nullptr;  ///< the last that has it
    std::uint32_t id = 0;
    bool special = false;
    bool listed = false;  ///< in order_, among the special ones
  };

  Content& content_of(const AddedToken& token) {
    const std::uint32_t index = indexes_.index_of(token.content);
    if (index != Vocabulary::kNoId) return contents_[index];
    indexes_.add(token.content, static_cast<std::uint32_t>(contents_.size()));
    return contents_.emplace_back();
  }

  void add(const AddedToken& token) {
    Content& content = content_of(token);
    if (content.token != nullptr) {
      if (*tokens_.at(content.id) == token) return;
    } else if (const auto of_model = model_.token_to_id(token.content)) {
      content.id = *of_model;
    } else {
      content.id = static_cast<std::uint32_t>(model_.vocab_size() + new_count_++);
    }
    content.token = &token;
    tokens_[content.id] = &token;
    added_.push_back(&token);
    if (token.found && !content.listed) order_.push_back(&token);
  }

  const Model& model_;
  VocabularyBuilder indexes_;  ///< of contents_
  std::vector<Content> contents_;
  std::map<std::uint32_t, const AddedToken*> tokens_;  ///< the last that was given the id
  std::vector<const AddedToken*> added_;
  std::vector<const AddedToken*> order_;
  std::size_t new_count_ = 0;
};

AddedVocabulary::AddedVocabulary(const std::vector<AddedToken>& tokens, const Model& model,
                                 const Normalizer* normalizer) {
  keep_list(tokens);
  const Builder builder(tokens, model);
  builder.build(*this);
  std::vector<Pattern> raw;
  std::vector<Pattern> normalized;
  std::size_t total = 0;
  for (const AddedToken* token : builder.order()) {
    const std::uint32_t index = tokens_.index_of_id(tokens_.find(token->content));
    if (!token->normalized) {
      raw.emplace_back(token->content, index);
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
    normalized.emplace_back(std::move(text.bytes), index);
  }
  raw_ = make_set(raw);
  normalized_ = make_set(normalized);
}

void AddedVocabulary::keep_list(const std::vector<AddedToken>& tokens) {
  std::vector<char> contents;
  std::vector<std::uint32_t> ends;
  std::vector<std::uint8_t> flags;
  for (const AddedToken& token : tokens) {
    contents.insert(contents.end(), token.content.begin(), token.content.end());
    ends.push_back(static_cast<std::uint32_t>(contents.size()));
    flags.push_back(flags_of(token));
  }
  list_contents_ = Table<char>::copy_of(contents);
  list_ends_ = Table<std::uint32_t>::copy_of(ends);
  list_flags_ = Table<std::uint8_t>::copy_of(flags);
}

std::vector<AddedToken> AddedVocabulary::list() const {
  std::vector<AddedToken> tokens;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list_ends_.size(); ++i) {
    const std::uint8_t flags = list_flags_[i];
    tokens.push_back({std::string(list_contents_.data() + begin, list_ends_[i] - begin),
                      (flags & kSingleWord) != 0, (flags & kLeftStrip) != 0,
                      (flags & kRightStrip) != 0, (flags & kNormalized) != 0,
                      (flags & kSpecial) != 0, (flags & kNotFound) == 0});
    begin = list_ends_[i];
  }
  return tokens;
}

AddedVocabulary::Set AddedVocabulary::make_set(const std::vector<Pattern>& patterns) {
  Set set;
  std::vector<Trie::Entry> entries;
  std::vector<std::uint32_t> tokens;
  // Backwards: of equal patterns the trie keeps the last, the search wants the first.
  for (auto pattern = patterns.rbegin(); pattern != patterns.rend(); ++pattern) {
    if (pattern->first.empty()) continue;
    entries.push_back({pattern->first, 0, static_cast<std::uint32_t>(tokens.size())});
    tokens.push_back(pattern->second);
  }
  set.trie = Trie(entries);
  set.tokens = Table<std::uint32_t>::copy_of(tokens);
  set.derive();
  return set;
}

void AddedVocabulary::Set::derive() {
  for (std::size_t byte = 0; byte < starts.size(); ++byte) {
    // Inside a character nothing starts, whatever a trie that was compiled says.
    const bool inside = byte >= 0x80 && byte < 0xC0;
    starts[byte] = !inside && trie.child(Trie::kRoot, static_cast<char>(byte)) != Trie::kNoId;
  }
  if (std::count(starts.begin(), starts.end(), true) != 1) return;
  only_start = static_cast<char>(std::find(starts.begin(), starts.end(), true) - starts.begin());
}

std::size_t AddedVocabulary::Set::next_start(std::string_view text, std::size_t at) const {
  if (only_start) return std::min(text.find(*only_start, at), text.size());  // memchr
  while (at < text.size() && !starts[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

/// Applies what a token asks for around it to a match; false when it does not stand.
bool AddedVocabulary::place(std::uint8_t flags, std::string_view text, Run& spaces,
                            std::size_t done, std::size_t& begin, std::size_t& end) const {
  if ((flags & kSingleWord) != 0) {
    if (begin > 0 && unicode::is_word(unicode::decode_before(text, begin))) return false;
    if (end < text.size() && unicode::is_word(unicode::decode_valid(&text[end]))) return false;
  }
  if ((flags & kLeftStrip) != 0) {
    std::size_t start = begin;
    while (start > done) {
      const char32_t code = unicode::decode_before(text, start);
      if (!unicode::is_space(code)) break;
      start -= code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
    // What the token before took along is gone.
    begin = std::max(start, done);
  }
  if ((flags & kRightStrip) != 0) {
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
  for (std::size_t at = 0; at < text.size() && !set.tokens.empty();) {
    at = set.next_start(text, at);
    if (at == text.size()) break;
    std::uint32_t longest = Trie::kNoId;
    std::size_t end = at;
    std::uint32_t node = Trie::kRoot;
    const std::size_t last = std::min(text.size(), at + set.trie.longest());
    for (std::size_t i = at; i < last;) {
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
    const std::uint32_t token = set.tokens[longest];
    if (!place(flags_[token], text, spaces, done, begin, end)) continue;
    if (done < begin) parts.push_back({done, begin, Split::kWord});
    parts.push_back({begin, end, tokens_.id_at(token)});
    done = end;
  }
  if (done < text.size()) parts.push_back({done, text.size(), Split::kWord});
}

std::optional<std::uint32_t> AddedVocabulary::token_to_id(std::string_view token) const {
  const std::uint32_t id = tokens_.find(token);
  return id == Vocabulary::kNoId ? std::nullopt : std::optional(id);
}

bool AddedVocabulary::is_special(std::string_view token) const {
  const std::uint32_t index = tokens_.index_of(token);
  return index != Vocabulary::kNoId && (flags_[index] & kEverSpecial) != 0;
}

std::size_t AddedVocabulary::bytes() const {
  std::size_t bytes = list_contents_.bytes() + list_ends_.bytes() + list_flags_.bytes() +
                      tokens_.bytes() + flags_.bytes();
  for (const Set* set : {&raw_, &normalized_}) bytes += set->trie.bytes() + set->tokens.bytes();
  return bytes;
}

void AddedVocabulary::save(TableWriter& to) const {
  to.add(Section::kListContents, list_contents_.span());
  to.add(Section::kListEnds, list_ends_.span());
  to.add(Section::kFlags, list_flags_.span());
  tokens_.save(to);
  to.add(Section::kFlags, flags_.span());
  raw_.save(to);
  normalized_.save(to);
  to.add_numbers({new_count_});
}

AddedVocabulary AddedVocabulary::load(TableReader& from) {
  AddedVocabulary added;
  added.list_contents_ = from.table<char>(Section::kListContents);
  added.list_ends_ = from.table<std::uint32_t>(Section::kListEnds);
  added.list_flags_ = from.table<std::uint8_t>(Section::kFlags);
  added.tokens_ = Vocabulary::load(from);
  added.flags_ = from.table<std::uint8_t>(Section::kFlags);
  from.expect(are_texts(added.list_contents_, added.list_ends_) &&
                  added.list_flags_.size() == added.list_ends_.size() &&
                  added.flags_.size() == added.tokens_.size() &&
                  added.list_ends_.size() <= kMaxTokens,
              "added tokens");
  // Nothing else bounds a search, nor what becomes one when more tokens are added.
  std::uint32_t begin = 0;
  for (const std::uint32_t end : added.list_ends_) {
    from.expect(end - begin <= kMaxContent, "added tokens");
    begin = end;
  }
  added.raw_ = Set::load(from, added.tokens_.size(), kMaxContent);
  added.normalized_ = Set::load(from, added.tokens_.size(), kMaxTotal);
  added.new_count_ = static_cast<std::size_t>(from.numbers<1>()[0]);
  from.expect(added.new_count_ <= added.tokens_.size(), "added tokens");
  return added;
}

void AddedVocabulary::Set::save(TableWriter& to) const {
  to.add(Section::kPatterns, tokens.span());
  trie.save(to);
}

AddedVocabulary::Set AddedVocabulary::Set::load(TableReader& from, std::size_t tokens,
                                                std::size_t longest) {
  Set set;
  set.tokens = from.table<std::uint32_t>(Section::kPatterns);
  for (const std::uint32_t token : set.tokens) from.expect(token < tokens, "added tokens");
  set.trie = Trie::load(from, set.tokens.size(), longest);
  if (from.ok()) set.derive();
  return set;
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

std::vector<AddedToken> read_added_tokens(const Fields& fields, bool with_ids) {
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
    if (with_ids || value.get("id").exists()) token.integer("id", 0xFFFFFFFF);
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
