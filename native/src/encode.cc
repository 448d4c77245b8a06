#include "encode.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "handle.h"
#include "infercore/fault_list.h"
#include "marshal.h"
#include "operation.h"
#include "status.h"
#include "threads.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

/// Small enough for memory that the process has used before: pages that are new to it cost more
/// than what is written there.
constexpr std::size_t kPieceUnits = std::size_t{1} << 15;

constexpr std::string_view kStrategies[] = {"longest_first", "only_first", "only_second"};
constexpr std::string_view kDirections[] = {"left", "right"};

void read_value(Fields& fields, Truncation& truncation) {
  fields.read("maxLength", truncation.max_length);
  fields.read_name("strategy", kStrategies, truncation.strategy);
  fields.read_name("direction", kDirections, truncation.direction);
  fields.read("stride", truncation.stride);
}

void read_value(Fields& fields, Padding& padding) {
  if (fields.get("length") != nullptr) {
    std::size_t length = 0;
    fields.read("length", length);
    padding.length = length;
  }
  fields.read("multipleOf", padding.multiple_of);
  fields.read_name("direction", kDirections, padding.direction);
  fields.read("id", padding.id);
  fields.read("typeId", padding.type_id);
  fields.read("token", padding.token);
}

/// undefined: what the file says; null: off.
template <typename T>
void read_setting(napi_env env, Fields& fields, const char* key, Setting<T>& setting) {
  switch (fields.type_of(key)) {
    case napi_undefined:
      return;
    case napi_null:
      setting.from = Setting<T>::From::kOff;
      return;
    default: {
      setting.from = Setting<T>::From::kValue;
      Fields inner(env, fields.get(key), fields.path_of(key));
      read_value(inner, setting.value);
      fields.add(inner);
    }
  }
}

Napi::Object truncation_to_js(Napi::Env env, const Truncation& truncation) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("maxLength", static_cast<double>(truncation.max_length));
  object.Set("strategy", std::string(kStrategies[static_cast<std::size_t>(truncation.strategy)]));
  object.Set("direction", std::string(kDirections[static_cast<std::size_t>(truncation.direction)]));
  object.Set("stride", static_cast<double>(truncation.stride));
  return object;
}

Napi::Object padding_to_js(Napi::Env env, const Padding& padding) {
  Napi::Object object = Napi::Object::New(env);
  if (padding.length) object.Set("length", static_cast<double>(*padding.length));
  object.Set("multipleOf", static_cast<double>(padding.multiple_of));
  object.Set("direction", std::string(kDirections[static_cast<std::size_t>(padding.direction)]));
  object.Set("id", static_cast<double>(padding.id));
  object.Set("typeId", static_cast<double>(padding.type_id));
  object.Set("token", padding.token);
  return object;
}

class EncodeBatchWork : public Work {
 public:
  explicit EncodeBatchWork(EncodeBatch batch) : Work("the encoding"), batch_(std::move(batch)) {}

 private:
  Status perform() override {
    Result<EncodingBatch> encoded = batch_.encode([this] { return check_cancelled(); });
    if (!encoded.ok()) return encoded.status();
    encodings_ = *std::move(encoded);
    return {};
  }
  Napi::Value value(Napi::Env env) override {
    return encoding_batch_to_js(env, std::move(encodings_));
  }

  EncodeBatch batch_;
  EncodingBatch encodings_;
};

}  // namespace

Result<EncodeOptions> read_encode_options(napi_env env, napi_value value) {
  EncodeOptions options;
  Fields fields(env, value, "options");
  fields.read("addSpecialTokens", options.add_special_tokens);
  read_setting(env, fields, "truncation", options.truncation);
  read_setting(env, fields, "padding", options.padding);
  if (Status status = fields.status(); !status.ok()) return status;
  return options;
}

Napi::Object encoding_to_js(Napi::Env env, const Encoding& encoding) {
  std::vector<std::uint32_t> offsets;
  offsets.reserve(encoding.offsets.size() * 2);
  for (const auto& [begin, end] : encoding.offsets) {
    offsets.push_back(begin);
    offsets.push_back(end);
  }
  Napi::Array overflowing = Napi::Array::New(env, encoding.overflowing.size());
  for (uint32_t i = 0; i < encoding.overflowing.size(); ++i) {
    overflowing.Set(i, encoding_to_js(env, encoding.overflowing[i]));
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("ids", copy_array<std::uint32_t>(env, encoding.ids));
  object.Set("typeIds", copy_array<std::uint32_t>(env, encoding.type_ids));
  object.Set("attentionMask", copy_array<std::uint8_t>(env, encoding.attention_mask));
  object.Set("specialTokensMask", copy_array<std::uint8_t>(env, encoding.special_tokens_mask));
  object.Set("tokens", strings_to_js(env, encoding.tokens));
  object.Set("offsets", copy_array<std::uint32_t>(env, offsets));
  object.Set("wordIds", copy_array<std::int32_t>(env, encoding.word_ids));
  object.Set("sequenceIds", copy_array<std::int32_t>(env, encoding.sequence_ids));
  object.Set("overflowing", overflowing);
  return object;
}

Napi::Object encoding_batch_to_js(Napi::Env env, EncodingBatch batch) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("rows", copy_array<std::uint32_t>(env, batch.rows));
  object.Set("typeIds", copy_array<std::uint32_t>(env, batch.type_ids));
  object.Set("attentionMask", copy_array<std::uint8_t>(env, batch.attention_mask));
  const auto ids = std::make_shared<std::vector<std::uint32_t>>(std::move(batch.ids));
  object.Set("ids", adopt_array(env, napi_uint32_array, sizeof(std::uint32_t),
                                std::as_writable_bytes(std::span(*ids)), ids));
  return object;
}

