#include "tokenizer/models/model.h"

namespace infercore {

std::unique_ptr<Model> read_model(JsonValue value, Faults& faults, std::string_view& type) {
  static constexpr Kind<Model> kKinds[] = {
      {"Unigram", read_unigram},
  };
  const Fields fields(value, faults);
  if (!value.is(JsonType::kObject)) return nullptr;
  if (value.get("type").exists()) {
    if (value.get("type").is(JsonType::kString)) type = value.get("type").string();
    return read_kind(value, "model", kKinds, faults);
  }
  // Files without a type are older than the name; an array of pieces is what only Unigram has.
  if (value.get("vocab").is(JsonType::kArray)) {
    type = "Unigram";
    return read_unigram(fields);
  }
  fields.string("type");
  return nullptr;
}

}  // namespace infercore
