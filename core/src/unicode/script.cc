#include "unicode/script.h"

#include "unicode/property_runs.h"

namespace infercore::unicode {
namespace {

class ScriptTable : public CodeTable<std::uint8_t, kScriptBlocks> {
 public:
  ScriptTable() noexcept {
    TableFiller filler(*this);
    PropertyRuns runs(Scripts::kKnown);
    while (runs.next()) filler.append(runs->end, number_of(*runs));
    filler.append(0x110000, 0);
    for_each_correction(
        kScriptGaps, kScriptCounts, kScriptValues,
        [&filler](auto first, auto last, auto script) { filler.fill(first, last, script); });
  }

 private:
  static std::uint8_t number_of(const PropertyRun& run) noexcept {
    if (run.age > Age::kOf9 || run.script == kUnknownScript) return kNoScript;
    const bool is_kana = run.script == kHiragana || run.script == kKatakana;
    return static_cast<std::uint8_t>((is_kana ? kHan : run.script) + 1);
  }
};

}  // namespace

std::uint8_t script_of(char32_t code) noexcept {
  static const ScriptTable table;
  return table[code];
}

}  // namespace infercore::unicode
