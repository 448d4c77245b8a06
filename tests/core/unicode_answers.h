// Hashes of what is true of all characters from U+0000 to U+10FFFF, see unicode_test.cc.
// Made by scripts/unicode-tables.mjs: do not edit.
#ifndef INFERCORE_TESTS_CORE_UNICODE_ANSWERS_H_
#define INFERCORE_TESTS_CORE_UNICODE_ANSWERS_H_

// clang-format off
#include <cstdint>

namespace infercore::unicode {

/// classes_of().
inline constexpr std::uint32_t kClassAnswers = 0x2fc0adf8;

/// category().
inline constexpr std::uint32_t kCategoryAnswers = 0x29bfbd31;

/// script_of().
inline constexpr std::uint32_t kScriptAnswers = 0xfee80e20;

/// to_lower().
inline constexpr std::uint32_t kLowerAnswers = 0x3c87b6e8;

/// is_mark().
inline constexpr std::uint32_t kMarkAnswers = 0x90828a6;

/// grapheme_class().
inline constexpr std::uint32_t kGraphemeAnswers = 0xc295c2f2;

/// is_active(), all forms.
inline constexpr std::uint32_t kActiveAnswers = 0xde596a5d;

/// Each character but the surrogates in all forms, and a 0 behind each.
inline constexpr std::uint32_t kNormalAnswers = 0x1e131b98;

/// script_ranges(), script by script.
inline constexpr std::uint32_t kScriptRangeAnswers = 0x6dd9dbc5;

}  // namespace infercore::unicode

#endif  // INFERCORE_TESTS_CORE_UNICODE_ANSWERS_H_
