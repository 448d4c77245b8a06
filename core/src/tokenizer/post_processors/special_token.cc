#include "tokenizer/post_processors/special_token.h"

namespace infercore {

SpecialToken read_special_token(const Fields& fields, std::string_view key) {
  const JsonValue value = fields.array(key);
  const JsonValue token = value.at(0);
  const auto id = value.at(1).integer(0xFFFFFFFF);
  if (value.exists() && (value.size() != 2 || !token.is(JsonType::kString) || !id)) {
    fields.faults().expect(value, "an array of a token and its id");
    return {};
  }
  return value.exists() ? SpecialToken{std::string(token.string()), static_cast<std::uint32_t>(*id)}
                        : SpecialToken{};
}

}  // namespace infercore
