// SentencePiece's own normalizer: its compiled rules, then spaces made visible. The parts of a text
// are replaced by the longest rule that fits, as SentencePiece itself does it; Precompiled is what
// Hugging Face's tokenizers make of the same rules, which answers otherwise for some texts.
#ifndef INFERCORE_TOKENIZER_NORMALIZERS_SENTENCE_PIECE_H_
#define INFERCORE_TOKENIZER_NORMALIZERS_SENTENCE_PIECE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/component.h"
#include "tokenizer/formats/sentence_piece_file.h"
#include "tokenizer/normalizers/charsmap.h"
#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/trie.h"

namespace infercore {

class SentencePieceNormalizer : public Normalizer {
 public:
  /// `kept`: what stays as it is wherever it stands, whatever the rules say. NOT_A_TOKENIZER,
  /// LIMIT_EXCEEDED for rules that can't be read.
  static Status make(const SentencePieceRules& rules, const std::vector<std::string_view>& kept,
                     std::unique_ptr<Normalizer>& made);
  /// What save() has written; `fields` are the rules. nullptr with a fault in either where it
  /// can't.
  static std::unique_ptr<Normalizer> load(const Fields& fields, TableReader& from);

  void apply(NormalizedText& text, NormalizedText& spare) const override;
  void apply_to_token(NormalizedText& text, NormalizedText& spare) const override;
  std::size_t bytes() const override;
  void save(TableWriter& to) const override;

  /// What stands for a space.
  std::string_view space() const { return rules_.escape_whitespaces ? "\u2581" : " "; }

 private:
  struct Part {
    std::size_t length;  ///< bytes of the text
    std::string_view text;
    bool same;  ///< it stands for itself
  };

  /// The rules without their map.
  explicit SentencePieceNormalizer(const SentencePieceRules& rules) : rules_(rules) {
    rules_.charsmap = {};  // a view of what will be gone
  }
  Status read_map(std::string_view bytes);
  Part part_at(std::string_view text, std::size_t at) const;
  void write(const NormalizedText& from, NormalizedText& to) const;
  void drop_last_spaces(NormalizedText& text) const;

  SentencePieceRules rules_;
  std::optional<Charsmap> map_;
  Trie kept_;
  bool keeps_ = false;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_NORMALIZERS_SENTENCE_PIECE_H_
