// Bytes written as text (RFC 4648, the alphabet with + and /).
//
//   decode_base64("aGk=");                             // "hi"
#ifndef INFERCORE_TOKENIZER_BASE64_H_
#define INFERCORE_TOKENIZER_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace infercore {

/// The bytes of `text`; nothing where it is no base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_BASE64_H_
