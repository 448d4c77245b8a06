// A text that can be given to the core as UTF-8 or as UTF-16, and whose offsets can be counted in
// code points again.
#ifndef INFERCORE_TESTS_CONFORMANCE_UNIT_TEXT_H_
#define INFERCORE_TESTS_CONFORMANCE_UNIT_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/text.h"
#include "unicode/utf.h"

namespace infercore {

class UnitText {
 public:
  UnitText(std::string_view utf8, bool utf16) : utf16_(utf16), bytes_(utf8) {
    std::uint32_t points = 0;
    for (std::size_t at = 0; at < bytes_.size(); ++points) {
      const unicode::Character c = unicode::decode_utf8(bytes_, at);
      at += c.units;
      const bool two = c.code > 0xFFFF;
      if (two) {
        units_ += static_cast<char16_t>(0xD7C0 + (c.code >> 10));
        units_ += static_cast<char16_t>(0xDC00 + (c.code & 0x3FF));
      } else {
        units_ += static_cast<char16_t>(c.code);
      }
      points_.resize(utf16_ ? units_.size() : at, points);
    }
    points_.push_back(points);
  }

  TextView view() const {
    return utf16_ ? TextView(std::u16string_view(units_)) : TextView(std::string_view(bytes_));
  }
  /// The code point at an offset of the core.
  std::uint32_t point(std::uint32_t unit) const { return points_[unit]; }

 private:
  bool utf16_;
  std::string bytes_;
  std::u16string units_;
  std::vector<std::uint32_t> points_;  ///< by unit
};

}  // namespace infercore

#endif  // INFERCORE_TESTS_CONFORMANCE_UNIT_TEXT_H_
