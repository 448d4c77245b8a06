// Lower case of single characters, Unicode 17.0.
#ifndef INFERCORE_UNICODE_LOWERCASE_H_
#define INFERCORE_UNICODE_LOWERCASE_H_

#include <array>
#include <cstdint>

#include "unicode/lowercase_tables.h"

namespace infercore::unicode {

/// The lower case of `code`, or itself. U+0130 gives 'i', the first of its two characters.
char32_t to_lower(char32_t code) noexcept;

/// Characters that all move as far: each one or each second one of first…last.
struct CaseRun {
  std::uint32_t first;
  std::uint32_t last;
  std::uint32_t step;
  std::uint32_t delta;  ///< modulo 2³²
};

/// All of them upwards, but ASCII and U+0130.
const std::array<CaseRun, kCaseRuns>& case_runs() noexcept;

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_LOWERCASE_H_
