#include "tokenizer/post_processors/trim_offsets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tokenizer/byte_alphabet.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

bool is_blank(char32_t code) { return code == visible_of_byte(' ') || unicode::is_space(code); }

std::size_t leading_blanks(std::string_view token) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < token.size(); at += unicode::sequence_length(token[at]), ++count) {
    if (!is_blank(unicode::decode_valid(&token[at]))) break;
  }
  return count;
}

std::size_t trailing_blanks(std::string_view token) {
  std::size_t count = 0;
  for (; !token.empty() && is_blank(unicode::decode_before(token, token.size())); ++count) {
    while ((static_cast<unsigned char>(token.back()) & 0xC0) == 0x80) token.remove_suffix(1);
    token.remove_suffix(1);
  }
  return count;
}

/// `count` characters on from `at`, but not behind `end`.
std::uint32_t forward(TextView text, std::uint32_t at, std::size_t count, std::uint32_t end) {
  for (; count > 0 && at < end && at < text.size(); --count) {
    at += text.is_utf16() ? unicode::decode_utf16(text.utf16(), at).units
                          : unicode::decode_utf8(text.utf8(), at).units;
  }
  return at;
}

/// `count` characters back from `at`; nothing where there are fewer.
std::optional<std::uint32_t> back(TextView text, std::uint32_t at, std::size_t count) {
  for (; count > 0; --count) {
    if (at == 0) return std::nullopt;
    --at;
    if (text.is_utf16()) {
      const auto is_half = [&](std::uint32_t place, unsigned kind) {
        return (text.utf16()[place] & 0xFC00U) == kind;
      };
      if (at > 0 && is_half(at, 0xDC00) && is_half(at - 1, 0xD800)) --at;
    } else {
      while (at > 0 && (static_cast<unsigned char>(text.utf8()[at]) & 0xC0) == 0x80) --at;
    }
  }
  return at;
}

void trim(Draft& draft, bool adds_space) {
  for (std::size_t i = 0; i < draft.encoding.offsets.size(); ++i) {
    auto& [start, end] = draft.encoding.offsets[i];
    const std::string_view token = draft.encoding.tokens[i];
    const bool added = adds_space && (i == 0 || start == 0);
    if (!added) start = forward(draft.text, start, leading_blanks(token), end);
    if (const auto shorter = back(draft.text, end, trailing_blanks(token))) {
      end = std::max(*shorter, start);
    }
  }
}

}  // namespace

void trim_offsets(Draft& draft, bool adds_space) {
  trim(draft, adds_space);
  for (Draft& other : draft.overflowing) trim(other, adds_space);
}

}  // namespace infercore
