#include "infercore/did_you_mean.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "infercore/quote.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxCandidates = 1024;

/// Case and separators are what people get wrong most often, and what matters least.
char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '-' || c == '.' || c == ' ' ? '_' : c;
}

using Row = std::array<std::size_t, kMaxName + 1>;

/// The distance of `a` and `b`, or `bound + 1` when it is more than `bound`. Three rows of the
/// table at a time; both names have kMaxName bytes at most.
std::size_t distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > bound) return bound + 1;
  Row before{};
  Row above{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = folded(a[i - 1]);
      const char y = folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0U : 1U)});
      if (i > 1 && j > 1 && x == folded(b[j - 2]) && y == folded(a[i - 2])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    if (least > bound) return bound + 1;
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view name,
                                             std::span<const std::string> candidates) {
  if (name.empty() || name.size() > kMaxName) return {};
  std::optional<std::string_view> nearest;
  std::size_t best = kMaxName;
  for (const std::string& candidate :
       candidates.first(std::min(candidates.size(), kMaxCandidates))) {
    if (candidate.empty() || candidate.size() > kMaxName || best == 0) continue;
    const std::size_t bound = std::min(best - 1, std::max(name.size(), candidate.size()) / 3);
    const std::size_t found = distance(name, candidate, bound);
    if (found > bound) continue;
    best = found;
    nearest = candidate;
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::optional<std::string_view> nearest = nearest_name(name, candidates);
  return nearest ? " (did you mean " + quoted(*nearest) + "?)" : "";
}

}  // namespace infercore
