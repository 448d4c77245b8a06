#include "tokenizer/formats/format.h"

#include <algorithm>

#include "infercore/quote.h"
#include "json_writer.h"
#include "tokenizer/formats/tiktoken_lines.h"

namespace infercore {
namespace {

/// A message of pieces: its first field is one, and no JSON has such bytes so early.
bool looks_like_sentence_piece(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 256);
  if (start.empty() || (start[0] != '\x0A' && start[0] != '\x12' && start[0] != '\x1A')) {
    return false;
  }
  for (const char c : start) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') return true;
  }
  return false;
}

/// What the configuration names for one side of a text; "" for nothing.
std::string_view around(const Fields& config, std::string_view key, std::string_view own) {
  const JsonValue value = config.get(key);
  if (value.is_null()) return "";
  if (!value.is(JsonType::kBool)) return config.string(key);
  if (value.boolean() && own.empty()) config.faults().expect(value, "the name of a token");
  return value.boolean() ? own : "";
}

/// One text with what is around it.
void append_pieces(std::string_view bos, std::string_view eos, char sequence, char type,
                   std::string& to) {
  for (const std::string_view name : {bos, std::string_view(), eos}) {
    const bool special = name.data() != nullptr;
    if (special && name.empty()) continue;
    if (to.back() == '}') to += ',';
    to += special ? "{\"SpecialToken\":{\"id\":" : "{\"Sequence\":{\"id\":\"";
    if (special) {
      append_json_string(name, to);
    } else {
      to += sequence;
      to += '"';
    }
    to += ",\"type_id\":";
    to += type;
    to += "}}";
  }
}

}  // namespace

Format format_of(std::string_view bytes) {
  if (looks_like_sentence_piece(bytes)) return Format::kSentencePiece;
  return TiktokenLines(bytes.substr(0, 4096)).next() ? Format::kTiktoken : Format::kJson;
}

Status not_the_format(std::string_view before, std::uint64_t number, std::string_view after,
                      std::string_view name) {
  std::string message = "the tokenizer can't be read: ";
  message.append(before).append(std::to_string(number)).append(after);
  if (!name.empty()) message += quoted(name, 40);
  return Status(Code::kNotATokenizer, std::move(message), "is the file whole?");
}

Status too_large(std::string_view what, std::uint64_t most, std::uint64_t received) {
  return Status(Code::kLimitExceeded, "expected " + std::string(what) + " of at most " +
                                          std::to_string(most) + ", received " +
                                          std::to_string(received));
}

void append_flags(std::initializer_list<std::pair<std::string_view, bool>> flags, std::string& to) {
  for (const auto& [name, value] : flags) {
    to += ',';
    append_json_string(name, to);
    to += value ? ":true" : ":false";
  }
}

void append_around(const Fields& config, std::string_view own_bos, std::string_view own_eos,
                   FormatStages& stages) {
  const std::string_view bos = around(config, "bos", own_bos);
  const std::string_view eos = around(config, "eos", own_eos);
  std::string tokens;
  for (const std::string_view name : {bos, eos}) {
    if (name.empty()) continue;
    const std::optional<std::uint32_t> id = stages.model->token_to_id(name);
    if (!id) {
      config.faults().expect(config.get(name == bos ? "bos" : "eos"), "one of the tokens");
      continue;
    }
    AddedToken& token = stages.tokens.emplace_back();
    token.content = name;
    token.special = true;
    if (!tokens.empty()) tokens += ',';
    append_json_string(name, tokens);
    tokens += ":{\"id\":";
    append_json_string(name, tokens);
    tokens += ",\"ids\":[";
    tokens += std::to_string(*id);
    tokens += "],\"tokens\":[";
    append_json_string(name, tokens);
    tokens += "]}";
  }
  if (tokens.empty()) return;
  std::string& json = stages.json;
  json += R"("post_processor":{"type":"TemplateProcessing","single":[)";
  append_pieces(bos, eos, 'A', '0', json);
  json += "],\"pair\":[";
  append_pieces(bos, eos, 'A', '0', json);
  append_pieces(bos, eos, 'B', '1', json);
  json += "],\"special_tokens\":{";
  json += tokens;
  json += "}},";
}

}  // namespace infercore
