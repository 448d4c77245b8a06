#include "tokenizer/models/model.h"

namespace infercore {
namespace {

/// Files without a type are older than the name: which models such a file fits, in the order of the
/// reference implementation. "" where it fits none.
std::string_view guessed_type(JsonValue model) {
  const auto is = [model](std::string_view key, JsonType type) { return model.get(key).is(type); };
  if (is("vocab", JsonType::kArray)) return "Unigram";
  if (is("vocab", JsonType::kObject) && model.get("merges").is(JsonType::kArray)) return "BPE";
  if (!is("vocab", JsonType::kObject) || !is("unk_token", JsonType::kString)) return "";
  const bool continues = is("continuing_subword_prefix", JsonType::kString) &&
                         is("max_input_chars_per_word", JsonType::kNumber);
  return continues ? "WordPiece" : "WordLevel";
}

}  // namespace

bool Model::tokenize_words(std::span<const std::string_view> words, Workspace& workspace,
                           std::vector<std::uint32_t>& ids) const {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (tokenize_ids(words[i], workspace, ids)) continue;
    workspace.unknown_word = i;
    return false;
  }
  return true;
}

std::unique_ptr<Model> read_model(JsonValue value, Faults& faults, std::string_view& type) {
  static constexpr Kind<Model> kKinds[] = {
      {"BPE", read_bpe},
      {"Unigram", read_unigram},
      {"WordLevel", read_word_level},
      {"WordPiece", read_word_piece},
  };
  const Fields fields(value, faults);
  if (!value.is(JsonType::kObject)) return nullptr;
  if (value.get("type").is(JsonType::kString)) type = value.get("type").string();
  if (value.get("type").exists()) return read_kind(value, "model", kKinds, faults);
  type = guessed_type(value);
  for (const Kind<Model>& kind : kKinds) {
    if (kind.name == type) return kind.read(fields);
  }
  fields.string("type");
  return nullptr;
}

std::unique_ptr<Model> load_model(JsonValue value, Faults& faults, TableReader& from) {
  const Fields fields(value, faults);
  if (!value.is(JsonType::kObject)) return nullptr;
  const std::string_view type = fields.string("type");
  if (type == "BPE") return load_bpe(fields, from);
  if (type == "Unigram") return load_unigram(fields, from);
  if (type == "WordLevel") return load_word_level(fields, from);
  if (type == "WordPiece") return load_word_piece(fields, from);
  faults.expect(value.get("type"), "a known model");
  return nullptr;
}

}  // namespace infercore
