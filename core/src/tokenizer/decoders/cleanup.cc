#include "tokenizer/decoders/cleanup.h"

#include <utility>

#include "unicode/utf.h"

namespace infercore {
namespace {

void put_everywhere(std::string& text, std::string_view what) {
  std::string result(what);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = unicode::sequence_length(text[at]);
    result.append(text, at, length).append(what);
    at += length;
  }
  text = std::move(result);
}

}  // namespace

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  if (what.empty()) {
    put_everywhere(text, by);
    return;
  }
  std::size_t at = text.find(what);
  if (at == std::string::npos) return;
  std::string result;
  std::size_t done = 0;
  while (at != std::string::npos) {
    result.append(text, done, at - done).append(by);
    done = at + what.size();
    at = text.find(what, done);
  }
  text = result.append(text, done);
}

void clean_up(std::string& token) {
  // In the reference implementation's order: some find only what others left.
  static constexpr std::pair<std::string_view, std::string_view> kRules[] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},     {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},   {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  if (token.find(' ') == std::string::npos) return;
  for (const auto& [what, by] : kRules) replace_all(token, what, by);
}

}  // namespace infercore
