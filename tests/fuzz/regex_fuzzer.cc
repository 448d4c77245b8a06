// Any bytes as a regular expression, up to the first newline, and the rest as a text: what compiles
// ends in time, and finds matches in order.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tokenizer/known_patterns.h"
#include "tokenizer/regex.h"
#include "unicode/utf.h"

namespace {

using infercore::Match;

void check(bool complete, const std::vector<Match>& matches, std::string_view text) {
  if (!complete) return;
  std::size_t done = 0;
  for (const Match& match : matches) {
    if (match.begin < done || match.end < match.begin || match.end > text.size()) std::abort();
    done = match.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!infercore::unicode::is_valid_utf8(bytes)) return 0;
  const std::size_t line = bytes.find('\n');
  const std::string_view text = line == std::string_view::npos ? "" : bytes.substr(line + 1);
  const infercore::Result<infercore::Regex> regex =
      infercore::Regex::compile(bytes.substr(0, line));
  std::vector<Match> matches;
  if (regex.ok()) check(regex->find_all(text, matches), matches, text);
  for (const std::string_view source : infercore::known_pattern_sources()) {
    std::vector<Match> found;
    check(infercore::known_pattern(source)->find_all(text, found), found, text);
  }
  return 0;
}
