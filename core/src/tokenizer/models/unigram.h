// The unigram language model (Kudo, 2018): of all ways to cut a word into pieces of the vocabulary
// the one whose scores have the greatest sum, found by Viterbi's algorithm.
#ifndef INFERCORE_TOKENIZER_MODELS_UNIGRAM_H_
#define INFERCORE_TOKENIZER_MODELS_UNIGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/models/model.h"
#include "tokenizer/table.h"
#include "tokenizer/trie.h"

namespace infercore {

struct UnigramPiece {
  enum class Use : std::uint8_t {
    kSearched,
    kSet,    ///< searched, with a score that says nothing about unknown characters
    kNamed,  ///< an id with a name, which texts never hold
  };

  std::string_view text;
  double score;
  Use use = Use::kSearched;
};

class Unigram : public Model {
 public:
  /// `unk_id` must be an index of `pieces`. The texts may be given up afterwards.
  /// `single_precision`: sums are rounded as SentencePiece's are, which decides where two ways are
  /// nearly as good.
  Unigram(const std::vector<UnigramPiece>& pieces, std::optional<std::uint32_t> unk_id,
          bool byte_fallback, bool single_precision = false);

  /// What load() reads. Only while `from` is ok.
  Unigram(TableReader& from, std::optional<std::uint32_t> unk_id, bool byte_fallback);

  std::unique_ptr<Workspace> workspace() const override;
  bool tokenize(std::string_view word, Workspace& workspace,
                std::vector<Token>& tokens) const override;
  bool tokenize_ids(std::string_view word, Workspace& workspace,
                    std::vector<std::uint32_t>& ids) const override;
  std::optional<std::uint32_t> token_to_id(std::string_view token) const override;
  std::optional<std::string_view> id_to_token(std::uint32_t id) const override;
  std::size_t vocab_size() const override { return ends_.size(); }
  std::size_t token_count() const override { return token_count_; }
  std::optional<std::uint32_t> unk_id() const override { return unk_id_; }
  std::size_t bytes() const override;
  void save(TableWriter& to) const override;

 private:
  template <bool single>
  class Search;

  std::uint32_t find(std::string_view token) const;
  void find_bytes();

  std::string_view text_of(std::size_t id) const {
    const std::size_t begin = id == 0 ? 0 : ends_[id - 1];
    return {texts_.data() + begin, ends_[id] - begin};
  }

  Table<char> texts_;          ///< of all pieces, one behind the other
  Table<std::uint32_t> ends_;  ///< where each ends
  Trie trie_;
  Trie names_;  ///< of pieces that are not searched
  std::size_t token_count_ = 0;
  std::optional<std::uint32_t> unk_id_;
  double unk_score_ = 0;
  bool byte_fallback_;
  bool single_precision_;
  std::array<std::uint32_t, 256>
      byte_ids_{};  ///< of "<0x00>" … "<0xFF>"; Trie::kNoId where there is none
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_UNIGRAM_H_
