// Category, script and age of all characters, in runs of neighbours that have all three in common:
// what most other tables are made from.
//
//   PropertyRuns runs;
//   while (runs.next()) use(runs->first, runs->end, runs->category);
//
// Few ask for scripts, which take the longest to unpack: PropertyRuns runs(Scripts::kKnown);
#ifndef INFERCORE_UNICODE_PROPERTY_RUNS_H_
#define INFERCORE_UNICODE_PROPERTY_RUNS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "unicode/packed_numbers.h"
#include "unicode/property.h"
#include "unicode/property_tables.h"

namespace infercore::unicode {

/// Which Unicode version first assigned a character.
enum class Age : std::uint8_t { kUpTo8, kOf9, kUpTo16, kUnassigned };

struct PropertyRun {
  std::uint32_t first;
  std::uint32_t end;  ///< the character behind the last one
  Category category;
  std::uint8_t script;  ///< a place in kScriptNames; kUnknownScript where they are left out
  Age age;
};

enum class Scripts : std::uint8_t { kLeftOut, kKnown };

class PropertyRuns {
 public:
  explicit PropertyRuns(Scripts scripts = Scripts::kLeftOut) noexcept;

  /// Goes on to the next run, the first at first; false behind the last one, which ends at
  /// 0x110000.
  bool next() noexcept;
  const PropertyRun& operator*() const noexcept { return run_; }
  const PropertyRun* operator->() const noexcept { return &run_; }

 private:
  void next_properties() noexcept;

  PackedNumbers counts_{kRunCounts};
  PackedNumbers categories_{kRunCategories};
  PackedNumbers scripts_{kRunScripts};
  PackedNumbers ages_{kAgeRuns};
  std::array<std::uint8_t, kScriptCount> recent_;  ///< scripts, the last one that was seen first
  Scripts wanted_;
  std::uint32_t left_ = 0;      ///< characters with this category and script
  std::uint32_t age_left_ = 0;  ///< assigned characters of this age
  Age age_ = Age::kUnassigned;
  PropertyRun run_{};
};

/// Differences from what is derived from those: runs, with gaps between them and a value for each.
template <std::size_t n, typename Use>
void for_each_correction(const std::uint8_t* gaps, const std::uint8_t* counts,
                         const std::uint8_t (&values)[n], Use use) {
  PackedNumbers gap(gaps);
  PackedNumbers count(counts);
  std::uint32_t at = 0;
  for (const std::uint8_t value : values) {
    const std::uint32_t first = at + gap.next();
    at = first + count.next() + 1;
    use(first, at - 1, value);
  }
}

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_PROPERTY_RUNS_H_
