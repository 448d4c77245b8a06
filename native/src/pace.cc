#include "pace.h"

#include <algorithm>

namespace infercore::native {
namespace {

/// To another thread and back takes 20 to 60 µs where the cores sleep, 10 of them of the
/// JavaScript thread.
constexpr std::chrono::microseconds kBrief(50);

/// One run that was interrupted by something else is no rule.
constexpr std::uint32_t kEnoughRuns = 8;

}  // namespace

void Pace::note(const Meal& fed, std::chrono::nanoseconds took) noexcept {
  last_per_byte_ = static_cast<double>(took.count()) / static_cast<double>(fed.bytes + 1);
  if (took >= kBrief) {
    brief_runs_ = 0;
  } else if (brief_runs_ == 0 || fed.shapes != brief_shapes_) {
    brief_shapes_ = fed.shapes;
    brief_runs_ = 1;
  } else if (brief_runs_ < kEnoughRuns) {
    ++brief_runs_;
  }
}

bool Pace::is_brief(const Meal& fed) const noexcept {
  return brief_runs_ >= kEnoughRuns && fed.shapes == brief_shapes_;
}

std::chrono::nanoseconds Pace::expected(const Meal& fed) const noexcept {
  const double nanoseconds = last_per_byte_ * static_cast<double>(fed.bytes + 1);
  // Months: a number that a clock's is added to without overflow.
  constexpr double kLongest = 1e16;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(nanoseconds, kLongest)));
}

}  // namespace infercore::native
