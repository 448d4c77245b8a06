// WordPiece (Schuster and Nakajima, 2012): from a word's start always the longest token that fits;
// tokens for the rest of a word carry a prefix. A word with a place where none fits is unknown as a
// whole.
#ifndef INFERCORE_TOKENIZER_MODELS_WORD_PIECE_H_
#define INFERCORE_TOKENIZER_MODELS_WORD_PIECE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/models/model.h"
#include "tokenizer/models/vocabulary.h"
#include "tokenizer/trie.h"

namespace infercore {

class WordPiece : public Model {
 public:
  /// Words of more than `max_characters` are unknown.
  WordPiece(Vocabulary vocabulary, std::string_view unk_token, std::string_view prefix,
            std::uint64_t max_characters);

  /// What load() reads. Only while `from` is ok.
  WordPiece(TableReader& from, std::string_view unk_token, std::uint64_t max_characters);

  std::unique_ptr<Workspace> workspace() const override;
  bool tokenize(std::string_view word, Workspace& workspace,
                std::vector<Token>& tokens) const override;
  bool tokenize_ids(std::string_view word, Workspace& workspace,
                    std::vector<std::uint32_t>& ids) const override;
  std::optional<std::uint32_t> token_to_id(std::string_view token) const override;
  std::optional<std::string_view> id_to_token(std::uint32_t id) const override {
    return vocabulary_.text(id);
  }
  std::size_t vocab_size() const override { return vocabulary_.size(); }
  std::size_t token_count() const override { return vocabulary_.size(); }
  std::optional<std::uint32_t> unk_id() const override;
  std::size_t bytes() const override {
    return sizeof(*this) + vocabulary_.bytes() + starts_.bytes() + rests_.bytes();
  }
  void save(TableWriter& to) const override;

 private:
  /// Cuts a word; `sink(id, begin, end)` takes the pieces. False where no piece fits, at
  /// `unknown_at`.
  template <typename Sink>
  bool cut(std::string_view word, std::size_t& unknown_at, const Sink& sink) const;
  bool is_too_long(std::string_view word) const;

  Vocabulary vocabulary_;
  Trie starts_;  ///< all tokens, for the start of a word
  Trie rests_;   ///< those with the prefix, without it
  std::uint32_t unk_id_;
  std::uint64_t max_characters_;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_WORD_PIECE_H_
