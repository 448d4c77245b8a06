// The median of a bootstrap resample, without making the resample.
//
// A resample of n values draws n uniform numbers U and takes sorted[floor(n·U)] for each. Its k-th
// smallest value belongs to the k-th smallest U, and that one is found bit by bit: of m numbers in
// an interval, a Binomial(m, 1/2) count, m random bits, lies in the lower half. All in all about
// n / 32 random words instead of n draws and a selection.
#ifndef INFERCORE_SRC_BOOTSTRAP_H_
#define INFERCORE_SRC_BOOTSTRAP_H_

#include <cstdint>
#include <vector>

namespace infercore {

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every target.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() noexcept;

 private:
  std::uint64_t state_;
};

/// The median of as many values as `sorted` has, drawn from it with replacement. `sorted` must not
/// be empty.
double resampled_median(const std::vector<double>& sorted, Random& random);

}  // namespace infercore

#endif  // INFERCORE_SRC_BOOTSTRAP_H_
