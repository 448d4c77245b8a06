#include "unicode/lowercase.h"

#include "unicode/code_table.h"
#include "unicode/packed_numbers.h"

namespace infercore::unicode {
namespace {

/// For each character one more than the place of its run; 0 where there is none.
class CaseTable : public CodeTable<std::uint8_t, kCaseBlocks> {
 public:
  CaseTable() noexcept {
    PackedNumbers gaps(kCaseGaps);
    PackedNumbers counts(kCaseCounts);
    PackedNumbers deltas(kCaseDeltas);
    TableFiller filler(*this);
    std::uint32_t at = 0;
    std::uint8_t number = 0;
    for (CaseRun& run : runs_) {
      run.first = at + gaps.next();
      const std::uint32_t packed = counts.next();
      run.step = (packed & 1) + 1;
      run.last = at = run.first + (packed >> 1) * run.step;
      run.delta = deltas.next_signed();
      filler.fill(run.first, run.last, ++number);
    }
  }

  const std::array<CaseRun, kCaseRuns>& runs() const noexcept { return runs_; }

 private:
  static_assert(kCaseRuns < 256);
  std::array<CaseRun, kCaseRuns> runs_{};
};

const CaseTable& case_table() noexcept {
  static const CaseTable table;
  return table;
}

}  // namespace

const std::array<CaseRun, kCaseRuns>& case_runs() noexcept { return case_table().runs(); }

char32_t to_lower(char32_t code) noexcept {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
  if (code == 0x130) return U'i';
  const CaseTable& table = case_table();
  const std::uint8_t number = table[code];
  if (number == 0) return code;
  const CaseRun& run = table.runs()[number - 1U];
  return (code - run.first) % run.step == 0 ? code + run.delta : code;
}

}  // namespace infercore::unicode
