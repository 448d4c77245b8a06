// The stage that cuts a normalised text into words, for the model to take one by one.
//
// A new kind is one file here and one row in pre_tokenizer.cc.
#ifndef INFERCORE_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
#define INFERCORE_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tokenizer/component.h"
#include "tokenizer/normalized_text.h"

namespace infercore {

/// A part of a text that goes on as one.
struct Split {
  /// Marks a part that the model tokenizes; otherwise the part is one added token.
  static constexpr std::uint32_t kWord = 0xFFFFFFFF;

  std::uint32_t begin;  ///< bytes of the text
  std::uint32_t end;
  std::uint32_t token;           ///< kWord, or the id of an added token
  std::uint32_t original_start;  ///< code unit of the original text, when aligned
};

struct Splits {
  explicit Splits(bool aligned) : text(aligned) {}

  NormalizedText text;
  std::vector<Split> list;  ///< none of them empty
  /// Bytes of the added tokens found in the normalised text. They may overlap: a run of white space
  /// may belong to each token in it.
  std::size_t covered = 0;

  void clear() noexcept {
    text.clear();
    list.clear();
  }

  /// Adds a word, or an added token, unless it is empty.
  void add(std::size_t begin, std::size_t end, std::uint32_t token = Split::kWord) {
    if (begin == end) return;
    list.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), token,
                    text.origin_at(begin).start});
  }
};

class PreTokenizer {
 public:
  PreTokenizer() = default;
  PreTokenizer(const PreTokenizer&) = delete;
  PreTokenizer& operator=(const PreTokenizer&) = delete;
  virtual ~PreTokenizer() = default;

  /// Cuts the words of `splits` further (and may rewrite them); added tokens stay as they are.
  /// `spare` is room to work in, its contents are lost. Any number of threads may call it at once.
  virtual void apply(Splits& splits, Splits& spare) const = 0;

  /// Is its last step to write bytes in the visible alphabet (byte_alphabet.h)?
  virtual bool writes_bytes() const { return false; }
  /// Leaves that step out from now on: the model takes bytes as they are.
  virtual void leave_bytes() {}

  /// True when the result depends on where in the original text a word starts, so that ids need
  /// alignment too.
  virtual bool needs_origins() const { return false; }
};

/// Puts in place of each word what `cut(split)` adds to `splits`; added tokens stay.
template <typename Cut>
void cut_words(Splits& splits, Splits& spare, const Cut& cut) {
  spare.list.swap(splits.list);
  splits.list.clear();
  for (const Split& split : spare.list) {
    if (split.token == Split::kWord) {
      cut(split);
    } else {
      splits.list.push_back(split);
    }
  }
}

/// Reads a component of the stage; nullptr with a fault when it can't.
std::unique_ptr<PreTokenizer> read_pre_tokenizer(JsonValue value, Faults& faults);

// One for each kind.
std::unique_ptr<PreTokenizer> read_bert_pre_tokenizer(const Fields& fields);
std::unique_ptr<PreTokenizer> read_byte_level(const Fields& fields);
std::unique_ptr<PreTokenizer> read_char_delimiter_split(const Fields& fields);
std::unique_ptr<PreTokenizer> read_digits(const Fields& fields);
std::unique_ptr<PreTokenizer> read_fixed_length(const Fields& fields);
std::unique_ptr<PreTokenizer> read_metaspace(const Fields& fields);
std::unique_ptr<PreTokenizer> read_pre_tokenizer_sequence(const Fields& fields);
std::unique_ptr<PreTokenizer> read_punctuation(const Fields& fields);
std::unique_ptr<PreTokenizer> read_split(const Fields& fields);
std::unique_ptr<PreTokenizer> read_unicode_scripts(const Fields& fields);
std::unique_ptr<PreTokenizer> read_whitespace(const Fields& fields);
std::unique_ptr<PreTokenizer> read_whitespace_split(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_PRE_TOKENIZERS_PRE_TOKENIZER_H_
