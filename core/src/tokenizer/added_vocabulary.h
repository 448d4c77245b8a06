// Tokens that a file adds on top of its model's vocabulary. They are found in the text before
// anything else happens to it, and no model cuts them.
//
// Two sets: tokens that are looked for in the text as it came, and tokens ("normalized") whose
// normal form is looked for in the normalised text. Where several start at one place the longest is
// taken.
#ifndef INFERCORE_TOKENIZER_ADDED_VOCABULARY_H_
#define INFERCORE_TOKENIZER_ADDED_VOCABULARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/added_token.h"
#include "infercore/status.h"
#include "tokenizer/compiled.h"
#include "tokenizer/component.h"
#include "tokenizer/models/model.h"
#include "tokenizer/models/vocabulary.h"
#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/table.h"
#include "tokenizer/trie.h"

namespace infercore {

class AddedVocabulary {
 public:
  /// A part of a text: plain, or one added token.
  struct Part {
    std::size_t begin;
    std::size_t end;
    std::uint32_t token;  ///< Split::kWord for a plain part
  };

  AddedVocabulary() = default;
  /// Gives each token its id: the one that the model or an earlier token of that content has, else
  /// the next free one. Ids in a file are not looked at, as in the reference implementation.
  AddedVocabulary(const std::vector<AddedToken>& tokens, const Model& model,
                  const Normalizer* normalizer);
  void save(TableWriter& to) const;
  /// Any tables that it takes may be searched. Only while `from` is ok.
  static AddedVocabulary load(TableReader& from);

  /// What it was made of: with more behind it, it makes the larger vocabulary.
  std::vector<AddedToken> list() const;

  /// Cuts text as it came; appends parts that cover all of it.
  void split_raw(std::string_view text, std::vector<Part>& parts) const {
    split(raw_, text, parts);
  }
  /// Cuts normalised text.
  void split_normalized(std::string_view text, std::vector<Part>& parts) const {
    split(normalized_, text, parts);
  }
  bool has_raw() const { return !raw_.tokens.empty(); }
  bool has_normalized() const { return !normalized_.tokens.empty(); }

  std::optional<std::uint32_t> token_to_id(std::string_view token) const;
  /// Nothing when no added token has that id.
  std::optional<std::string_view> id_to_token(std::uint32_t id) const { return tokens_.text(id); }
  bool is_special(std::string_view token) const;
  /// True when normalizing the tokens made them too long: then nothing else may be asked.
  bool overflowed() const { return overflowed_; }
  /// Added tokens that the model does not have.
  std::size_t new_count() const { return new_count_; }
  /// Memory of its tables, about.
  std::size_t bytes() const;

 private:
  /// What an AddedToken holds beside its content, as bits.
  enum Flags : std::uint8_t {
    kSingleWord = 1,
    kLeftStrip = 2,
    kRightStrip = 4,
    kNormalized = 8,
    kSpecial = 16,
    kEverSpecial = 32,  ///< some token of that content is special
    kNotFound = 64,     ///< no text holds it
  };
  static std::uint8_t flags_of(const AddedToken& token);

  /// What is looked for, and the tokens by index of the trie's entries.
  struct Set {
    Trie trie;
    Table<std::uint32_t> tokens;  ///< indexes of tokens_
    std::array<bool, 256> starts{};
    std::optional<char> only_start;  ///< where all tokens begin with the same byte

    void derive();
    /// Where a token may begin, from `at` on; the end of the text for nowhere.
    std::size_t next_start(std::string_view text, std::size_t at) const;
    void save(TableWriter& to) const;
    static Set load(TableReader& from, std::size_t tokens, std::size_t longest);
  };
  /// White space that was walked over already: many tokens may stand in one long run of it.
  struct Run {
    std::size_t begin;
    std::size_t end;
  };
  using Pattern = std::pair<std::string, std::uint32_t>;
  class Builder;
  static Set make_set(const std::vector<Pattern>& patterns);
  void keep_list(const std::vector<AddedToken>& tokens);
  void split(const Set& set, std::string_view text, std::vector<Part>& parts) const;
  bool place(std::uint8_t flags, std::string_view text, Run& spaces, std::size_t done,
             std::size_t& begin, std::size_t& end) const;

  // What it was made of.
  Table<char> list_contents_;
  Table<std::uint32_t> list_ends_;
  Table<std::uint8_t> list_flags_;

  Vocabulary tokens_;          ///< each content once
  Table<std::uint8_t> flags_;  ///< by index of tokens_; of a content that came twice the last
  std::size_t new_count_ = 0;
  bool overflowed_ = false;
  Set raw_;
  Set normalized_;
};

/// Those from `first` on are new. INVALID_INPUT for an empty one, LIMIT_EXCEEDED for one that is
/// too long, or where all together are too many.
Status check_added_tokens(std::span<const AddedToken> tokens, std::size_t first);

/// Reads "added_tokens"; nothing when the member is missing.
std::vector<AddedToken> read_added_tokens(const Fields& fields, bool with_ids = true);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_ADDED_VOCABULARY_H_
