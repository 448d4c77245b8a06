// Numbers as the generated tables hold them: seven bits a byte, low ones first; the highest bit
// says that more follow.
//
//   PackedNumbers gaps(kCaseGaps);
//   const std::uint32_t first = gaps.next();
#ifndef INFERCORE_UNICODE_PACKED_NUMBERS_H_
#define INFERCORE_UNICODE_PACKED_NUMBERS_H_

#include <cstdint>

namespace infercore::unicode {

/// Reads a column of them. Where it ends the reader must know.
class PackedNumbers {
 public:
  explicit PackedNumbers(const std::uint8_t* bytes) noexcept : at_(bytes) {}

  std::uint32_t next() noexcept {
    std::uint32_t number = *at_ & 0x7FU;
    for (int shift = 7; *at_++ >= 0x80; shift += 7) number |= (*at_ & 0x7FU) << shift;
    return number;
  }

  /// 0, −1, 1, −2, 2, … as 0, 1, 2, 3, 4, …; to be added to an unsigned number.
  std::uint32_t next_signed() noexcept {
    const std::uint32_t number = next();
    return (number & 1) != 0 ? ~(number >> 1) : number >> 1;
  }

  /// The next byte, whatever it is.
  std::uint8_t next_byte() noexcept { return *at_++; }

 private:
  const std::uint8_t* at_;
};

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_PACKED_NUMBERS_H_
