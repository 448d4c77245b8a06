#include "json_reader.h"

#define RAPIDJSON_HAS_STDSTRING 0
#define RAPIDJSON_NO_SIZETYPEDEFINE
namespace rapidjson {
using SizeType = std::size_t;
}  // namespace rapidjson
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <cmath>

#include "infercore/quote.h"
#include "json_number.h"

namespace infercore {

/// RapidJSON's events become nodes; a limit that is passed ends the parse by answering false.
class JsonBuilder {
 public:
  JsonBuilder(JsonDocument& document, const JsonLimits& limits)
      : document_(document), limits_(limits) {}

  bool Null() { return add(JsonType::kNull) != nullptr; }
  bool Bool(bool value) {
    JsonDocument::Node* node = add(JsonType::kBool);
    if (node != nullptr) node->truth = value;
    return node != nullptr;
  }
  bool Int(int value) { return Double(value); }
  bool Uint(unsigned value) { return Double(value); }
  bool Int64(std::int64_t value) { return Double(static_cast<double>(value)); }
  bool Uint64(std::uint64_t value) { return Double(static_cast<double>(value)); }
  bool Double(double value) {
    JsonDocument::Node* node = add(JsonType::kNumber);
    if (node != nullptr) node->number = value;
    return node != nullptr;
  }
  bool RawNumber(const char* text, std::size_t size, bool /*copy*/) {
    const double value = read_json_number({text, size});
    if (!std::isfinite(value)) exceeded_ = kTooBig;
    return std::isfinite(value) && Double(value);
  }
  bool String(const char* text, std::size_t size, bool /*copy*/) {
    lone_ = has_surrogate({text, size});
    if (lone_) return false;
    JsonDocument::Node* node = add(JsonType::kString);
    if (node == nullptr) return false;
    node->begin = document_.strings_.size();
    node->size = static_cast<std::uint32_t>(size);
    document_.strings_.append(text, size);
    return true;
  }
  bool Key(const char* text, std::size_t size, bool copy) { return String(text, size, copy); }
  bool StartObject() { return open(JsonType::kObject); }
  bool StartArray() { return open(JsonType::kArray); }
  bool EndObject(std::size_t size) { return close(size); }
  bool EndArray(std::size_t size) { return close(size); }

  /// "" unless a limit ended the parse.
  const std::string& exceeded() const { return exceeded_; }
  /// A string with the second half of a surrogate pair alone ended the parse.
  bool lone_surrogate() const { return lone_; }
  static constexpr const char* kTooBig = "numbers below 1.8e308, received a larger one";

 private:
  /// RapidJSON sees to it that the bytes are UTF-8 and that a first half has its second one, but
  /// writes a lone second half like any character. (Behind ED no UTF-8 goes on above 9F.)
  static bool has_surrogate(std::string_view text) {
    for (std::size_t at = text.find('\xED'); at < text.size(); at = text.find('\xED', at + 1)) {
      if (static_cast<unsigned char>(text[at + 1]) > 0x9F) return true;
    }
    return false;
  }
  JsonDocument::Node* add(JsonType type) {
    std::vector<JsonDocument::Node>& nodes = document_.nodes_;
    if (nodes.size() >= limits_.values) {
      exceeded_ = "at most " + std::to_string(limits_.values) + " values, received more";
      return nullptr;
    }
    nodes.push_back({type, false, 0, {0}});
    return &nodes.back();
  }
  bool open(JsonType type) {
    if (open_.size() >= limits_.depth) {
      exceeded_ = "at most " + std::to_string(limits_.depth) +
                  " levels of arrays and objects, received more";
      return false;
    }
    open_.push_back(static_cast<std::uint32_t>(document_.nodes_.size()));
    return add(type) != nullptr;
  }
  bool close(std::size_t size) {
    JsonDocument::Node& node = document_.nodes_[open_.back()];
    node.size = static_cast<std::uint32_t>(size);
    node.end = document_.nodes_.size();
    open_.pop_back();
    return true;
  }

