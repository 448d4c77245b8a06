// The packed tables, unpacked: what they answer about each character is what Unicode's data say.
// scripts/unicode-tables.mjs makes the hashes from the data themselves.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "unicode/character_class.h"
#include "unicode/grapheme.h"
#include "unicode/lowercase.h"
#include "unicode/normalization.h"
#include "unicode/property.h"
#include "unicode/script.h"
#include "unicode/utf.h"
#include "unicode/word.h"
#include "unicode_answers.h"

namespace infercore::unicode {
namespace {

constexpr char32_t kCodes = 0x110000;
constexpr Form kForms[] = {Form::kNFC, Form::kNFD, Form::kNFKC, Form::kNFKD};

/// FNV-1a, 32 bits a step.
class Hash {
 public:
  void add(std::uint32_t number) { value_ = (value_ ^ number) * 0x01000193U; }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 0x811C9DC5U;
};

template <typename Answer>
std::uint32_t hash_of(Answer answer) {
  Hash hash;
  for (char32_t code = 0; code < kCodes; ++code) {
    hash.add(static_cast<std::uint32_t>(answer(code)));
  }
  return hash.value();
}

std::string utf8(std::u32string_view codes) {
  std::string text;
  for (const char32_t code : codes) {
    char bytes[4];
    text.append(bytes, encode_utf8(code, bytes));
  }
  return text;
}

std::u32string normal(Form form, std::u32string_view text) {
  std::vector<Change> work;
  std::vector<Change> changes;
  normalize(form, utf8(text), work, changes);
  std::u32string codes;
  for (const Change& change : changes) codes += change.code;
  return codes;
}

TEST(Unicode, KnowsClassesOfEachCharacter) { EXPECT_EQ(hash_of(classes_of), kClassAnswers); }

TEST(Unicode, KnowsCategoryOfEachCharacter) { EXPECT_EQ(hash_of(category), kCategoryAnswers); }

TEST(Unicode, KnowsScriptOfEachCharacter) { EXPECT_EQ(hash_of(script_of), kScriptAnswers); }

TEST(Unicode, KnowsLowerCaseOfEachCharacter) { EXPECT_EQ(hash_of(to_lower), kLowerAnswers); }

TEST(Unicode, KnowsEachMark) { EXPECT_EQ(hash_of(is_mark), kMarkAnswers); }

TEST(Unicode, KnowsWhatMakesGraphemeClusters) {
  EXPECT_EQ(hash_of(grapheme_class), kGraphemeAnswers);
}

TEST(Unicode, KnowsCharactersOfEachScript) {
  Hash hash;
  std::uint32_t scripts = 0;
  for (std::string_view names = kScriptNames; !names.empty(); ++scripts) {
    const std::string_view name = names.substr(0, names.find(' '));
    for (const CodeRange& range : script_ranges(name)) {
      hash.add(range.first);
      hash.add(range.last + 1);
    }
    names.remove_prefix(name.size() + 1);
  }
  EXPECT_EQ(scripts, kScriptCount);
  EXPECT_EQ(hash.value(), kScriptRangeAnswers);
  for (const std::string_view name : {"", " ", "hanx", "ha", "han hangul"}) {
    EXPECT_TRUE(script_ranges(name).empty()) << name;
  }
}

TEST(Unicode, KnowsNamesOfCategories) {
  EXPECT_EQ(category_set("lu"), set_of(Category::kLu));
  EXPECT_EQ(category_set("digit"), set_of(Category::kNd));
  EXPECT_EQ(category_set("unassigned"), set_of(Category::kCn));
  EXPECT_EQ(category_set("l"), kLetters);
  EXPECT_EQ(category_set("punct"), kPunctuation);
  EXPECT_EQ(category_set("casedletter"), set_of(Category::kLu, Category::kLt));
  EXPECT_EQ(category_set("assigned"), kEverything & ~set_of(Category::kCn));
  for (const std::string_view name : {"", " ", "=", "lx", "lette", "lu=uppercaseletter", "any "}) {
    EXPECT_FALSE(category_set(name).has_value()) << name;
  }
}

bool is_surrogate(char32_t code) { return code >= 0xD800 && code < 0xE000; }

TEST(Unicode, NormalizesEachCharacterInAllForms) {
  Hash active;
  Hash normals;
  for (char32_t code = 0; code < kCodes; ++code) {
    for (const Form form : kForms) active.add(is_active(form, code) ? 1 : 0);
    if (is_surrogate(code)) continue;
    for (const Form form : kForms) {
      const std::u32string to = normal(form, {&code, 1});
      EXPECT_TRUE(is_active(form, code) || to == std::u32string(1, code)) << +code;
      for (const char32_t each : to) normals.add(each);
      normals.add(0);
    }
  }
  EXPECT_EQ(active.value(), kActiveAnswers);
  EXPECT_EQ(normals.value(), kNormalAnswers);
}

TEST(Unicode, ComposesWhatItDecomposed) {
  for (char32_t code = 0xA0; code < kCodes; ++code) {
    if (is_surrogate(code)) continue;
    const std::u32string whole = normal(Form::kNFC, {&code, 1});
    EXPECT_EQ(normal(Form::kNFC, normal(Form::kNFD, {&code, 1})), whole) << +code;
  }
}

}  // namespace
}  // namespace infercore::unicode
