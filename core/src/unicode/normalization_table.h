// What the normalization forms do with each character, Unicode 9.0, unpacked.
#ifndef INFERCORE_UNICODE_NORMALIZATION_TABLE_H_
#define INFERCORE_UNICODE_NORMALIZATION_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "unicode/code_table.h"
#include "unicode/normalization_tables.h"

namespace infercore::unicode {

enum class Form : std::uint8_t { kNFC, kNFD, kNFKC, kNFKD };

/// A cell: a bit for each form that may change the character or join it to the one before, from bit
/// 0 on; then whether it is a mark, its rank, whether its mapping is one of compatibility, the
/// mapping's length and where it starts among all mapped characters.
class NormalizationTable : public CodeTable<std::uint32_t, kNormalizationBlocks> {
 public:
  NormalizationTable() noexcept;

  bool is_active(Form form, char32_t code) const noexcept {
    return ((*this)[code] >> static_cast<int>(form) & 1) != 0;
  }
  bool is_mark(char32_t code) const noexcept { return ((*this)[code] & kMark) != 0; }
  /// By combining class; 0 for a starter.
  unsigned rank(char32_t code) const noexcept { return (*this)[code] >> kRankShift & 63; }

  /// What the character becomes: nothing; all of it for compatibility; else canonically one
  /// character, or two, of which the first may go on.
  struct Step {
    std::span<const char32_t> to;
    bool is_compatible;
  };
  Step step(char32_t code) const noexcept {
    const std::uint32_t cell = (*this)[code];
    return {{&pool_[cell >> kStartShift], cell >> kLengthShift & 31}, (cell & kCompatible) != 0};
  }

  /// What NFC makes of two characters that are not Hangul; 0 when nothing.
  char32_t composed(char32_t first, char32_t second) const noexcept;

 private:
  static constexpr std::uint32_t kMark = 1 << 4;
  static constexpr int kRankShift = 5;
  static constexpr std::uint32_t kCompatible = 1 << 11;
  static constexpr int kLengthShift = 12;
  static constexpr int kStartShift = 17;
  static_assert(kNormalizationPool < 1 << 15);
  static constexpr std::size_t kSlots = 2048;

  static std::size_t slot_of(char32_t first, char32_t second) noexcept;
  class Maker;

  std::array<char32_t, kNormalizationPool> pool_{};
  std::array<char32_t, kSlots> composites_{};  ///< by hash of the pair, behind each other
};

/// The one there is, made at the first call.
inline const NormalizationTable& normalization_table() noexcept {
  static const NormalizationTable table;
  return table;
}

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_NORMALIZATION_TABLE_H_
