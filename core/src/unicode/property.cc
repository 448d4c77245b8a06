#include "unicode/property.h"

#include <iterator>
#include <utility>

#include "unicode/property_tables.h"

namespace infercore::unicode {
namespace {

using enum Category;

constexpr std::pair<std::string_view, CategorySet> kNames[] = {
    {"l", kLetters},
    {"letter", kLetters},
    {"lu", set_of(kLu)},
    {"uppercaseletter", set_of(kLu)},
    {"ll", set_of(kLl)},
    {"lowercaseletter", set_of(kLl)},
    {"lt", set_of(kLt)},
    {"titlecaseletter", set_of(kLt)},
    {"lc", set_of(kLu, kLt)},
    {"casedletter", set_of(kLu, kLt)},
    {"lm", set_of(kLm)},
    {"modifierletter", set_of(kLm)},
    {"lo", set_of(kLo)},
    {"otherletter", set_of(kLo)},
    {"m", kMarks},
    {"mark", kMarks},
    {"combiningmark", kMarks},
    {"mn", set_of(kMn)},
    {"nonspacingmark", set_of(kMn)},
    {"mc", set_of(kMc)},
    {"spacingmark", set_of(kMc)},
    {"me", set_of(kMe)},
    {"enclosingmark", set_of(kMe)},
    {"n", kNumbers},
    {"number", kNumbers},
    {"nd", set_of(kNd)},
    {"decimalnumber", set_of(kNd)},
    {"digit", set_of(kNd)},
    {"nl", set_of(kNl)},
    {"letternumber", set_of(kNl)},
    {"no", set_of(kNo)},
    {"othernumber", set_of(kNo)},
    {"p", kPunctuation},
    {"punctuation", kPunctuation},
    {"punct", kPunctuation},
    {"pc", set_of(kPc)},
    {"connectorpunctuation", set_of(kPc)},
    {"pd", set_of(kPd)},
    {"dashpunctuation", set_of(kPd)},
    {"ps", set_of(kPs)},
    {"openpunctuation", set_of(kPs)},
    {"pe", set_of(kPe)},
    {"closepunctuation", set_of(kPe)},
    {"pi", set_of(kPi)},
    {"initialpunctuation", set_of(kPi)},
    {"pf", set_of(kPf)},
    {"finalpunctuation", set_of(kPf)},
    {"po", set_of(kPo)},
    {"otherpunctuation", set_of(kPo)},
    {"s", kSymbols},
    {"symbol", kSymbols},
    {"sm", set_of(kSm)},
    {"mathsymbol", set_of(kSm)},
    {"sc", set_of(kSc)},
    {"currencysymbol", set_of(kSc)},
    {"sk", set_of(kSk)},
    {"modifiersymbol", set_of(kSk)},
    {"so", set_of(kSo)},
    {"othersymbol", set_of(kSo)},
    {"z", kSeparators},
    {"separator", kSeparators},
    {"zs", set_of(kZs)},
    {"spaceseparator", set_of(kZs)},
    {"zl", set_of(kZl)},
    {"lineseparator", set_of(kZl)},
    {"zp", set_of(kZp)},
    {"paragraphseparator", set_of(kZp)},
    {"c", kOthers},
    {"other", kOthers},
    {"cc", set_of(kCc)},
    {"control", set_of(kCc)},
    {"cntrl", set_of(kCc)},
    {"cf", set_of(kCf)},
    {"format", set_of(kCf)},
    {"cs", set_of(kCs)},
    {"surrogate", set_of(kCs)},
    {"co", set_of(kCo)},
    {"privateuse", set_of(kCo)},
    {"cn", set_of(kCn)},
    {"unassigned", set_of(kCn)},
    {"any", kEverything},
    {"assigned", kEverything & ~set_of(kCn)},
};

}  // namespace

Category category(char32_t code) noexcept {
  return static_cast<Category>(kCategories[kCategoryBlocks[code / 256] * 256U + code % 256]);
}

std::optional<CategorySet> category_set(std::string_view name) {
  for (const auto& [known, set] : kNames) {
    if (known == name) return set;
  }
  return std::nullopt;
}

std::vector<CodeRange> script_ranges(std::string_view name) {
  std::vector<CodeRange> ranges;
  std::uint32_t script = 0;
  while (script < std::size(kScriptNames) && kScriptNames[script] != name) ++script;
  for (std::size_t i = 0; i < std::size(kScriptRuns); ++i) {
    if ((kScriptRuns[i] & 0xFF) != script) continue;
    const std::uint32_t end = i + 1 < std::size(kScriptRuns) ? kScriptRuns[i + 1] >> 8 : 0x110000;
    ranges.push_back({kScriptRuns[i] >> 8, end - 1});
  }
  return ranges;
}

}  // namespace infercore::unicode
