#include "text_ranges.h"

#include <algorithm>
#include <cstddef>

namespace infercore {
namespace {

constexpr std::size_t kLeastUnits = 1024;
constexpr std::size_t kRangesPerThread = 32;
/// What any text costs besides its units, in units: even empty ones take time.
constexpr std::size_t kUnitsOfText = 16;

}  // namespace

std::vector<IndexRange> text_ranges(std::span<const TextView> texts, const Threads* threads) {
  const std::size_t workers = threads == nullptr ? 1 : threads->count();
  if (workers == 1) return {{0, texts.size()}};
  std::size_t all = 0;
  for (const TextView& text : texts) all += text.size() + kUnitsOfText;
  const std::size_t wanted = std::max(kLeastUnits, all / (workers * kRangesPerThread));
  std::vector<IndexRange> ranges;
  IndexRange range;
  std::size_t units = 0;
  for (const TextView& text : texts) {
    ++range.last;
    units += text.size() + kUnitsOfText;
    if (units < wanted) continue;
    ranges.push_back(range);
    range.first = range.last;
    units = 0;
  }
  if (range.last > range.first || ranges.empty()) ranges.push_back(range);
  return ranges;
}

}  // namespace infercore
