// The class Tokenizer as JavaScript holds it (TokenizerHandle of the binding).
#ifndef INFERCORE_NATIVE_TOKENIZER_H_
#define INFERCORE_NATIVE_TOKENIZER_H_

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "infercore/status.h"
#include "infercore/tokenizer.h"

namespace infercore::native {

class TokenizerHandle : public Napi::ObjectWrap<TokenizerHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object make(Napi::Env env, Tokenizer tokenizer);
  explicit TokenizerHandle(const Napi::CallbackInfo& info);

  /// nullptr once deleted.
  const Tokenizer* tokenizer() const { return tokenizer_ ? &*tokenizer_ : nullptr; }

 private:
  Napi::Value encode(const Napi::CallbackInfo& info);
  Napi::Value encode_ids(const Napi::CallbackInfo& info);
  Napi::Value encode_batch(const Napi::CallbackInfo& info);
  Napi::Value count_tokens(const Napi::CallbackInfo& info);
  Napi::Value decode(const Napi::CallbackInfo& info);
  Napi::Value token_to_id(const Napi::CallbackInfo& info);
  Napi::Value id_to_token(const Napi::CallbackInfo& info);
  Napi::Value with_tokens(const Napi::CallbackInfo& info);
  Napi::Value compile(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);

  /// Reads (text, pair, …) into text_ and pair_.
  Status read_texts(const Napi::CallbackInfo& info);
  std::optional<TextView> pair_view() const;

  std::optional<Tokenizer> tokenizer_;
  // Kept between calls: no allocation for a text that is no longer than one before.
  std::u16string text_;
  std::u16string pair_;
  bool has_pair_ = false;
  std::vector<std::uint32_t> ids_;
};

/// The tokenizer that `handle` holds now; deleting the handle later does not matter to it. Errors:
/// INVALID_INPUT for another object, DISPOSED.
Result<Tokenizer> tokenizer_of(Napi::Value handle);

/// loadTokenizer() of the binding.
Napi::Value load_tokenizer(const Napi::CallbackInfo& info);
/// The same on the calling thread. NativeBinding.loadTokenizerSync.
Napi::Value load_tokenizer_sync(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_TOKENIZER_H_
