#include "tokenizer/pattern.h"

#include <string>
#include <vector>

#include "tokenizer/known_patterns.h"
#include "tokenizer/regex.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxNeedle = 4096;
/// The library's search compares the whole needle at each place of a text at worst.
constexpr std::size_t kShortNeedle = 32;

class Literal : public Pattern {
 public:
  explicit Literal(std::string_view needle) : needle_(needle) {}

  bool find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    std::size_t at = valid.find(needle_);
    while (at != std::string_view::npos) {
      matches.push_back({at, at + needle_.size()});
      at = valid.find(needle_, at + needle_.size());
    }
    return true;
  }
  std::size_t bytes() const override { return needle_.capacity(); }

 private:
  std::string needle_;
};

/// The search of Knuth, Morris and Pratt (1977): two comparisons a byte of the text at most,
/// whatever the needle.
class LongLiteral : public Pattern {
 public:
  explicit LongLiteral(std::string_view needle) : needle_(needle), borders_(needle.size() + 1, 0) {
    for (std::size_t i = 1; i < needle_.size(); ++i) {
      borders_[i + 1] = extend(borders_[i], needle_[i]);
    }
  }

  bool find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    std::size_t length = 0;  // of the needle's beginning that ends here
    for (std::size_t i = 0; i < valid.size(); ++i) {
      length = extend(length, valid[i]);
      if (length < needle_.size()) continue;
      matches.push_back({i + 1 - length, i + 1});
      length = 0;  // no match overlaps another
    }
    return true;
  }
  std::size_t bytes() const override {
    return needle_.capacity() + borders_.capacity() * sizeof(borders_[0]);
  }

 private:
  std::size_t extend(std::size_t length, char next) const {
    while (length > 0 && needle_[length] != next) length = borders_[length];
    return needle_[length] == next ? length + 1 : 0;
  }

  std::string needle_;
  /// By length of a beginning of the needle: the longest shorter one that it ends in.
  std::vector<std::size_t> borders_;
};

std::unique_ptr<Pattern> literal(std::string_view needle) {
  if (needle.size() <= kShortNeedle) return std::make_unique<Literal>(needle);
  return std::make_unique<LongLiteral>(needle);
}

class RegexPattern : public Pattern {
 public:
  explicit RegexPattern(Regex regex) : regex_(std::move(regex)) {}

  bool find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    return regex_.find_all(valid, matches);
  }
  std::size_t bytes() const override { return regex_.bytes(); }

 private:
  Regex regex_;
};

}  // namespace

Status Pattern::too_many_steps() {
  return Status(
      Code::kLimitExceeded,
      "expected regular expressions that find their matches in 256 steps a byte of the "
      "text, received one that needs more",
      "a pattern of the tokenizer goes over the text again and again, like a.*b|a on very "
      "long lines, or tries hundreds of ways at each character");
}

std::unique_ptr<Pattern> read_pattern(const Fields& fields, std::string_view key) {
  constexpr std::string_view kExpected = "an object {\"String\": …} or {\"Regex\": …}";
  const JsonValue value = fields.get(key);
  if (!value.exists() && fields.object().is(JsonType::kObject)) {
    fields.faults().expect_member(fields.object(), key, kExpected);
    return nullptr;
  }
  if (const JsonValue string = value.get("String"); string.is(JsonType::kString)) {
    const std::size_t size = string.string().size();
    if (size > 0 && size <= kMaxNeedle) return literal(string.string());
    fields.faults().expect(string, "a string of 1 to " + std::to_string(kMaxNeedle) + " bytes",
                           size == 0 ? Code::kNotATokenizer : Code::kLimitExceeded);
    return nullptr;
  }
  const JsonValue source = value.get("Regex");
  if (!source.is(JsonType::kString)) {
    fields.faults().expect(value, kExpected);
    return nullptr;
  }
  return read_regex(source, fields.faults());
}

std::unique_ptr<Pattern> read_regex(JsonValue source, Faults& faults) {
  if (std::unique_ptr<Pattern> known = known_pattern(source.string())) return known;
  Result<Regex> regex = Regex::compile(source.string());
  if (regex.ok()) return std::make_unique<RegexPattern>(*std::move(regex));
  if (!faults.full()) {
    faults.add(source, regex.status().code(),
               faults.path_of(source) + ": " + regex.status().message());
  }
  return nullptr;
}

}  // namespace infercore
