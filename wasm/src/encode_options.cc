#include "encode_options.h"

#include <string>

#include "marshal.h"

namespace infercore::wasm {
namespace {

Direction direction_of(const val& name) {
  return text_in(name) == "left" ? Direction::kLeft : Direction::kRight;
}
val name_of(Direction direction) {
  return val(std::string(direction == Direction::kLeft ? "left" : "right"));
}

struct StrategyName {
  TruncationStrategy strategy;
  const char* name;
};
constexpr StrategyName kStrategies[] = {
    {TruncationStrategy::kLongestFirst, "longest_first"},
    {TruncationStrategy::kOnlyFirst, "only_first"},
    {TruncationStrategy::kOnlySecond, "only_second"},
};

Truncation truncation_of(const val& data) {
  Truncation truncation;
  truncation.max_length = data["maxLength"].as<std::size_t>();
  truncation.stride = data["stride"].as<std::size_t>();
  truncation.direction = direction_of(data["direction"]);
  const auto name = text_in(data["strategy"]);
  for (const StrategyName& one : kStrategies) {
    if (name == one.name) truncation.strategy = one.strategy;
  }
  return truncation;
}

Padding padding_of(const val& data) {
  Padding padding;
  if (const val length = data["length"]; !length.isUndefined()) {
    padding.length = length.as<std::size_t>();
  }
  padding.multiple_of = data["multipleOf"].as<std::size_t>();
  padding.direction = direction_of(data["direction"]);
  padding.id = data["id"].as<std::uint32_t>();
  padding.type_id = data["typeId"].as<std::uint32_t>();
  padding.token = text_in(data["token"]);
  return padding;
}

/// undefined: the file's; null: off.
template <typename T, typename Convert>
Setting<T> setting_of(const val& data, Convert convert) {
  Setting<T> setting;
  if (data.isUndefined()) return setting;
  setting.from = data.isNull() ? Setting<T>::From::kOff : Setting<T>::From::kValue;
  if (!data.isNull()) setting.value = convert(data);
  return setting;
}

}  // namespace

EncodeOptions encode_options(const val& options) {
  EncodeOptions result;
  result.add_special_tokens = options["addSpecialTokens"].as<bool>();
  result.truncation = setting_of<Truncation>(options["truncation"], truncation_of);
  result.padding = setting_of<Padding>(options["padding"], padding_of);
  return result;
}

val value_of(const Truncation* truncation) {
  if (truncation == nullptr) return val::undefined();
  val object = val::object();
  object.set("maxLength", truncation->max_length);
  for (const StrategyName& one : kStrategies) {
    if (truncation->strategy == one.strategy) object.set("strategy", std::string(one.name));
  }
  object.set("direction", name_of(truncation->direction));
  object.set("stride", truncation->stride);
  return object;
}

val value_of(const Padding* padding) {
  if (padding == nullptr) return val::undefined();
  val object = val::object();
  if (padding->length) object.set("length", *padding->length);
  object.set("multipleOf", padding->multiple_of);
  object.set("direction", name_of(padding->direction));
  object.set("id", padding->id);
  object.set("typeId", padding->type_id);
  object.set("token", text_out(padding->token));
  return object;
}

}  // namespace infercore::wasm
