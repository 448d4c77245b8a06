// Tokenizes what comes in as JSON lines and answers each with one line, in order:
//
//   {"op":"load","path":P,"config":JSON}                                {"ok":true}
//   {"op":"encode","text":T,"pair":P|null,"add_special_tokens":B}       {"encoding":{…}}
//   {"op":"encode_batch","texts":[…],"add_special_tokens":B}            {"encodings":[{…},…]}
//   {"op":"decode","ids":[…],"skip_special_tokens":B}                   {"text":S}
//
// A failure is {"error":"message"}. Offsets count code points; with --utf16 the core is given
// UTF-16 and offsets count its units. Every encoding is made twice, in full and as ids alone, and a
// difference is an error.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/tokenizer.h"
#include "json_reader.h"
#include "unit_text.h"

namespace {

using infercore::Encoding;
using infercore::JsonType;
using infercore::JsonValue;
using infercore::Result;
using infercore::Status;
using infercore::TextView;
using infercore::Tokenizer;
using infercore::UnitText;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof(buffer), "\\u%04x", static_cast<unsigned>(c));
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

template <typename List, typename Write>
std::string list_of(const List& list, Write write) {
  std::string out = "[";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    out += write(i);
  }
  return out + "]";
}

std::string or_null(std::int32_t value) {
  return value == Encoding::kNone ? "null" : std::to_string(value);
}

std::string written(const Encoding& e, const UnitText& text, const UnitText* pair) {
  const auto number = [](const auto& list) {
    return list_of(list, [&list](std::size_t i) { return std::to_string(list[i]); });
  };
  const auto offset = [&](std::size_t i) {
    const UnitText& own = e.sequence_ids[i] == 1 && pair != nullptr ? *pair : text;
    return "[" + std::to_string(own.point(e.offsets[i].first)) + "," +
           std::to_string(own.point(e.offsets[i].second)) + "]";
  };
  std::string out = "{\"ids\":" + number(e.ids) + ",\"type_ids\":" + number(e.type_ids);
  out += ",\"tokens\":" + list_of(e.tokens, [&](std::size_t i) { return quoted(e.tokens[i]); });
  out += ",\"offsets\":" + list_of(e.offsets, offset);
  out += ",\"special_tokens_mask\":" + number(e.special_tokens_mask);
  out += ",\"attention_mask\":" + number(e.attention_mask);
  out +=
      ",\"word_ids\":" + list_of(e.word_ids, [&](std::size_t i) { return or_null(e.word_ids[i]); });
  out += ",\"sequence_ids\":" +
         list_of(e.sequence_ids, [&](std::size_t i) { return or_null(e.sequence_ids[i]); });
  out += ",\"overflowing\":" + list_of(e.overflowing, [&](std::size_t i) {
           return written(e.overflowing[i], text, pair);
         });
  return out + "}";
}

std::string error(std::string_view message) { return "{\"error\":" + quoted(message) + "}"; }

class Program {
 public:
  explicit Program(bool utf16) : utf16_(utf16) {}

  std::string answer(std::string_view line) {
    const Result<infercore::JsonDocument> document = infercore::JsonDocument::parse(line, {});
    if (!document.ok()) return error(document.status().message());
    const JsonValue request = document->root();
    const JsonValue op = request.get("op");
    const std::string_view name = op.is(JsonType::kString) ? op.string() : "";
    if (name == "load") {
      const JsonValue config = request.get("config");
      return load(std::string(request.get("path").string()),
                  config.exists() ? std::string(config.string()) : std::string());
    }
    if (!tokenizer_) return error("nothing is loaded");
    if (name == "encode") return encode(request);
    if (name == "encode_batch") return encode_batch(request);
    if (name == "decode") return decode(request);
    return error("unknown op");
  }

 private:
  std::string load(const std::string& path, const std::string& config) {
    tokenizer_.reset();
    std::ifstream file(path, std::ios::binary);
    if (!file) return error("can't open " + path);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    Result<Tokenizer> tokenizer = Tokenizer::from_bytes(bytes, config);
    if (!tokenizer.ok()) return error(tokenizer.status().message());
    tokenizer_ = *std::move(tokenizer);
    return "{\"ok\":true}";
  }

  static infercore::EncodeOptions options_of(JsonValue request) {
    infercore::EncodeOptions options;
    options.add_special_tokens = request.get("add_special_tokens").boolean();
    return options;
  }

  Result<Encoding> both_ways(TextView text, std::optional<TextView> pair,
                             const infercore::EncodeOptions& options) const {
    Result<Encoding> encoding = tokenizer_->encode(text, pair, options);
    std::vector<std::uint32_t> ids;
    const Result<std::size_t> dropped = tokenizer_->encode_ids(text, pair, options, ids);
    if (dropped.ok() != encoding.ok() || (encoding.ok() && ids != encoding->ids)) {
      return Status(infercore::Code::kVerifyFailed, "encode_ids gives other ids than encode");
    }
    return encoding;
  }

  std::string encode(JsonValue request) const {
    const UnitText text(request.get("text").string(), utf16_);
    const JsonValue second = request.get("pair");
    const bool has_pair = second.is(JsonType::kString);
    const UnitText pair(has_pair ? second.string() : "", utf16_);
    const Result<Encoding> encoding = both_ways(
        text.view(), has_pair ? std::optional(pair.view()) : std::nullopt, options_of(request));
    if (!encoding.ok()) return error(encoding.status().message());
    return "{\"encoding\":" + written(*encoding, text, has_pair ? &pair : nullptr) + "}";
  }

  std::string encode_batch(JsonValue request) const {
    std::vector<UnitText> texts;
    std::vector<Encoding> encodings;
    for (const JsonValue value : request.get("texts")) {
      texts.emplace_back(value.string(), utf16_);
      Result<Encoding> encoding = both_ways(texts.back().view(), {}, options_of(request));
      if (!encoding.ok()) return error(encoding.status().message());
      encodings.push_back(*std::move(encoding));
    }
    if (tokenizer_->padding() != nullptr) infercore::pad(encodings, *tokenizer_->padding());
    return "{\"encodings\":" +
           list_of(encodings,
                   [&](std::size_t i) { return written(encodings[i], texts[i], nullptr); }) +
           "}";
  }

  std::string decode(JsonValue request) const {
    std::vector<std::uint32_t> ids;
    for (const JsonValue id : request.get("ids")) {
      ids.push_back(static_cast<std::uint32_t>(id.integer(0xFFFFFFFF).value_or(0xFFFFFFFF)));
    }
    const Result<std::string> text =
        tokenizer_->decode(ids, request.get("skip_special_tokens").boolean());
    if (!text.ok()) return error(text.status().message());
    return "{\"text\":" + quoted(*text) + "}";
  }

  bool utf16_;
  std::optional<Tokenizer> tokenizer_;
};

}  // namespace

int main(int argc, char** argv) {
  Program program(argc > 1 && std::string_view(argv[1]) == "--utf16");
  std::string line;
  while (std::getline(std::cin, line)) std::cout << program.answer(line) << '\n' << std::flush;
  return 0;
}
