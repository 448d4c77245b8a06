#include "unicode/property_runs.h"

#include <algorithm>
#include <numeric>

namespace infercore::unicode {

PropertyRuns::PropertyRuns(Scripts scripts) noexcept : wanted_(scripts) {
  std::iota(recent_.begin(), recent_.end(), 0);
  run_.script = kUnknownScript;
}

bool PropertyRuns::next() noexcept {
  if (run_.end == 0x110000) return false;
  if (left_ == 0) next_properties();
  std::uint32_t count = left_;
  run_.age = Age::kUnassigned;
  if (run_.category != Category::kCn) {
    if (age_left_ == 0) {
      const std::uint32_t packed = ages_.next();
      age_left_ = packed / 3 + 1;
      age_ = static_cast<Age>(packed % 3);
    }
    count = std::min(count, age_left_);
    age_left_ -= count;
    run_.age = age_;
  }
  left_ -= count;
  run_.first = run_.end;
  run_.end += count;
  return true;
}

void PropertyRuns::next_properties() noexcept {
  left_ = counts_.next() + 1;
  run_.category = static_cast<Category>(categories_.next_byte());
  if (wanted_ == Scripts::kLeftOut) return;
  run_.script = kUnknownScript;
  if (run_.category >= Category::kCs) return;
  const auto place = recent_.begin() + scripts_.next_byte();
  run_.script = *place;
  std::copy_backward(recent_.begin(), place, place + 1);
  recent_.front() = run_.script;
}

}  // namespace infercore::unicode
