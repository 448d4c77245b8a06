#include "tokenizer.h"

#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>

#include "encode_options.h"
#include "infercore/blob.h"
#include "infercore/encoding_batch.h"
#include "marshal.h"
#include "status.h"
#include "threads.h"

namespace infercore::wasm {
namespace {

val offsets_of(const Encoding& encoding) {
  std::vector<std::uint32_t> flat;
  flat.reserve(2 * encoding.offsets.size());
  for (const auto& [start, end] : encoding.offsets) {
    flat.push_back(start);
    flat.push_back(end);
  }
  return copy_out(flat);
}

val value_of_encoding(const Encoding& encoding) {
  val object = val::object();
  object.set("ids", copy_out(encoding.ids));
  object.set("typeIds", copy_out(encoding.type_ids));
  object.set("attentionMask", copy_out(encoding.attention_mask));
  object.set("specialTokensMask", copy_out(encoding.special_tokens_mask));
  val tokens = val::array();
  for (const std::string& token : encoding.tokens) tokens.call<void>("push", text_out(token));
  object.set("tokens", tokens);
  object.set("offsets", offsets_of(encoding));
  object.set("wordIds", copy_out(encoding.word_ids));
  object.set("sequenceIds", copy_out(encoding.sequence_ids));
  val overflowing = val::array();
  for (const Encoding& part : encoding.overflowing) {
    overflowing.call<void>("push", value_of_encoding(part));
  }
  object.set("overflowing", overflowing);
  return object;
}

val value_of_batch(const EncodingBatch& batch) {
  val object = val::object();
  object.set("ids", copy_out(batch.ids));
  object.set("rows", copy_out(batch.rows));
  object.set("typeIds", copy_out(batch.type_ids));
  object.set("attentionMask", copy_out(batch.attention_mask));
  return object;
}

val value_of_info(const Tokenizer& tokenizer) {
  const TokenizerInfo& info = tokenizer.info();
  val object = val::object();
  object.set("model", info.model);
  val components = val::array();
  for (const std::string& component : info.components) components.call<void>("push", component);
  object.set("components", components);
  object.set("bytes", info.bytes);
  object.set("warnings", warnings_of(info.warnings));
  object.set("vocabSize", tokenizer.vocab_size());
  const std::optional<std::uint32_t> unk = tokenizer.unk_id();
  object.set("unkId", unk ? val(*unk) : val::undefined());
  object.set("truncation", value_of(tokenizer.truncation()));
  object.set("padding", value_of(tokenizer.padding()));
  return object;
}

AddedToken added_token_of(const val& data) {
  return {text_in(data["content"]),  data["singleWord"].as<bool>(), data["lstrip"].as<bool>(),
          data["rstrip"].as<bool>(), data["normalized"].as<bool>(), data["special"].as<bool>()};
}

val handle_of(const Tokenizer& tokenizer) {
  return val(std::make_shared<TokenizerHandle>(tokenizer));
}

val load_tokenizer(const val& file, const val& config) {
  return guarded([&] {
    // Where a compiled tokenizer may keep its bytes.
    const auto size = file["length"].as<std::size_t>();
    std::shared_ptr<std::uint8_t> memory = Blob::allocate(size);
    if (size > 0) {
      val(emscripten::typed_memory_view(size, memory.get())).call<void>("set", file);
    }
    if (Tokenizer::is_compiled({memory.get(), size})) {
      return outcome(Tokenizer::from_compiled(Blob::of(std::move(memory), size)), handle_of);
    }
    const std::string_view bytes(reinterpret_cast<const char*>(memory.get()), size);
    const std::string said = config.isString() ? text_in(config) : std::string();
    return outcome(Tokenizer::from_bytes(bytes, said), handle_of);
  });
}

}  // namespace

val TokenizerHandle::encode(const val& text, const val& pair, const val& options) const {
  return guarded([&] {
    const OptionalText first(text);
    const OptionalText second(pair);
    return outcome(tokenizer_.encode(*first.view(), second.view(), encode_options(options)),
                   value_of_encoding);
  });
}

val TokenizerHandle::encode_ids(const val& text, const val& pair, const val& options) const {
  return guarded([&] {
    const OptionalText first(text);
    const OptionalText second(pair);
    EncodeOptions settings = encode_options(options);
    settings.counts_dropped = false;
    std::vector<std::uint32_t> ids;
    const Result<std::size_t> dropped =
        tokenizer_.encode_ids(*first.view(), second.view(), settings, ids);
    return outcome(dropped, [&](std::size_t /*count*/) { return copy_out(ids); });
  });
}

val TokenizerHandle::encode_batch(const val& texts, const val& pairs, const val& options,
                                  bool with_type_ids) const {
  return guarded([&] {
    const Texts first(texts);
    const Texts second(pairs);
    return outcome(
        infercore::encode_batch(
            tokenizer_, first.views(), second.optional_views(), encode_options(options),
            with_type_ids ? BatchFields::kIdsAndTypeIds : BatchFields::kIds, {}, threads()),
        value_of_batch);
  });
}

val TokenizerHandle::count_tokens(const val& text, bool add_special_tokens) const {
  return guarded([&] {
    const OptionalText first(text);
    return outcome(tokenizer_.count_tokens(*first.view(), add_special_tokens),
                   [](std::size_t count) { return val(count); });
  });
}

val TokenizerHandle::decode(const val& ids, bool skip_special_tokens) const {
  return guarded([&] {
    return outcome(tokenizer_.decode(copy_in<std::uint32_t>(ids), skip_special_tokens),
                   [](const std::string& text) { return text_out(text); });
  });
}

val TokenizerHandle::token_to_id(const val& token) const {
  return plainly_guarded([&] {
    const std::optional<std::uint32_t> id = tokenizer_.token_to_id(text_in(token));
    return id ? val(*id) : val::undefined();
  });
}

val TokenizerHandle::id_to_token(std::uint32_t id) const {
  return plainly_guarded([&] {
    const std::optional<std::string_view> token = tokenizer_.id_to_token(id);
    return token ? text_out(*token) : val::undefined();
  });
}

val TokenizerHandle::with_tokens(const val& tokens) const {
  return guarded([&] {
    std::vector<AddedToken> list;
    const auto length = tokens["length"].as<std::size_t>();
    for (std::size_t i = 0; i < length; ++i) list.push_back(added_token_of(tokens[i]));
    return outcome(tokenizer_.with_tokens(list), handle_of);
  });
}

val TokenizerHandle::compile() const {
  return guarded([&] {
    return outcome(tokenizer_.compile(),
                   [](const std::vector<std::uint8_t>& bytes) { return copy_out(bytes); });
  });
}

val TokenizerHandle::info() const {
  return plainly_guarded([&] { return value_of_info(tokenizer_); });
}

EMSCRIPTEN_BINDINGS(tokenizer) {
  emscripten::class_<TokenizerHandle>("TokenizerHandle")
      .smart_ptr<std::shared_ptr<TokenizerHandle>>("TokenizerHandlePointer")
      .function("encode", &TokenizerHandle::encode)
      .function("encodeIds", &TokenizerHandle::encode_ids)
      .function("encodeBatch", &TokenizerHandle::encode_batch)
      .function("countTokens", &TokenizerHandle::count_tokens)
      .function("decode", &TokenizerHandle::decode)
      .function("tokenToId", &TokenizerHandle::token_to_id)
      .function("idToToken", &TokenizerHandle::id_to_token)
      .function("withTokens", &TokenizerHandle::with_tokens)
      .function("compile", &TokenizerHandle::compile)
      .function("info", &TokenizerHandle::info);
  emscripten::function("loadTokenizer", load_tokenizer);
}

}  // namespace infercore::wasm
