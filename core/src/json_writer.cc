#include "json_writer.h"

#include <array>
#include <cstdio>

namespace infercore {
namespace {

void append_number(JsonValue value, std::string& to) {
  if (const auto integer = value.integer(std::uint64_t{1} << 53)) {
    to += std::to_string(*integer);
    return;
  }
  // 17 digits tell any two doubles apart.
  std::array<char, 32> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.17g", value.number());
  to.append(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

void append_json_string(std::string_view text, std::string& to) {
  static constexpr char kDigits[] = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      to += "\\u00";
      to += kDigits[byte >> 4];
      to += kDigits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
}

void append_json(JsonValue value, std::string& to) {
  if (!value.exists()) return;
  switch (value.type()) {
    case JsonType::kNull:
      to += "null";
      return;
    case JsonType::kBool:
      to += value.boolean() ? "true" : "false";
      return;
    case JsonType::kNumber:
      append_number(value, to);
      return;
    case JsonType::kString:
      append_json_string(value.string(), to);
      return;
    case JsonType::kArray:
    case JsonType::kObject:
      break;
  }
  const bool object = value.is(JsonType::kObject);
  to += object ? '{' : '[';
  bool first = true;
  const auto end = value.end();
  // As deep as a document may be: JsonLimits::depth.
  for (auto it = value.begin(); it != end; ++it, first = false) {
    if (!first) to += ',';
    if (object) {
      append_json_string(it.key(), to);
      to += ':';
    }
    append_json(*it, to);
  }
  to += object ? '}' : ']';
}

}  // namespace infercore
