// A tokenizer that JavaScript holds.
#ifndef INFERCORE_WASM_SRC_TOKENIZER_H_
#define INFERCORE_WASM_SRC_TOKENIZER_H_

#include <emscripten/val.h>

#include <cstdint>
#include <utility>

#include "infercore/tokenizer.h"

namespace infercore::wasm {

using emscripten::val;

/// TokenizerHandle of js/src/binding.ts; texts are strings, `pair` a string or undefined.
class TokenizerHandle {
 public:
  explicit TokenizerHandle(Tokenizer tokenizer) : tokenizer_(std::move(tokenizer)) {}
  const Tokenizer& get() const { return tokenizer_; }

  val encode(const val& text, const val& pair, const val& options) const;
  val encode_ids(const val& text, const val& pair, const val& options) const;
  val encode_batch(const val& texts, const val& pairs, const val& options,
                   bool with_type_ids) const;
  val count_tokens(const val& text, bool add_special_tokens) const;
  val decode(const val& ids, bool skip_special_tokens) const;
  val token_to_id(const val& token) const;
  val id_to_token(std::uint32_t id) const;
  val with_tokens(const val& tokens) const;
  val compile() const;
  val info() const;

 private:
  Tokenizer tokenizer_;
};

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_TOKENIZER_H_
