// Which texts of a list are one part of the work.
#ifndef INFERCORE_SRC_TEXT_RANGES_H_
#define INFERCORE_SRC_TEXT_RANGES_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "infercore/parallel.h"
#include "infercore/text.h"

namespace infercore {

/// As many texts in each range as are worth waking a thread: shorter ones are tokenized before it
/// comes.
inline std::vector<IndexRange> text_ranges(std::span<const TextView> texts,
                                           const Threads* threads) {
  constexpr std::size_t kLeastUnits = 1024;
  std::size_t units = 0;
  for (const TextView& text : texts) units += text.size();
  const std::size_t mean = texts.empty() ? 0 : units / texts.size();
  return split(texts.size(), kLeastUnits / std::max<std::size_t>(mean, 1), threads);
}

}  // namespace infercore

#endif  // INFERCORE_SRC_TEXT_RANGES_H_
