// Byte-pair encoding (Gage, 1994; Sennrich, Haddow and Birch, 2016): a word's characters are merged
// pair by pair, in the order in which training found the pairs.
#ifndef INFERCORE_TOKENIZER_MODELS_BPE_H_
#define INFERCORE_TOKENIZER_MODELS_BPE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/models/merge_cuts.h"
#include "tokenizer/models/merge_table.h"
#include "tokenizer/models/model.h"
#include "tokenizer/models/vocabulary.h"

namespace infercore {

class ShortMerge;
struct BpeSymbol;
struct BpeTurnWord;
struct BpeWorkspace;

struct BpeOptions {
  std::optional<std::string> unk_token;  ///< stands for unknown characters; without it they go
  std::string prefix;                    ///< of every character of a word but the first
  std::string suffix;                    ///< of a word's last character
  bool fuse_unk = false;                 ///< unknown characters in a row become one token
  bool byte_fallback = false;            ///< unknown characters become tokens like <0x61>
  bool ignore_merges = false;            ///< a word that is a token is that token
  std::size_t first_new_id = 0;          ///< of tokens that are added; 0: behind all others
};

class Bpe : public Model {
 public:
  /// All symbols of `merges` must be indexes of the vocabulary, those that symbol_of() tells;
  /// MergeTable says in what order they stand. MergeTable::fits() must say yes.
  Bpe(Vocabulary vocabulary, const std::vector<BpeMerge>& merges, BpeOptions options);
  /// What load() reads. Only while `from` is ok.
  Bpe(Vocabulary vocabulary, BpeOptions options, TableReader& from);
  /// The symbol of a token of `vocabulary`, or kNoId: its index, and of tokens with one id that of
  /// the last.
  static std::uint32_t symbol_of(const Vocabulary& vocabulary, std::string_view token);

  std::unique_ptr<Workspace> workspace() const override;
  bool tokenize(std::string_view word, Workspace& workspace,
                std::vector<Token>& tokens) const override;
  bool tokenize_ids(std::string_view word, Workspace& workspace,
                    std::vector<std::uint32_t>& ids) const override;
  bool tokenize_words(std::span<const std::string_view> words, Workspace& workspace,
                      std::vector<std::uint32_t>& ids) const override;
  bool take_bytes() override;
  std::optional<std::uint32_t> token_to_id(std::string_view token) const override;
  std::optional<std::string_view> id_to_token(std::uint32_t id) const override;
  std::size_t vocab_size() const override {
    return std::max(vocabulary_.size(), options_.first_new_id);
  }
  std::size_t token_count() const override { return vocabulary_.size(); }
  std::optional<std::uint32_t> unk_id() const override;
  bool takes_everything() const override { return !options_.unk_token || unk_id().has_value(); }
  std::size_t bytes() const override;
  void save(TableWriter& to) const override;

 private:
  class Speller;
  using ByteSymbols = std::array<std::uint32_t, 256>;

  void find_symbols();
  bool has_affixes() const { return !options_.prefix.empty() || !options_.suffix.empty(); }
  std::uint32_t find_character(std::string_view character, bool first, bool last,
                               BpeWorkspace& buffers) const;
  std::uint32_t find_word(std::string_view word, BpeWorkspace& buffers) const;
  std::uint32_t symbol(std::string_view token) const { return symbol_of(vocabulary_, token); }
  void spell_bytes(std::string_view word, BpeSymbol* to) const;
  bool spell_text(std::string_view word, BpeWorkspace& buffers) const;
  bool spell(std::string_view word, BpeWorkspace& buffers) const;
  bool piece_ids(std::string_view piece, BpeWorkspace& buffers,
                 std::vector<std::uint32_t>& ids) const;
  bool pieces_ids(std::string_view word, BpeWorkspace& buffers,
                  std::vector<std::uint32_t>& ids) const;
  bool turn(std::span<const std::string_view> words, BpeWorkspace& buffers,
            std::vector<std::uint32_t>& ids) const;
  std::size_t look(std::span<const std::string_view> words, std::size_t begin,
                   BpeWorkspace& buffers) const;
  void merge(std::span<const std::string_view> words, BpeWorkspace& buffers) const;
  bool begin_merge(std::string_view word, BpeWorkspace& buffers, ShortMerge& merge) const;
  bool take(std::string_view word, const BpeTurnWord& place, BpeWorkspace& buffers,
            std::vector<std::uint32_t>& ids) const;
  bool word_ids(std::string_view word, BpeWorkspace& buffers,
                std::vector<std::uint32_t>& ids) const;

  Vocabulary vocabulary_;
  MergeTable merges_;
  BpeOptions options_;
  std::uint32_t unk_ = Vocabulary::kNoId;  ///< a symbol
  bool keeps_promises_ = false;            ///< see Merger::run
  bool takes_bytes_ = false;
  /// Words come as text: symbols of ASCII characters. As bytes: symbols of all bytes, first those
  /// inside a word, then the word's first, its last, its only one.
  std::vector<ByteSymbols> starts_;
  ByteSymbols byte_tokens_{};  ///< of "<0x00>" … "<0xFF>"
  MergeCuts cuts_;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_BPE_H_
