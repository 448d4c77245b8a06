// Properties of characters, as regular expressions ask for them, Unicode 16.0.
//
//   category(U'a');                                    // Category::kLl
//   in_set(U'a', *category_set("L"));                  // true
#ifndef INFERCORE_UNICODE_PROPERTY_H_
#define INFERCORE_UNICODE_PROPERTY_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "unicode/code_table.h"
#include "unicode/property_tables.h"

namespace infercore::unicode {

/// General categories.
enum class Category : std::uint8_t {
  kLu,
  kLl,
  kLt,
  kLm,
  kLo,  // letters
  kMn,
  kMc,
  kMe,  // marks
  kNd,
  kNl,
  kNo,  // numbers
  kPc,
  kPd,
  kPs,
  kPe,
  kPi,
  kPf,
  kPo,  // punctuation
  kSm,
  kSc,
  kSk,
  kSo,  // symbols
  kZs,
  kZl,
  kZp,  // separators
  kCc,
  kCf,
  kCs,
  kCo,
  kCn  // others
};

/// The general category of each character.
class CategoryTable : public CodeTable<std::uint8_t, kCategoryBlocks> {
 public:
  CategoryTable() noexcept;
};

inline Category category(char32_t code) noexcept {
  static const CategoryTable table;
  return static_cast<Category>(table[code]);
}

/// A set of categories, a bit each.
using CategorySet = std::uint32_t;
constexpr CategorySet set_of(Category category) {
  return CategorySet{1} << static_cast<int>(category);
}
constexpr CategorySet set_of(Category first, Category last) {
  return (set_of(last) << 1) - set_of(first);
}
inline constexpr CategorySet kLetters = set_of(Category::kLu, Category::kLo);
inline constexpr CategorySet kMarks = set_of(Category::kMn, Category::kMe);
inline constexpr CategorySet kNumbers = set_of(Category::kNd, Category::kNo);
inline constexpr CategorySet kPunctuation = set_of(Category::kPc, Category::kPo);
inline constexpr CategorySet kSymbols = set_of(Category::kSm, Category::kSo);
inline constexpr CategorySet kSeparators = set_of(Category::kZs, Category::kZp);
inline constexpr CategorySet kOthers = set_of(Category::kCc, Category::kCn);
inline constexpr CategorySet kEverything = set_of(Category::kLu, Category::kCn);

inline bool in_set(char32_t code, CategorySet set) noexcept {
  return (set >> static_cast<int>(category(code)) & 1) != 0;
}

/// "L", "Lu", "letter", "uppercaseletter", …: names in small letters without underlines, spaces and
/// hyphens. Nothing where no category has that name.
std::optional<CategorySet> category_set(std::string_view name);

struct CodeRange {
  std::uint32_t first;
  std::uint32_t last;
};

/// "han", "hiragana", …, in the same spelling: the characters of a script, upwards. Empty where no
/// script has that name.
std::vector<CodeRange> script_ranges(std::string_view name);

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_PROPERTY_H_
