// A text that somebody else owns, as UTF-8 bytes or as UTF-16 units.
//
// JavaScript hands over UTF-16, files hold UTF-8: both reach the tokenizer as they are, without a
// conversion on the way. Nothing is assumed about validity: a broken sequence and a lone surrogate
// count as U+FFFD.
#ifndef INFERCORE_TEXT_H_
#define INFERCORE_TEXT_H_

#include <cstddef>
#include <string_view>

namespace infercore {

class TextView {
 public:
  TextView(std::string_view
               utf8)  // NOLINT(google-explicit-constructor): a view of either kind is a text
      : data_(utf8.data()), size_(utf8.size()), utf16_(false) {}
  TextView(std::u16string_view utf16)  // NOLINT(google-explicit-constructor)
      : data_(utf16.data()), size_(utf16.size()), utf16_(true) {}

  bool is_utf16() const noexcept { return utf16_; }
  /// Length in code units: bytes of UTF-8, 16-bit units of UTF-16. Offsets of an Encoding count the
  /// same units.
  std::size_t size() const noexcept { return size_; }
  /// Only when !is_utf16().
  std::string_view utf8() const noexcept { return {static_cast<const char*>(data_), size_}; }
  /// Only when is_utf16().
  std::u16string_view utf16() const noexcept {
    return {static_cast<const char16_t*>(data_), size_};
  }

 private:
  const void* data_;
  std::size_t size_;
  bool utf16_;
};

}  // namespace infercore

#endif  // INFERCORE_TEXT_H_