Napi::Object tokenizer_info_to_js(Napi::Env env, const Tokenizer& tokenizer) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("model", tokenizer.info().model);
  object.Set("components", strings_to_js(env, tokenizer.info().components));
  object.Set("bytes", static_cast<double>(tokenizer.info().bytes));
  object.Set("warnings", warnings_to_js(env, tokenizer.info().warnings));
  object.Set("vocabSize", static_cast<double>(tokenizer.vocab_size()));
  if (const auto id = tokenizer.unk_id()) object.Set("unkId", *id);
  if (const Truncation* truncation = tokenizer.truncation()) {
    object.Set("truncation", truncation_to_js(env, *truncation));
  }
  if (const Padding* padding = tokenizer.padding()) {
    object.Set("padding", padding_to_js(env, *padding));
  }
  return object;
}

Result<Texts> Texts::read(Napi::Env env, napi_value value, const char* what) {
  Texts texts;
  FaultList faults;
  const bool is_array = each_element(env, value, [&](std::uint32_t i, napi_value element) {
    if (texts.add(env, element) || faults.full()) return;
    faults.add({element_path(what, i), Code::kInvalidInput, "expected a string"});
  });
  if (!is_array) {
    return Status(Code::kInvalidInput, std::string("expected ") + what + " to be an array");
  }
  if (!faults.empty()) return std::move(faults).status(what);
  return texts;
}

void Texts::begin_piece(std::size_t units) {
  room_ = std::max(units, kPieceUnits);
  // Without zeros, which nobody reads.
  free_ = pieces_.emplace_back(new char16_t[room_]).get();
}

/// False for what is no string.
bool Texts::add(napi_env env, napi_value text) {
  std::size_t size = 0;
  if (napi_get_value_string_utf16(env, text, free_, room_, &size) != napi_ok) return false;
  // Where it may not have fit. A zero comes behind it.
  if (size + 1 >= room_) {
    napi_get_value_string_utf16(env, text, nullptr, 0, &size);
    if (size >= room_) {
      begin_piece(size + 1);
      napi_get_value_string_utf16(env, text, free_, room_, &size);
    }
  }
  views_.emplace_back(std::u16string_view(free_, size));
  free_ += size;
  room_ -= size;
  return true;
}

EncodeBatch::EncodeBatch(Tokenizer tokenizer, Texts texts, EncodeOptions options,
                         BatchFields fields)
    : tokenizer_(std::move(tokenizer)),
      texts_(std::move(texts)),
      options_(std::move(options)),
      fields_(fields) {}

Result<EncodeBatch> EncodeBatch::read(Tokenizer tokenizer, Napi::Value texts, Napi::Value pairs,
                                      Napi::Value options, Napi::Value with_type_ids) {
  const Napi::Env env = texts.Env();
  Result<Texts> read = Texts::read(env, texts, "texts");
  if (!read.ok()) return read.status();
  Result<EncodeOptions> encode_options = read_encode_options(env, options);
  if (!encode_options.ok()) return encode_options.status();
  EncodeBatch batch(std::move(tokenizer), *std::move(read), *std::move(encode_options),
                    to_bool(env, with_type_ids) ? BatchFields::kIdsAndTypeIds : BatchFields::kIds);
  if (Status status = batch.read_pairs(env, pairs); !status.ok()) return status;
  return batch;
}

Status EncodeBatch::read_pairs(Napi::Env env, napi_value value) {
  bool strings = true;
  const bool is_array = each_element(env, value, [&](std::uint32_t, napi_value element) {
    std::u16string text;
    if (to_utf16(env, element, text)) {
      pairs_.emplace_back(std::move(text));
      return;
    }
    pairs_.emplace_back();
    strings = strings && Napi::Value(env, element).IsUndefined();
  });
  if (is_array && strings) return {};
  return {Code::kInvalidInput, "expected pairs to be an array of strings and undefined"};
}

Result<EncodingBatch> EncodeBatch::encode(const Interrupt& interrupt) const {
  std::vector<std::optional<TextView>> pairs;
  pairs.reserve(pairs_.size());
  for (const auto& pair : pairs_) {
    pairs.push_back(pair ? std::optional<TextView>(std::u16string_view(*pair)) : std::nullopt);
  }
  return infercore::encode_batch(tokenizer_, texts_.views(), pairs, options_, fields_, interrupt,
                                 threads());
}

Napi::Value encode_batch_async(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Result<Tokenizer> tokenizer = tokenizer_of(info[0]);
  if (!tokenizer.ok()) return settled(env, failure(env, tokenizer.status()));
  Result<EncodeBatch> batch =
      EncodeBatch::read(*std::move(tokenizer), info[1], info[2], info[3], info[4]);
  if (!batch.ok()) return settled(env, failure(env, batch.status()));
  auto* cancellation = open_handle<CancellationHandle>(info[5], HandleKind::kCancellation);
  return start(env, std::make_shared<EncodeBatchWork>(*std::move(batch)),
               cancellation == nullptr ? nullptr : cancellation->state());
}

}  // namespace infercore::native
