#include "tokenizer.h"

#include <span>
#include <string_view>
#include <utility>

#include "addon.h"
#include "encode.h"
#include "entry.h"
#include "handle.h"
#include "infercore/fault_list.h"
#include "large_memory.h"
#include "marshal.h"
#include "operation.h"
#include "status.h"

namespace infercore::native {
namespace {

Status deleted() { return {Code::kDisposed, "the tokenizer was disposed"}; }

class LoadTokenizer : public Work {
 public:
  LoadTokenizer(std::span<const std::uint8_t> bytes, std::string config)
      : Work("loading the tokenizer"), config_(std::move(config)) {
    if (Tokenizer::is_compiled(bytes)) {
      blob_ = copy_to_large_memory(bytes);
    } else {
      file_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
  }

 private:
  Status perform() override {
    Result<Tokenizer> made = blob_ ? Tokenizer::from_compiled(*std::exchange(blob_, std::nullopt))
                                   : Tokenizer::from_bytes(file_, config_);
    file_.clear();
    if (!made.ok()) return made.status();
    tokenizer_ = *std::move(made);
    return {};
  }
  Napi::Value value(Napi::Env env) override {
    return TokenizerHandle::make(env, *std::move(tokenizer_));
  }

  std::string file_;
  std::string config_;
  std::optional<Blob> blob_;
  std::optional<Tokenizer> tokenizer_;
};

Result<std::vector<AddedToken>> read_added_tokens(napi_env env, napi_value list) {
  std::vector<AddedToken> tokens;
  Status wrong;
  const bool is_list = each_element(env, list, [&](std::uint32_t i, napi_value value) {
    if (!wrong.ok()) return;
    Fields fields(env, value, element_path("tokens", i));
    AddedToken& token = tokens.emplace_back();
    fields.read("content", token.content);
    fields.read("singleWord", token.single_word);
    fields.read("lstrip", token.lstrip);
    fields.read("rstrip", token.rstrip);
    fields.read("normalized", token.normalized);
    fields.read("special", token.special);
    wrong = fields.status();
  });
  if (!is_list) return Status(Code::kInvalidInput, "expected an array of tokens");
  if (!wrong.ok()) return wrong;
  return tokens;
}

}  // namespace

Result<Tokenizer> tokenizer_of(Napi::Value handle) {
  const auto* opened = open_handle<TokenizerHandle>(handle, HandleKind::kTokenizer);
  if (opened == nullptr) return wrong_handle(HandleKind::kTokenizer);
  if (opened->tokenizer() == nullptr) return deleted();
  return *opened->tokenizer();
}

Napi::Value load_tokenizer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = to_span<std::uint8_t>(env, info[0]);
  if (!bytes) {
    return settled(env, failure(env, {Code::kInvalidInput,
                                      "expected the bytes of a tokenizer's file as a Uint8Array"}));
  }
  std::string config = to_utf8(env, info[1]).value_or("");
  return start(env, std::make_shared<LoadTokenizer>(*bytes, std::move(config)));
}

Napi::Value load_tokenizer_sync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto bytes = to_span<std::uint8_t>(env, info[0]);
  if (!bytes) {
    return failure(env,
                   {Code::kInvalidInput, "expected the bytes of a tokenizer.json as a Uint8Array"});
  }
  const std::string_view json(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  Result<Tokenizer> made = Tokenizer::is_compiled(*bytes)
                               ? Tokenizer::from_compiled(copy_to_large_memory(*bytes))
                               : Tokenizer::from_json(json);
  if (!made.ok()) return failure(env, made.status());
  return success(env, TokenizerHandle::make(env, *std::move(made)));
}

Napi::Function TokenizerHandle::define(Napi::Env env) {
  return DefineClass(
      env, "Tokenizer",
      {method<&TokenizerHandle::encode>("encode"),
       method<&TokenizerHandle::encode_ids>("encodeIds"),
       method<&TokenizerHandle::encode_batch>("encodeBatch"),
       method<&TokenizerHandle::count_tokens>("countTokens"),
       method<&TokenizerHandle::decode>("decode"),
       plain_method<&TokenizerHandle::token_to_id>("tokenToId"),
       plain_method<&TokenizerHandle::id_to_token>("idToToken"),
       method<&TokenizerHandle::with_tokens>("withTokens"),
       method<&TokenizerHandle::compile>("compile"), plain_method<&TokenizerHandle::info>("info"),
       plain_method<&TokenizerHandle::free>("delete")});
}

Napi::Object TokenizerHandle::make(Napi::Env env, Tokenizer tokenizer) {
  return Factory<std::optional<Tokenizer>>::make(Addon::of(env).tokenizer, std::move(tokenizer));
}

TokenizerHandle::TokenizerHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), tokenizer_(Factory<std::optional<Tokenizer>>::take()) {
  tag_handle(info.This(), HandleKind::kTokenizer);
}

