// Classes of characters where other tables do not say them: Unicode 8.0 to 17.0.
// Made by scripts/unicode-tables.mjs: do not edit.
#ifndef INFERCORE_UNICODE_CHARACTER_CLASS_TABLES_H_
#define INFERCORE_UNICODE_CHARACTER_CLASS_TABLES_H_

// clang-format off
#include <cstdint>

namespace infercore::unicode {

/// All classes of ASCII.
inline constexpr std::uint8_t kAsciiClasses[] = {
    16, 16, 16, 16, 16, 16, 16, 16, 16, 17, 17, 17, 17, 17, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
    16, 16, 16, 16, 16, 16, 16, 16, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 12, 12, 12, 12,
    12, 12, 12, 12, 12, 12, 2, 2, 2, 2, 2, 2, 2, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136,
    136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 136, 2, 2, 2, 2, 10,
    2, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 2, 2, 2, 2, 16,
};

/// What ClassTable holds.
inline constexpr int kClassBlocks = 153;

/// Characters between runs of others than those that follow.
inline constexpr std::uint8_t kClassGaps[] = {
    133, 1, 231, 43, 198, 1, 208, 2, 133, 15, 168, 9, 0, 211, 137, 2, 139, 208, 1, 212, 10, 193, 13,
    138, 164, 1, 185, 130, 2, 6, 6,
};

/// How long they are, less one.
inline constexpr std::uint8_t kClassCounts[] = {
    0, 0, 0, 1, 1, 25, 25, 0, 0, 0, 9, 2, 25, 25, 25,
};

/// Their classes.
inline constexpr std::uint8_t kClassValues[] = {
    17, 2, 104, 8, 24, 136, 8, 8, 10, 40, 4, 4, 8, 8, 8,
};

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_CHARACTER_CLASS_TABLES_H_
