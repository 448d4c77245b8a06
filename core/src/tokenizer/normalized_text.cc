#include "tokenizer/normalized_text.h"

#include <algorithm>
#include <utility>

namespace infercore {
namespace {

void assign_utf8(std::string_view text, std::size_t begin, std::size_t end, NormalizedText& to) {
  text = text.substr(0, end);
  for (std::size_t at = begin; at < end;) {
    const std::size_t run = unicode::ascii_run(text, at);
    to.bytes.append(text.substr(at, run));
    if (to.aligned) {
      for (std::size_t i = at; i < at + run; ++i) {
        to.origins.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1)});
      }
    }
    at += run;
    if (at >= end) break;
    const unicode::Character c = unicode::decode_utf8(text, at);
    const auto start = static_cast<std::uint32_t>(at);
    to.append(c.code, {start, start + c.units});
    at += c.units;
  }
}

/// Writes `count` units as bytes; false, with anything written, where one is not ASCII. Without a
/// way out in the middle: compilers make vectors of it.
bool narrow(const char16_t* from, std::size_t count, char* to) {
  char16_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    all = static_cast<char16_t>(all | from[i]);
    to[i] = static_cast<char>(from[i]);
  }
  return all < 0x80;
}

void assign_utf16(std::u16string_view text, std::size_t begin, std::size_t end,
                  NormalizedText& to) {
  // ASCII in blocks of so many, where nobody asks for origins.
  constexpr std::size_t kBlock = 16;
  text = text.substr(0, end);
  // Written in place: an append for each character would cost more than everything else here.
  to.bytes.resize((end - begin) * 3);
  char* out = to.bytes.data();
  for (std::size_t at = begin; at < end;) {
    if (!to.aligned && end - at >= kBlock && text[at] < 0x80 && narrow(&text[at], kBlock, out)) {
      out += kBlock;
      at += kBlock;
      continue;
    }
    for (const std::size_t behind = std::min(at + kBlock, end); at < behind;) {
      const unicode::Character c =
          text[at] < 0x80 ? unicode::Character{text[at], 1} : unicode::decode_utf16(text, at);
      const std::uint32_t length = unicode::encode_utf8(c.code, out);
      out += length;
      if (to.aligned) {
        const auto start = static_cast<std::uint32_t>(at);
        to.origins.insert(to.origins.end(), length, {start, start + c.units});
      }
      at += c.units;
    }
  }
  to.bytes.resize(static_cast<std::size_t>(out - to.bytes.data()));
}

}  // namespace

void NormalizedText::assign(TextView text, std::size_t begin, std::size_t end) {
  bytes.clear();
  origins.clear();
  start = static_cast<std::uint32_t>(begin);
  if (aligned) origins.reserve(end - begin);
  if (text.is_utf16()) {
    assign_utf16(text.utf16(), begin, end, *this);
  } else {
    assign_utf8(text.utf8(), begin, end, *this);
  }
}

void NormalizedText::clear() noexcept {
  bytes.clear();
  origins.clear();
  start = 0;
  limit = kNoLimit;
  overflowed = exhausted = false;
}

void NormalizedText::restart(const NormalizedText& other) {
  bytes.clear();
  origins.clear();
  start = other.start;
  limit = other.limit;
  overflowed = other.overflowed;
  exhausted = other.exhausted;
}

void NormalizedText::append_from(const NormalizedText& other, std::size_t begin, std::size_t end) {
  if (bytes.size() + (end - begin) > limit) {
    overflowed = true;
    return;
  }
  bytes.append(other.bytes, begin, end - begin);
  if (aligned) {
    origins.insert(origins.end(), other.origins.begin() + static_cast<std::ptrdiff_t>(begin),
                   other.origins.begin() + static_cast<std::ptrdiff_t>(end));
  }
}

void NormalizedText::append(std::string_view text, Origin origin) {
  if (bytes.size() + text.size() > limit) {
    overflowed = true;
    return;
  }
  bytes.append(text);
  if (aligned) origins.insert(origins.end(), text.size(), origin);
}

void NormalizedText::swap(NormalizedText& other) noexcept {
  bytes.swap(other.bytes);
  origins.swap(other.origins);
  std::swap(start, other.start);
  std::swap(limit, other.limit);
  std::swap(overflowed, other.overflowed);
  std::swap(exhausted, other.exhausted);
}

}  // namespace infercore
