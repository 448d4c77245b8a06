#include "tokenizer/normalizers/charsmap.h"

#include <algorithm>

#include "tokenizer/base64.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

// A unit of Darts-clone: the label of the way there, where its children stand, whether one of them
// is a value.
std::uint32_t label_of(std::uint32_t unit) { return unit & 0x800000FF; }
std::uint32_t offset_of(std::uint32_t unit) { return (unit >> 10) << ((unit & 0x200) >> 6); }
bool has_value(std::uint32_t unit) { return (unit >> 8 & 1) != 0; }
std::uint32_t value_of(std::uint32_t unit) { return unit & 0x7FFFFFFF; }

}  // namespace

std::optional<Charsmap> Charsmap::from_base64(std::string_view text) {
  const std::optional<std::string> bytes = decode_base64(text);
  return bytes ? from_bytes(*bytes) : std::nullopt;
}

std::optional<Charsmap> Charsmap::from_bytes(std::string_view bytes) {
  if (bytes.size() < 4) return std::nullopt;
  const auto read = [&bytes](std::size_t at) {
    std::uint32_t unit = 0;
    for (int i = 3; i >= 0; --i) {
      unit = unit << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    }
    return unit;
  };
  const std::size_t count = read(0) / 4;
  if (count == 0 || count > (bytes.size() - 4) / 4) return std::nullopt;
  Charsmap map;
  map.units_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) map.units_.push_back(read(4 + i * 4));
  map.replacements_ = bytes.substr(4 + count * 4);
  if (!unicode::is_valid_utf8(map.replacements_)) return std::nullopt;
  for (std::size_t c = 0; c < map.ascii_.size(); ++c) {
    const char character = static_cast<char>(c);
    map.ascii_[c] = map.find({&character, 1}).has_value();
  }
  return map;
}

std::string Charsmap::to_bytes() const {
  std::string bytes;
  bytes.reserve(4 + units_.size() * 4 + replacements_.size());
  const auto append = [&bytes](std::uint32_t unit) {
    for (const int shift : {0, 8, 16, 24}) bytes += static_cast<char>(unit >> shift & 0xFF);
  };
  append(static_cast<std::uint32_t>(units_.size() * 4));
  for (const std::uint32_t unit : units_) append(unit);
  return bytes + replacements_;
}

/// Walks the rules that `part` starts with, from the shortest on, until `visit(length, begin)` says
/// false: where each one's replacement begins.
template <typename Visit>
void Charsmap::walk(std::string_view part, const Visit& visit) const {
  std::uint32_t at = offset_of(units_[0]);
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto label = static_cast<unsigned char>(part[i]);
    at ^= label;
    if (label == 0 || at >= units_.size() || label_of(units_[at]) != label) return;
    const bool ends = has_value(units_[at]);
    at ^= offset_of(units_[at]);
    if (!ends) continue;
    if (at >= units_.size()) return;
    const std::uint32_t begin = value_of(units_[at]);
    // A broken map may point anywhere.
    if (begin > replacements_.size()) return;
    if (begin < replacements_.size() &&
        (static_cast<unsigned char>(replacements_[begin]) & 0xC0) == 0x80)
      return;
    if (!visit(i + 1, begin)) return;
  }
}

std::string_view Charsmap::replacement(std::size_t begin) const {
  const std::size_t end = std::min(replacements_.find('\0', begin), replacements_.size());
  return std::string_view(replacements_).substr(begin, end - begin);
}

std::optional<std::string_view> Charsmap::find(std::string_view part) const {
  std::optional<std::string_view> found;
  walk(part, [&](std::size_t /*length*/, std::size_t begin) {
    found = replacement(begin);
    return false;
  });
  return found;
}

Charsmap::Rule Charsmap::longest(std::string_view part) const {
  Rule rule{0, {}};
  std::size_t text = 0;
  walk(part.substr(0, kMaxRule), [&](std::size_t length, std::size_t begin) {
    // What ends inside a character is no rule: only a broken map has such.
    if (length < part.size() && (static_cast<unsigned char>(part[length]) & 0xC0) == 0x80) {
      return true;
    }
    rule.length = length;
    text = begin;
    return true;
  });
  if (rule.length > 0) rule.text = replacement(text);
  return rule;
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