  JsonDocument& document_;
  const JsonLimits& limits_;
  std::vector<std::uint32_t> open_;
  std::string exceeded_;
  bool lone_ = false;
};

namespace {

/// Line and column, as editors count them.
std::string position(std::string_view bytes, std::size_t offset) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i < offset && i < bytes.size(); ++i) {
    column = bytes[i] == '\n' ? 1 : column + 1;
    if (bytes[i] == '\n') ++line;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Where the last \udc00 to \udfff before `end` stands that follows no first half.
std::size_t lone_surrogate(std::string_view bytes, std::size_t end) {
  const auto is_half = [bytes](std::size_t at, std::string_view kinds) {
    return bytes.substr(at, 2) == "\\u" && (bytes[at + 2] | 0x20) == 'd' &&
           kinds.find(bytes[at + 3]) != std::string_view::npos;
  };
  for (std::size_t at = end - 6; at > 0; --at) {
    if (is_half(at, "cdefCDEF") && !(at >= 6 && is_half(at - 6, "89abAB"))) return at;
  }
  return end;
}

/// Appends one step of a path. (Not by operator+: g++ 12 warns of overlaps there that cannot be.)
void append_step(std::string& path, std::string_view key) {
  bool plain = !key.empty() && key.size() <= 40;
  for (const char c : key) {
    plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-');
  }
  if (plain) {
    if (!path.empty()) path.append(".");
    path.append(key);
  } else {
    path.append("[").append(quoted(key, 40)).append("]");
  }
}

}  // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view bytes, const JsonLimits& limits) {
  if (bytes.size() > limits.bytes) {
    return Status(Code::kLimitExceeded, "expected JSON of at most " + std::to_string(limits.bytes) +
                                            " bytes, received " + std::to_string(bytes.size()));
  }
  JsonDocument document;
  // About one value for every 12 bytes in a tokenizer's file; growing from there is cheap.
  document.nodes_.reserve(bytes.size() / 12 + 16);
  document.strings_.reserve(bytes.size() / 3 + 16);
  JsonBuilder builder(document, limits);
  rapidjson::MemoryStream stream(bytes.data(), bytes.size());
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseValidateEncodingFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  const bool too_big = result.Code() == rapidjson::kParseErrorNumberTooBig;
  if (too_big || !builder.exceeded().empty()) {
    return Status(Code::kLimitExceeded, "expected JSON with " +
                                            (too_big ? JsonBuilder::kTooBig : builder.exceeded()) +
                                            ", at " + position(bytes, result.Offset()));
  }
  if (builder.lone_surrogate()) {
    return Status(limits.code,
                  "expected JSON, received a string with the second half of a surrogate pair alone "
                  "(\\udc00 to \\udfff), which is no character, at " +
                      position(bytes, lone_surrogate(bytes, stream.Tell())));
  }
  if (result.IsError()) {
    return Status(limits.code,
                  "expected JSON: " + std::string(rapidjson::GetParseError_En(result.Code())) +
                      " At " + position(bytes, result.Offset()));
  }
  // The reader takes a NUL byte for the end.
  if (stream.Tell() != bytes.size()) {
    return Status(limits.code,
                  "expected JSON, received a NUL byte at " + position(bytes, stream.Tell()));
  }
  return document;
}

std::string JsonDocument::path_of(JsonValue value) const {
  std::string path;
  std::uint32_t at = 0;
  while (at != value.index_) {
    const bool object = nodes_[at].type == JsonType::kObject;
    std::uint32_t child = at + 1;
    std::size_t index = 0;
    // Forward to the child that holds the value.
    while (true) {
      const std::uint32_t own = object ? child + 1 : child;
      if (behind(own) > value.index_) break;
      child = behind(own);
      ++index;
    }
    if (object) {
      append_step(path, text(nodes_[child]));
    } else {
      path.append("[").append(std::to_string(index)).append("]");
    }
    at = object ? child + 1 : child;
  }
  return path;
}

JsonType JsonValue::type() const noexcept {
  return exists() ? document_->nodes_[index_].type : JsonType::kNull;
}
bool JsonValue::boolean() const noexcept { return document_->nodes_[index_].truth; }
double JsonValue::number() const noexcept { return document_->nodes_[index_].number; }
std::string_view JsonValue::string() const noexcept {
  return document_->text(document_->nodes_[index_]);
}

std::optional<std::uint64_t> JsonValue::integer(std::uint64_t max) const noexcept {
  if (!is(JsonType::kNumber)) return std::nullopt;
  const double value = number();
  if (!(value >= 0) || value > static_cast<double>(max) || value != std::floor(value)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value);
}

std::size_t JsonValue::size() const noexcept {
  return type() >= JsonType::kArray ? document_->nodes_[index_].size : 0;
}

JsonValue JsonValue::get(std::string_view key) const noexcept {
  JsonValue found;
  if (!is(JsonType::kObject)) return found;
  for (Iterator it = begin(); it != end(); ++it) {
    if (it.key() == key) found = *it;
  }
  return found;
}

JsonValue JsonValue::at(std::size_t index) const noexcept {
  if (!is(JsonType::kArray) || index >= size()) return {};
  Iterator it = begin();
  for (std::size_t i = 0; i < index; ++i) ++it;
  return *it;
}

JsonValue::Iterator JsonValue::begin() const {
  return {document_, index_ + 1, type() == JsonType::kObject};
}

JsonValue::Iterator JsonValue::end() const {
  if (type() < JsonType::kArray) return begin();
  return {document_, document_->behind(index_), type() == JsonType::kObject};
}

JsonValue JsonValue::Iterator::operator*() const {
  return {document_, members_ ? index_ + 1 : index_};
}

JsonValue::Iterator& JsonValue::Iterator::operator++() {
  index_ = document_->behind(members_ ? index_ + 1 : index_);
  return *this;
}

std::string_view JsonValue::Iterator::key() const {
  return document_->text(document_->nodes_[index_]);
}

}  // namespace infercore
