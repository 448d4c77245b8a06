#include "samples.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

namespace infercore {

void check_samples(std::string_view name, std::span<const double> samples, FaultList& faults) {
  for (std::size_t i = 0; i < samples.size() && !faults.full(); ++i) {
    if (std::isfinite(samples[i]) && samples[i] >= 0) continue;
    const char* what = std::isnan(samples[i]) ? "NaN"
                       : samples[i] < 0       ? "a negative number"
                                              : "Infinity";
    std::string path = element_path(name, i);
    std::string message =
        "expected a finite number of milliseconds for " + path + ", received " + what;
    faults.add({std::move(path), Code::kInvalidInput, std::move(message)});
  }
}

std::vector<double> sorted_samples(std::span<const double> samples) {
  std::vector<double> sorted(samples.begin(), samples.end());
  for (double& x : sorted) x += 0.0;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace infercore
