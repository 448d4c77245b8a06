// What every statistic asks of its samples.
#ifndef INFERCORE_SRC_SAMPLES_H_
#define INFERCORE_SRC_SAMPLES_H_

#include <span>
#include <string_view>
#include <vector>

#include "infercore/fault_list.h"

namespace infercore {

/// A fault for each sample that is not a finite number ≥ 0.
void check_samples(std::string_view name, std::span<const double> samples, FaultList& faults);

/// Sorted, with 0 for −0: the two are equal, so each standard library's sort may leave another one
/// first.
std::vector<double> sorted_samples(std::span<const double> samples);

}  // namespace infercore

#endif  // INFERCORE_SRC_SAMPLES_H_
