// The first stage that rewrites: a text to its normal form.
//
// A new kind is one file here and one row in normalizer.cc.
#ifndef INFERCORE_TOKENIZER_NORMALIZERS_NORMALIZER_H_
#define INFERCORE_TOKENIZER_NORMALIZERS_NORMALIZER_H_

#include <cstddef>
#include <memory>

#include "tokenizer/compiled.h"
#include "tokenizer/component.h"
#include "tokenizer/normalized_text.h"

namespace infercore {

class Normalizer {
 public:
  Normalizer() = default;
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;
  virtual ~Normalizer() = default;

  /// Rewrites `text`; `spare` is room to work in, its contents are lost. Where the result would
  /// pass text.limit, or a pattern takes too long, text.overflowed is set. Any number of threads
  /// may call it at once.
  virtual void apply(NormalizedText& text, NormalizedText& spare) const = 0;

  /// Makes the text of an added token what is looked for in the texts that apply() made.
  virtual void apply_to_token(NormalizedText& text, NormalizedText& spare) const {
    apply(text, spare);
  }

  /// Memory that it holds beyond a few dozen bytes.
  virtual std::size_t bytes() const { return 0; }
  /// Writes what its JSON does not say, for a compiled tokenizer.
  virtual void save(TableWriter& /*to*/) const {}
};

/// Reads a component of the stage; nullptr with a fault when it can't.
std::unique_ptr<Normalizer> read_normalizer(JsonValue value, Faults& faults);

// One for each kind.
std::unique_ptr<Normalizer> read_bert_normalizer(const Fields& fields);
std::unique_ptr<Normalizer> read_nfc(const Fields& fields);
std::unique_ptr<Normalizer> read_nfd(const Fields& fields);
std::unique_ptr<Normalizer> read_nfkc(const Fields& fields);
std::unique_ptr<Normalizer> read_nfkd(const Fields& fields);
std::unique_ptr<Normalizer> read_byte_level_normalizer(const Fields& fields);
std::unique_ptr<Normalizer> read_lowercase(const Fields& fields);
std::unique_ptr<Normalizer> read_nmt(const Fields& fields);
std::unique_ptr<Normalizer> read_precompiled(const Fields& fields);
std::unique_ptr<Normalizer> read_prepend(const Fields& fields);
std::unique_ptr<Normalizer> read_replace(const Fields& fields);
std::unique_ptr<Normalizer> read_normalizer_sequence(const Fields& fields);
std::unique_ptr<Normalizer> read_strip(const Fields& fields);
std::unique_ptr<Normalizer> read_strip_accents(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_NORMALIZERS_NORMALIZER_H_
