// The stage that turns one word into tokens.
//
// A new kind is one file here and one row in model.cc.
#ifndef INFERCORE_TOKENIZER_MODELS_MODEL_H_
#define INFERCORE_TOKENIZER_MODELS_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/component.h"

namespace infercore {

/// One token of a word.
struct Token {
  std::uint32_t id;
  std::uint32_t begin;  ///< bytes of the word that it covers
  std::uint32_t end;
  /// True: the token's text is that of its id in the vocabulary. False: it is what it covers.
  bool vocabulary_text;
};

class Model {
 public:
  /// What is kept from word to word and from text to text: buffers, and the ids of words met
  /// before; nothing that another result would come of. Not for two threads at once.
  class Workspace {
   public:
    Workspace() = default;
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    virtual ~Workspace() = default;

    std::size_t unknown_at = 0;    ///< byte of the word where tokenize() gave up
    std::size_t unknown_word = 0;  ///< where tokenize_words() gave up
  };

  Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  virtual ~Model() = default;

  virtual std::unique_ptr<Workspace> workspace() const = 0;

  /// Appends the tokens of `word` (valid UTF-8, not empty). False where something is unknown and
  /// there is no token for that: `workspace.unknown_at` says where.
  [[nodiscard]] virtual bool tokenize(std::string_view word, Workspace& workspace,
                                      std::vector<Token>& tokens) const = 0;
  /// The ids alone, equal to tokenize's.
  [[nodiscard]] virtual bool tokenize_ids(std::string_view word, Workspace& workspace,
                                          std::vector<std::uint32_t>& ids) const = 0;

  /// The ids of words in a row. Where something is unknown, `workspace.unknown_word` is the word.
  [[nodiscard]] virtual bool tokenize_words(std::span<const std::string_view> words,
                                            Workspace& workspace,
                                            std::vector<std::uint32_t>& ids) const;

  /// Asks the model to take words as plain bytes from now on, where they would come in the visible
  /// alphabet (byte_alphabet.h); the tokens stay the same. False where it can't.
  virtual bool take_bytes() { return false; }

  virtual std::optional<std::uint32_t> token_to_id(std::string_view token) const = 0;
  virtual std::optional<std::string_view> id_to_token(std::uint32_t id) const = 0;
  /// How many ids there are: new tokens get the ones behind.
  virtual std::size_t vocab_size() const = 0;
  /// How many different tokens there are.
  virtual std::size_t token_count() const = 0;
  virtual std::optional<std::uint32_t> unk_id() const = 0;
  /// Can tokenize() never answer false?
  virtual bool takes_everything() const { return unk_id().has_value(); }
  /// Memory of its tables.
  virtual std::size_t bytes() const = 0;
  virtual void save(TableWriter& to) const = 0;
};

/// Reads "model"; nullptr with a fault when it can't. `type` becomes the name of the kind, guessed
/// where older files do not tell it.
std::unique_ptr<Model> read_model(JsonValue value, Faults& faults, std::string_view& type);

// One for each kind.
std::unique_ptr<Model> read_bpe(const Fields& fields);
std::unique_ptr<Model> read_unigram(const Fields& fields);
std::unique_ptr<Model> read_word_level(const Fields& fields);
std::unique_ptr<Model> read_word_piece(const Fields& fields);

/// The model whose tables save() has written; `value` is all else of it, with its type. nullptr
/// with a fault in either where it can't.
std::unique_ptr<Model> load_model(JsonValue value, Faults& faults, TableReader& from);

std::unique_ptr<Model> load_bpe(const Fields& fields, TableReader& from);
std::unique_ptr<Model> load_unigram(const Fields& fields, TableReader& from);
std::unique_ptr<Model> load_word_level(const Fields& fields, TableReader& from);
std::unique_ptr<Model> load_word_piece(const Fields& fields, TableReader& from);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_MODEL_H_
