// Reads a tokenizer.json, or what another format became, into a Pipeline.
#include <algorithm>
#include <string>
#include <utility>

#include "infercore/quote.h"
#include "json_reader.h"
#include "json_writer.h"
#include "tokenizer/compiled.h"
#include "tokenizer/decoders/sentence_piece.h"
#include "tokenizer/formats/format.h"
#include "tokenizer/normalizers/sentence_piece.h"
#include "tokenizer/pipeline.h"

namespace infercore {
namespace {

/// Reads the component `key`, which may be missing or null.
template <typename Component>
std::unique_ptr<Component> read_stage(const Fields& file, std::string_view key,
                                      std::unique_ptr<Component> (*read)(JsonValue, Faults&)) {
  const JsonValue value = file.get(key);
  file.faults().begin_stage();
  return value.is_null() ? nullptr : read(value, file.faults());
}

/// The word of a list that a member says; `otherwise` where it may be missing.
template <typename T, std::size_t n>
T read_word(const Fields& fields, std::string_view key,
            const std::pair<std::string_view, T> (&words)[n], std::optional<T> otherwise = {}) {
  const JsonValue value = fields.get(key);
  if (!value.exists() && otherwise) return *otherwise;
  const std::string_view word = fields.string(key);
  std::string expected;
  for (const auto& [name, meaning] : words) {
    if (name == word) return meaning;
    expected += (expected.empty() ? "\"" : ", \"") + std::string(name) + "\"";
  }
  if (value.is(JsonType::kString)) fields.faults().expect(value, "one of " + expected);
  return words[0].second;
}

constexpr std::pair<std::string_view, Direction> kDirections[] = {{"Left", Direction::kLeft},
                                                                  {"Right", Direction::kRight}};

std::optional<Truncation> read_truncation(const Fields& file) {
  const JsonValue value = file.get("truncation");
  if (value.is_null()) return std::nullopt;
  constexpr std::pair<std::string_view, TruncationStrategy> kStrategies[] = {
      {"LongestFirst", TruncationStrategy::kLongestFirst},
      {"OnlyFirst", TruncationStrategy::kOnlyFirst},
      {"OnlySecond", TruncationStrategy::kOnlySecond}};
  const Fields fields(value, file.faults());
  if (!value.is(JsonType::kObject)) return std::nullopt;
  Truncation truncation;
  // What writers put for "no limit", up to 2^64 − 1, exceeds every text: it is none. (As doubles
  // such numbers may round up to 2^64, which no integer holds: they are cut before.)
  constexpr std::size_t kMax = 0x7FFFFFFF;
  const JsonValue length = fields.get("max_length");
  const bool endless = length.is(JsonType::kNumber) && length.number() > kMax &&
                       length.number() <= 18446744073709551616.0;
  truncation.max_length =
      endless ? kMax : static_cast<std::size_t>(fields.integer("max_length", kMax));
  truncation.strategy = read_word(fields, "strategy", kStrategies);
  truncation.direction =
      read_word(fields, "direction", kDirections, std::optional(Direction::kRight));
  truncation.stride = static_cast<std::size_t>(fields.integer("stride", 0x7FFFFFFF));
  return truncation;
}

std::optional<Padding> read_padding(const Fields& file) {
  const JsonValue value = file.get("padding");
  if (value.is_null()) return std::nullopt;
  const Fields fields(value, file.faults());
  if (!value.is(JsonType::kObject)) return std::nullopt;
  Padding padding;
  const JsonValue strategy = fields.get("strategy");
  if (strategy.is(JsonType::kObject)) {
    padding.length =
        static_cast<std::size_t>(Fields(strategy, file.faults()).integer("Fixed", 0x7FFFFFFF));
  } else if (!strategy.is(JsonType::kString) || strategy.string() != "BatchLongest") {
    if (strategy.exists()) {
      file.faults().expect(strategy, "\"BatchLongest\" or an object {\"Fixed\": …}");
    } else {
      fields.string("strategy");
    }
  }
  padding.direction = read_word(fields, "direction", kDirections);
  padding.multiple_of = static_cast<std::size_t>(
      fields.optional_integer("pad_to_multiple_of", 0x7FFFFFFF).value_or(0));
  padding.id = static_cast<std::uint32_t>(fields.integer("pad_id", 0xFFFFFFFF));
  padding.type_id = static_cast<std::uint32_t>(fields.integer("pad_type_id", 0xFFFFFFFF));
  padding.token = std::string(fields.string("pad_token"));
  if (const Status status = check_padding(padding); !status.ok()) {
    file.faults().add(value, status.code(), status.message());
  }
  return padding;
}

/// "normalizer:NFKC", … of one stage, what Sequences hold in their place.
void name_components(const std::string& stage, JsonValue value, std::vector<std::string>& names) {
  if (!value.is(JsonType::kObject) || !value.get("type").is(JsonType::kString)) return;
  const std::string_view type = value.get("type").string();
  if (type != "Sequence") {
    names.push_back(stage + ":" + std::string(type));
    return;
  }
  for (const JsonValue list : value) {
    if (!list.is(JsonType::kArray)) continue;
    for (const JsonValue step : list) name_components(stage, step, names);
  }
}

void check_version(const Fields& file) {
  const JsonValue version = file.get("version");
  if (!version.exists()) return;
  if (!version.is(JsonType::kString) || version.string() != "1.0") {
    file.faults().expect(version, "\"1.0\"");
  }
}

/// The model of a file, and the name of its kind.
std::unique_ptr<Model> model_of(const Fields& file, std::unique_ptr<Model> given,
                                std::string& type) {
  const JsonValue value = file.get("model");
  if (!value.exists()) {
    file.faults().expect_member(file.object(), "model", "an object");
    return nullptr;
  }
  std::string_view name;
  std::unique_ptr<Model> model = std::move(given);
  if (model == nullptr) {
    model = read_model(value, file.faults(), name);
  } else {
    name = value.get("type").string();
  }
  type = std::string(name);
  return model;
}

/// `given`: stages that are made already; the file says what they are.
void read_stages(const Fields& file, FormatStages& given, Pipeline& pipeline) {
  check_version(file);
  pipeline.truncation = read_truncation(file);
  pipeline.padding = read_padding(file);
  pipeline.normalizer = given.normalizer != nullptr
                            ? std::move(given.normalizer)
                            : read_stage(file, "normalizer", read_normalizer);
  std::unique_ptr<PreTokenizer> pre_tokenizer =
      read_stage(file, "pre_tokenizer", read_pre_tokenizer);
  pipeline.post_processor = read_stage(file, "post_processor", read_post_processor);
  pipeline.decoder = given.decoder != nullptr ? std::move(given.decoder)
                                              : read_stage(file, "decoder", read_decoder);
  std::unique_ptr<Model> model = model_of(file, std::move(given.model), pipeline.info.model);
  // Bytes need not be made visible for a model that takes them as they are.
  const bool writes_bytes = pre_tokenizer != nullptr && pre_tokenizer->writes_bytes();
  if (writes_bytes && model != nullptr && model->take_bytes()) pre_tokenizer->leave_bytes();
  pipeline.pre_tokenizer = std::move(pre_tokenizer);
  pipeline.model = std::move(model);
}

/// Added tokens get their ids as the reference implementation gives them, whatever the file says:
/// a model that was trained with the file's ids would get wrong ones.
void warn_of_ids(JsonValue list, Pipeline& pipeline) {
  constexpr std::size_t kShown = 3;
  std::size_t count = 0;
  std::string shown;
  for (const JsonValue value : list) {
    const std::string_view content = value.get("content").string();
    const std::optional<std::uint32_t> id = pipeline.added.token_to_id(content);
    const std::optional<std::uint64_t> said = value.get("id").integer(0xFFFFFFFF);
    if (!id || !said || id == said || ++count > kShown) continue;
    shown += (count == 1 ? "" : ", ") + quoted(content, 40) + " is " + std::to_string(*id) +
             ", not " + std::to_string(*said);
  }
  if (count == 0) return;
  if (count > kShown) shown += ", …";
  pipeline.info.warnings.push_back(
      {"TOKEN_ID_CHANGED",
       "added tokens with other ids than the tokenizer's file says: " + std::to_string(count) +
           " (" + shown + ")",
       "ids come from the model's vocabulary, or follow it in the order of added_tokens, as in "
       "Hugging Face's tokenizers: correct the ids in the file"});
}

std::size_t bytes_of(const Pipeline& pipeline) {
  return sizeof(Pipeline) + pipeline.model->bytes() + pipeline.added.bytes() +
         pipeline.settings.bytes() +
         (pipeline.normalizer == nullptr ? 0 : pipeline.normalizer->bytes()) +
         (pipeline.post_processor == nullptr ? 0 : pipeline.post_processor->bytes()) +
         (pipeline.decoder == nullptr ? 0 : pipeline.decoder->bytes());
}

constexpr std::string_view kStages[] = {"normalizer", "pre_tokenizer", "post_processor", "decoder"};

/// What all that is read from depends on it alone.
void describe_pipeline(JsonValue root, Pipeline& pipeline) {
  for (const std::string_view stage : kStages) {
    name_components(std::string(stage), root.get(stage), pipeline.info.components);
  }
  pipeline.info.bytes = bytes_of(pipeline);
}

Result<JsonDocument> parse(std::string_view json) {
  JsonLimits limits;
  limits.code = Code::kNotATokenizer;
  Result<JsonDocument> document = JsonDocument::parse(json, limits);
  if (document.ok()) return document;
  return Status(document.status().code(),
                "the tokenizer can't be read: " + document.status().message(),
                "expected is a tokenizer.json as Hugging Face's tokenizers writes it, a .model of "
                "SentencePiece, or a .tiktoken file");
}

// A compiled tokenizer's settings are a small tokenizer.json: all but the tables and the added
// tokens, and with the warnings. So there is one reader of components.

void append_member(std::string_view key, JsonValue value, std::string& to) {
  if (value.is_null()) return;
  if (to.back() != '{') to += ',';
  append_json_string(key, to);
  to += ':';
  append_json(value, to);
}

void append_model(JsonValue model, std::string_view type, std::string& to) {
  to += to.back() == '{' ? "\"model\":{\"type\":" : ",\"model\":{\"type\":";
  append_json_string(type, to);
  const auto end = model.end();
  for (auto member = model.begin(); member != end; ++member) {
    const JsonValue value = *member;
    // What is a list or has members is the vocabulary or the rules.
    if (value.is(JsonType::kArray) || value.is(JsonType::kObject)) continue;
    if (member.key() != "type") append_member(member.key(), value, to);
  }
  to += '}';
}

void append_warnings(const std::vector<Warning>& warnings, std::string& to) {
  if (warnings.empty()) return;
  to += ",\"warnings\":[";
  for (const Warning& warning : warnings) {
    if (to.back() != '[') to += ',';
    to += '[';
    append_json_string(warning.code, to);
    to += ',';
    append_json_string(warning.message, to);
    to += ',';
    append_json_string(warning.hint, to);
    to += ']';
  }
  to += ']';
}

Table<char> settings_of(JsonValue root, const TokenizerInfo& info) {
  std::string text = "{";
  for (const std::string_view key : {"truncation", "padding"})
    append_member(key, root.get(key), text);
  for (const std::string_view key : kStages) append_member(key, root.get(key), text);
  append_model(root.get("model"), info.model, text);
  append_warnings(info.warnings, text);
  text += '}';
  return Table<char>::copy_of(text);
}

void read_warnings(const Fields& settings, std::vector<Warning>& warnings) {
  const JsonValue list = settings.get("warnings");
  if (!list.is(JsonType::kArray)) return;
  for (const JsonValue warning : list) {
    const auto part = [&](std::size_t i) {
      const JsonValue text = warning.is(JsonType::kArray) ? warning.at(i) : JsonValue();
      return text.is(JsonType::kString) ? std::string(text.string()) : std::string();
    };
    warnings.push_back({part(0), part(1), part(2)});
  }
}

/// `said`: the added tokens of a configuration, which `given` has.
Result<Pipeline> read_json(std::string_view json, FormatStages& given, JsonValue said) {
  const Result<JsonDocument> document = parse(json);
  if (!document.ok()) return document.status();
  Faults faults(*document);
  const JsonValue root = document->root();
  const Fields file(root, faults);
  if (!faults.empty()) return std::move(faults).status();
  Pipeline pipeline;
  read_stages(file, given, pipeline);
  std::vector<AddedToken> tokens = std::move(given.tokens);
  for (AddedToken& token : read_added_tokens(file)) tokens.emplace_back() = std::move(token);
  if (!faults.empty()) return std::move(faults).status();
  pipeline.added = AddedVocabulary(tokens, *pipeline.model, pipeline.normalizer.get());
  if (pipeline.added.overflowed()) {
    faults.expect(root.get("normalizer"), "rules that keep the added tokens short",
                  Code::kLimitExceeded);
    return std::move(faults).status();
  }
  warn_of_ids(said.exists() ? said : root.get("added_tokens"), pipeline);
  pipeline.settings = settings_of(root, pipeline.info);
  describe_pipeline(root, pipeline);
  return pipeline;
}

/// The file of another format, with what is said beside it.
Result<Pipeline> read_format(Format format, std::string_view bytes, std::string_view said) {
  const Result<JsonDocument> document = JsonDocument::parse(said.empty() ? "{}" : said, {});
  if (!document.ok()) {
    return Status(document.status().code(),
                  "the tokenizer's config can't be read: " + document.status().message());
  }
  Faults faults(*document);
  const Fields config(document->root(), faults);
  FormatStages stages;
  Status status = format == Format::kTiktoken ? read_tiktoken(bytes, config, stages)
                                              : read_sentence_piece(bytes, config, stages);
  if (!status.ok()) return status;
  for (AddedToken& token : read_added_tokens(config, format == Format::kTiktoken)) {
    stages.tokens.emplace_back() = std::move(token);
  }
  if (!faults.empty()) {
    std::vector<Fault> list = std::move(faults).status().faults();
    for (Fault& fault : list) {
      if (fault.code == Code::kNotATokenizer) fault.code = Code::kInvalidInput;
    }
    return Status::from_faults("the tokenizer's config can't be used", std::move(list));
  }
  return read_json(stages.json, stages, config.get("added_tokens"));
}

/// The stages of a compiled tokenizer that have tables, in the order in which they were written.
void load_stages(const Fields& settings, TableReader& from, FormatStages& to) {
  Faults& faults = settings.faults();
  if (from.has(Section::kCharsmap)) {  // of a .model, which has a normalizer and a decoder
    const Fields normalizer(settings.get("normalizer"), faults);
    const Fields decoder(settings.get("decoder"), faults);
    to.normalizer = SentencePieceNormalizer::load(normalizer, from);
    to.decoder = load_sentence_piece_decoder(decoder, from);
  }
  if (settings.get("model").exists()) to.model = load_model(settings.get("model"), faults, from);
}

}  // namespace

Result<Pipeline> read_pipeline(std::string_view json) {
  FormatStages none;
  return read_json(json, none, {});
}

Result<Pipeline> read_pipeline(std::string_view bytes, std::string_view config) {
  const Format format = format_of(bytes);
  return format == Format::kJson ? read_pipeline(bytes) : read_format(format, bytes, config);
}

Result<std::vector<std::uint8_t>> compile_pipeline(const Pipeline& pipeline) {
  TableWriter writer;
  writer.add(Section::kSettings, pipeline.settings.span());
  if (pipeline.normalizer != nullptr) pipeline.normalizer->save(writer);
  if (pipeline.decoder != nullptr) pipeline.decoder->save(writer);
  pipeline.model->save(writer);
  pipeline.added.save(writer);
  return std::move(writer).finish();
}

Result<Pipeline> read_compiled_pipeline(Blob blob) {
  Result<TableReader> tables = TableReader::open(std::move(blob));
  if (!tables.ok()) return tables.status();
  Pipeline pipeline;
  pipeline.settings = tables->table<char>(Section::kSettings);
  if (!tables->ok()) return tables->status();
  const Result<JsonDocument> document = parse({pipeline.settings.data(), pipeline.settings.size()});
  if (!document.ok()) return document.status();
  Faults faults(*document);
  const Fields settings(document->root(), faults);
  if (!faults.empty()) return std::move(faults).status();
  FormatStages stages;
  load_stages(settings, *tables, stages);
  if (!tables->ok()) return tables->status();
  if (!faults.empty()) return std::move(faults).status();
  read_stages(settings, stages, pipeline);
  if (!faults.empty()) return std::move(faults).status();
  pipeline.added = AddedVocabulary::load(*tables);
  if (!tables->ok()) return tables->status();
  read_warnings(settings, pipeline.info.warnings);
  describe_pipeline(document->root(), pipeline);
  return pipeline;
}

}  // namespace infercore
