// JSON text of what was read from JSON.
//
//   std::string text;
//   append_json(document->root().get("decoder"), text);     // {"type":"Fuse"}
#ifndef INFERCORE_JSON_WRITER_H_
#define INFERCORE_JSON_WRITER_H_

#include <string>
#include <string_view>

#include "json_reader.h"

namespace infercore {

/// Nothing is written for what does not exist. Reading it gives the same values.
void append_json(JsonValue value, std::string& to);
/// `text` is valid UTF-8.
void append_json_string(std::string_view text, std::string& to);

}  // namespace infercore

#endif  // INFERCORE_JSON_WRITER_H_
