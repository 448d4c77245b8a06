#include "bootstrap.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace infercore {
namespace {

/// As many bits as a double holds: enough to tell a billion samples apart.
constexpr int kBits = 53;

std::size_t fair_coins(std::size_t count, Random& random) {
  std::size_t heads = 0;
  for (; count >= 64; count -= 64) heads += static_cast<std::size_t>(std::popcount(random.next()));
  if (count > 0) heads += static_cast<std::size_t>(std::popcount(random.next() >> (64 - count)));
  return heads;
}

/// `count` uniform numbers of which only the first `bits` bits, `prefix`, are known. They are the
/// same for all of them.
struct Draws {
  std::size_t count = 0;
  std::uint64_t prefix = 0;
  int bits = 0;

  Draws lower(std::size_t heads) const { return {heads, prefix << 1, bits + 1}; }
  Draws upper(std::size_t heads) const { return {count - heads, prefix << 1 | 1, bits + 1}; }
};

/// The number of the given rank, counted from 0.
std::uint64_t find(Draws draws, std::size_t rank, Random& random) {
  while (draws.bits < kBits) {
    const std::size_t heads = fair_coins(draws.count, random);
    if (rank < heads) {
      draws = draws.lower(heads);
    } else {
      draws = draws.upper(heads);
      rank -= heads;
    }
  }
  return draws.prefix;
}

struct Pair {
  std::uint64_t first;
  std::uint64_t second;
};

/// The numbers of the given rank and of the next one, which stay together for most of the way.
Pair find_two(Draws draws, std::size_t rank, Random& random) {
  while (draws.bits < kBits) {
    const std::size_t heads = fair_coins(draws.count, random);
    if (rank + 1 == heads) {
      const std::uint64_t first = find(draws.lower(heads), rank, random);
      return {first, find(draws.upper(heads), 0, random)};
    }
    if (rank < heads) {
      draws = draws.lower(heads);
    } else {
      draws = draws.upper(heads);
      rank -= heads;
    }
  }
  return {draws.prefix, draws.prefix};
}

double value_at(const std::vector<double>& sorted, std::uint64_t bits) {
  const double uniform = static_cast<double>(bits) * 0x1p-53;
  const auto index = static_cast<std::size_t>(uniform * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace

std::uint64_t Random::next() noexcept {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t x = state_;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

double resampled_median(const std::vector<double>& sorted, Random& random) {
  const std::size_t n = sorted.size();
  const Draws all{n, 0, 0};
  if (n % 2 == 1) return value_at(sorted, find(all, n / 2, random));
  const Pair pair = find_two(all, n / 2 - 1, random);
  const double low = value_at(sorted, pair.first);
  return low + (value_at(sorted, pair.second) - low) / 2;
}

}  // namespace infercore
