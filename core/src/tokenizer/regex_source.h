// The source of a regular expression while it is read, and the first thing that is wrong with it.
#ifndef INFERCORE_TOKENIZER_REGEX_SOURCE_H_
#define INFERCORE_TOKENIZER_REGEX_SOURCE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "infercore/quote.h"
#include "infercore/status.h"
#include "unicode/utf.h"

namespace infercore {

class RegexSource {
 public:
  explicit RegexSource(std::string_view valid) : text_(valid) {}

  /// At the end, or at a fault.
  bool done() const { return !status.ok() || at_ >= text_.size(); }
  bool ended() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool looking_at(std::string_view text) const { return text_.substr(at_, text.size()) == text; }
  bool take(std::string_view text) {
    if (!status.ok() || !looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  /// The next character; only when not ended.
  char32_t next() {
    const char32_t code = unicode::decode_valid(text_.data() + at_);
    at_ += unicode::sequence_length(text_[at_]);
    return code;
  }
  /// All up to `end`, which is taken as well; nothing where it is missing.
  std::string_view until(std::string_view end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return {};
    const std::string_view part = text_.substr(at_, found - at_);
    at_ = found + end.size();
    return part;
  }
  std::size_t position() const { return at_; }
  void go_back_to(std::size_t position) { at_ = position; }

  void fail(Code code, std::string message) {
    if (status.ok()) status = Status(code, std::move(message) + " at byte " + std::to_string(at_));
  }
  void unsupported(std::string_view what) {
    fail(Code::kUnsupportedComponent, "the regular expression " + quoted(text_) + " has " +
                                          std::string(what) + ", which is not supported");
  }
  void broken(std::string_view what) {
    fail(Code::kNotATokenizer,
         "expected a regular expression, received " + quoted(text_) + " with " + std::string(what));
  }

  Status status;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_REGEX_SOURCE_H_
