#include "unicode/property.h"

#include "unicode/property_runs.h"

namespace infercore::unicode {
namespace {

using enum Category;

/// Of each category in its order; other names of the same behind "=".
constexpr char kCategoryNames[] =
    "lu=uppercaseletter ll=lowercaseletter lt=titlecaseletter lm=modifierletter lo=otherletter "
    "mn=nonspacingmark mc=spacingmark me=enclosingmark "
    "nd=decimalnumber=digit nl=letternumber no=othernumber "
    "pc=connectorpunctuation pd=dashpunctuation ps=openpunctuation pe=closepunctuation "
    "pi=initialpunctuation pf=finalpunctuation po=otherpunctuation "
    "sm=mathsymbol sc=currencysymbol sk=modifiersymbol so=othersymbol "
    "zs=spaceseparator zl=lineseparator zp=paragraphseparator "
    "cc=control=cntrl cf=format cs=surrogate co=privateuse cn=unassigned ";

/// Of what stands for several of them, in the order of kSets.
constexpr char kSetNames[] =
    "l=letter lc=casedletter m=mark=combiningmark n=number p=punctuation=punct s=symbol "
    "z=separator c=other any assigned ";
constexpr CategorySet kSets[] = {
    kLetters, set_of(kLu, kLt), kMarks,  kNumbers,    kPunctuation,
    kSymbols, kSeparators,      kOthers, kEverything, kEverything & ~set_of(kCn)};

/// Which of `names`, each with a space behind it, has the part `name` between "=".
std::optional<int> place_in(std::string_view names, std::string_view name) {
  for (int place = 0; !names.empty(); names.remove_prefix(1)) {
    const std::string_view part = names.substr(0, names.find_first_of("= "));
    if (part == name) return place;
    names.remove_prefix(part.size());
    if (names.front() == ' ') ++place;
  }
  return std::nullopt;
}

}  // namespace

CategoryTable::CategoryTable() noexcept {
  TableFiller filler(*this);
  PropertyRuns runs;
  while (runs.next()) filler.append(runs->end, static_cast<std::uint8_t>(runs->category));
  filler.append(0x110000, 0);
}

std::optional<CategorySet> category_set(std::string_view name) {
  if (const auto place = place_in(kCategoryNames, name)) return CategorySet{1} << *place;
  if (const auto place = place_in(kSetNames, name)) return kSets[*place];
  return std::nullopt;
}

std::vector<CodeRange> script_ranges(std::string_view name) {
  std::vector<CodeRange> ranges;
  const auto script = place_in(kScriptNames, name);
  if (!script) return ranges;
  PropertyRuns runs(Scripts::kKnown);
  while (runs.next()) {
    if (runs->script != *script) continue;
    if (!ranges.empty() && ranges.back().last + 1 == runs->first) {
      ranges.back().last = runs->end - 1;
    } else {
      ranges.push_back({runs->first, runs->end - 1});
    }
  }
  return ranges;
}

}  // namespace infercore::unicode