Status TokenizerHandle::read_texts(const Napi::CallbackInfo& info) {
  if (!tokenizer_) return deleted();
  if (!to_utf16(info.Env(), info[0], text_)) {
    return {Code::kInvalidInput, "expected the text to be a string"};
  }
  has_pair_ = !info[1].IsUndefined();
  if (has_pair_ && !to_utf16(info.Env(), info[1], pair_)) {
    return {Code::kInvalidInput, "expected the pair to be a string"};
  }
  return {};
}

std::optional<TextView> TokenizerHandle::pair_view() const {
  if (!has_pair_) return std::nullopt;
  return TextView(std::u16string_view(pair_));
}

Napi::Value TokenizerHandle::encode(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  // The options first: a getter among them may run JavaScript that uses this very tokenizer.
  const Result<EncodeOptions> options = read_encode_options(env, info[2]);
  if (!options.ok()) return failure(env, options.status());
  if (Status status = read_texts(info); !status.ok()) return failure(env, status);
  const auto encoding = tokenizer_->encode(std::u16string_view(text_), pair_view(), *options);
  return encoding.ok() ? success(env, encoding_to_js(env, *encoding))
                       : failure(env, encoding.status());
}

Napi::Value TokenizerHandle::encode_ids(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Result<EncodeOptions> options = read_encode_options(env, info[2]);
  if (!options.ok()) return failure(env, options.status());
  options->counts_dropped = false;
  if (Status status = read_texts(info); !status.ok()) return failure(env, status);
  ids_.clear();
  const auto dropped =
      tokenizer_->encode_ids(std::u16string_view(text_), pair_view(), *options, ids_);
  return dropped.ok() ? success(env, copy_array<std::uint32_t>(env, ids_))
                      : failure(env, dropped.status());
}

Napi::Value TokenizerHandle::encode_batch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!tokenizer_) return failure(env, deleted());
  Result<EncodeBatch> batch = EncodeBatch::read(*tokenizer_, info[0], info[1], info[2], info[3]);
  if (!batch.ok()) return failure(env, batch.status());
  Result<EncodingBatch> encodings = batch->encode();
  return encodings.ok() ? success(env, encoding_batch_to_js(env, *std::move(encodings)))
                        : failure(env, encodings.status());
}

Napi::Value TokenizerHandle::count_tokens(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!tokenizer_) return failure(env, deleted());
  if (!to_utf16(env, info[0], text_)) {
    return failure(env, {Code::kInvalidInput, "expected the text to be a string"});
  }
  const auto count = tokenizer_->count_tokens(std::u16string_view(text_), to_bool(env, info[1]));
  return count.ok() ? success(env, Napi::Number::New(env, static_cast<double>(*count)))
                    : failure(env, count.status());
}

Napi::Value TokenizerHandle::decode(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto ids = to_span<std::uint32_t>(env, info[0]);
  if (!tokenizer_) return failure(env, deleted());
  if (!ids) return failure(env, {Code::kInvalidInput, "expected the ids as a Uint32Array"});
  const Result<std::string> text = tokenizer_->decode(*ids, to_bool(env, info[1]));
  return text.ok() ? success(env, Napi::String::New(env, *text)) : failure(env, text.status());
}

Napi::Value TokenizerHandle::token_to_id(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto token = to_utf8(env, info[0]);
  if (!tokenizer_ || !token) return env.Undefined();
  const auto id = tokenizer_->token_to_id(*token);
  return id ? Napi::Number::New(env, *id) : env.Undefined();
}

Napi::Value TokenizerHandle::id_to_token(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  double id = -1;
  if (!tokenizer_ || napi_get_value_double(env, info[0], &id) != napi_ok) return env.Undefined();
  if (!(id >= 0 && id <= 4294967295.0)) return env.Undefined();
  const auto token = tokenizer_->id_to_token(static_cast<std::uint32_t>(id));
  return token ? Napi::String::New(env, std::string(*token)) : env.Undefined();
}

Napi::Value TokenizerHandle::with_tokens(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Result<std::vector<AddedToken>> tokens = read_added_tokens(env, info[0]);
  if (!tokens.ok()) return failure(env, tokens.status());
  if (!tokenizer_) return failure(env, deleted());
  Result<Tokenizer> larger = tokenizer_->with_tokens(*tokens);
  return larger.ok() ? success(env, make(env, *std::move(larger))) : failure(env, larger.status());
}

Napi::Value TokenizerHandle::compile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!tokenizer_) return failure(env, deleted());
  const Result<std::vector<std::uint8_t>> bytes = tokenizer_->compile();
  return bytes.ok() ? success(env, copy_array<std::uint8_t>(env, *bytes))
                    : failure(env, bytes.status());
}

Napi::Value TokenizerHandle::info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!tokenizer_) return env.Undefined();
  return tokenizer_info_to_js(env, *tokenizer_);
}

Napi::Value TokenizerHandle::free(const Napi::CallbackInfo& info) {
  tokenizer_.reset();
  return info.Env().Undefined();
}

}  // namespace infercore::native
