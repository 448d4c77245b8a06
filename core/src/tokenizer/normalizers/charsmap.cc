#include "tokenizer/normalizers/charsmap.h"

#include <algorithm>

#include "unicode/utf.h"

namespace infercore {
namespace {

// A unit of Darts-clone: the label of the way there, where its children stand, whether one of them
// is a value.
std::uint32_t label_of(std::uint32_t unit) { return unit & 0x800000FF; }
std::uint32_t offset_of(std::uint32_t unit) { return (unit >> 10) << ((unit & 0x200) >> 6); }
bool has_value(std::uint32_t unit) { return (unit >> 8 & 1) != 0; }
std::uint32_t value_of(std::uint32_t unit) { return unit & 0x7FFFFFFF; }

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = i + padding >= text.size() ? 0 : digit_of(text[i]);
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (const int shift : {16, 8, 0}) bytes += static_cast<char>(bits >> shift & 0xFF);
    bits = 0;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace

std::optional<Charsmap> Charsmap::from_base64(std::string_view text) {
  const std::optional<std::string> bytes = decode_base64(text);
  if (!bytes || bytes->size() < 4) return std::nullopt;
  const auto read = [&bytes](std::size_t at) {
    std::uint32_t unit = 0;
    for (int i = 3; i >= 0; --i) {
      unit = unit << 8 | static_cast<unsigned char>((*bytes)[at + static_cast<std::size_t>(i)]);
    }
    return unit;
  };
  const std::size_t count = read(0) / 4;
  if (count == 0 || count > (bytes->size() - 4) / 4) return std::nullopt;
  Charsmap map;
  map.units_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) map.units_.push_back(read(4 + i * 4));
  map.replacements_ = bytes->substr(4 + count * 4);
  if (!unicode::is_valid_utf8(map.replacements_)) return std::nullopt;
  for (std::size_t c = 0; c < map.ascii_.size(); ++c) {
    const char character = static_cast<char>(c);
    map.ascii_[c] = map.find({&character, 1}).has_value();
  }
  return map;
}

std::optional<std::string_view> Charsmap::find(std::string_view part) const {
  std::uint32_t at = offset_of(units_[0]);
  for (const char byte : part) {
    const auto label = static_cast<unsigned char>(byte);
    at ^= label;
    if (label == 0 || at >= units_.size() || label_of(units_[at]) != label) break;
    const bool ends = has_value(units_[at]);
    at ^= offset_of(units_[at]);
    if (!ends) continue;
    if (at >= units_.size()) break;
    const std::uint32_t begin = value_of(units_[at]);
    // A broken map may point anywhere.
    if (begin > replacements_.size()) break;
    if (begin < replacements_.size() &&
        (static_cast<unsigned char>(replacements_[begin]) & 0xC0) == 0x80)
      break;
    std::size_t end = replacements_.find('\0', begin);
    if (end == std::string::npos) end = replacements_.size();
    return std::string_view(replacements_).substr(begin, end - begin);
  }
  return std::nullopt;
}

std::size_t Charsmap::longest_replacement() const {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < replacements_.size();) {
    const std::size_t end = std::min(replacements_.find('\0', begin), replacements_.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

}  // namespace infercore
