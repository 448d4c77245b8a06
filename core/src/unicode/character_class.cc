#include "unicode/character_class.h"

#include "unicode/lowercase.h"
#include "unicode/normalization_table.h"
#include "unicode/property_runs.h"

namespace infercore::unicode {
namespace {

constexpr std::uint32_t kFirstSyllable = 0xAC00;  ///< of Hangul, which is one run

std::uint8_t classes_in(const PropertyRun& run) noexcept {
  const CategorySet set = set_of(run.category);
  unsigned classes = 0;
  if ((set & kSeparators) != 0) classes |= CharacterClass::kSpace;
  if ((set & kNumbers) != 0) classes |= CharacterClass::kNumeric;
  constexpr CategorySet kWords = set_of(Category::kLu, Category::kNl) | set_of(Category::kPc);
  if ((set & kWords) != 0) classes |= CharacterClass::kWord;
  if (run.age == Age::kUpTo8) {
    if ((set & kPunctuation) != 0) classes |= CharacterClass::kPunctuation;
    constexpr CategorySet kControls = set_of(Category::kCc, Category::kCf) | set_of(Category::kCo);
    if ((set & kControls) != 0) classes |= CharacterClass::kControl;
    if (run.category == Category::kMn) classes |= CharacterClass::kNonspacing;
  }
  if (run.first == kFirstSyllable) classes |= CharacterClass::kNfdActive;
  return static_cast<std::uint8_t>(classes);
}

}  // namespace

ClassTable::ClassTable() noexcept {
  TableFiller filler(*this);
  PropertyRuns runs;
  while (runs.next()) filler.append(runs->end, classes_in(*runs));
  filler.append(0x110000, 0);
  const NormalizationTable& forms = normalization_table();
  for (std::uint32_t block = 0; block < 0x110000; block += 0x100) {
    if (forms.is_uniform(block)) continue;  // Hangul, or nothing that NFD touches
    for (std::uint32_t code = block; code < block + 0x100; ++code) {
      if (forms.is_active(Form::kNFD, code)) filler.own(code) |= CharacterClass::kNfdActive;
    }
  }
  for (const CaseRun& run : case_runs()) {
    for (auto code = run.first; code <= run.last; code += run.step) {
      filler.own(code) |= CharacterClass::kCased;
    }
  }
  filler.own(0x130) |= CharacterClass::kCased;
  for_each_correction(
      kClassGaps, kClassCounts, kClassValues,
      [&filler](auto first, auto last, auto classes) { filler.fill(first, last, classes); });
}

}  // namespace infercore::unicode
