#include "tokenizer/formats/tiktoken_lines.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "tokenizer/base64.h"

namespace infercore {

bool TiktokenLines::next() {
  while (ok_ && !rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    ok_ = read(line);
    return ok_;
  }
  return false;
}

bool TiktokenLines::read(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  std::optional<std::string> bytes = decode_base64(line.substr(0, space));
  const std::string_view digits = line.substr(space + 1);
  if (!bytes || bytes->empty() || digits.empty() || digits.size() > 9) return false;
  std::uint32_t rank = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return false;
    rank = rank * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  token_ = *std::move(bytes);
  rank_ = rank;
  return true;
}

}  // namespace infercore
