// What goes into a tokenizer and what comes out, between JavaScript's objects and the core's.
#ifndef INFERCORE_NATIVE_ENCODE_H_
#define INFERCORE_NATIVE_ENCODE_H_

#include <napi.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infercore/encoding.h"
#include "infercore/encoding_batch.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"

namespace infercore::native {

/// EncodeData of the binding.
Result<EncodeOptions> read_encode_options(napi_env env, napi_value value);

/// EncodingData, EncodingBatchData, TokenizerInfoData of the binding.
Napi::Object encoding_to_js(Napi::Env env, const Encoding& encoding);
Napi::Object encoding_batch_to_js(Napi::Env env, EncodingBatch batch);
Napi::Object tokenizer_info_to_js(Napi::Env env, const Tokenizer& tokenizer);

/// A list of strings with their units as they are, many in one piece of memory: a list is read
/// while no other thread has work yet. Moving it keeps its views valid.
class Texts {
 public:
  /// Errors: INVALID_INPUT with a fault "<what>[i]" for each element that is no string.
  static Result<Texts> read(Napi::Env env, napi_value value, const char* what);
  const std::vector<TextView>& views() const { return views_; }

 private:
  bool add(napi_env env, napi_value text);
  void begin_piece(std::size_t units);

  std::vector<std::unique_ptr<char16_t[]>> pieces_;
  char16_t* free_ = nullptr;  ///< of the last piece, with room for `room_` units
  std::size_t room_ = 0;
  std::vector<TextView> views_;
};

/// The arguments of encodeBatch().
class EncodeBatch {
 public:
  static Result<EncodeBatch> read(Tokenizer tokenizer, Napi::Value texts, Napi::Value pairs,
                                  Napi::Value options, Napi::Value with_type_ids);
  Result<EncodingBatch> encode(const Interrupt& interrupt = {}) const;

 private:
  EncodeBatch(Tokenizer tokenizer, Texts texts, EncodeOptions options, BatchFields fields);
  Status read_pairs(Napi::Env env, napi_value value);

  Tokenizer tokenizer_;
  Texts texts_;
  std::vector<std::optional<std::u16string>> pairs_;
  EncodeOptions options_;
  BatchFields fields_;
};

/// encodeBatchAsync() of the binding.
Napi::Value encode_batch_async(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_ENCODE_H_
