#include "tokenizer/pattern.h"

#include <string>

#include "tokenizer/regex.h"

namespace infercore {
namespace {

/// Each place of a text may be compared for that long.
constexpr std::size_t kMaxNeedle = 4096;

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
  return Status(Code::kLimitExceeded,
                "expected regular expressions that find their matches in time linear in the text, "
                "received one that goes over it again and again",
                "the tokenizer's Replace has an expression like a.*b|a, or the text has very long "
                "lines");
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
    if (size > 0 && size <= kMaxNeedle) return std::make_unique<Literal>(string.string());
    fields.faults().expect(string, "a string of 1 to " + std::to_string(kMaxNeedle) + " bytes",
                           size == 0 ? Code::kNotATokenizer : Code::kLimitExceeded);
    return nullptr;
  }
  const JsonValue source = value.get("Regex");
  if (!source.is(JsonType::kString)) {
    fields.faults().expect(value, kExpected);
    return nullptr;
  }
  Result<Regex> regex = Regex::compile(source.string());
  if (!regex.ok()) {
    if (fields.faults().full()) return nullptr;
    fields.faults().add(source, regex.status().code(),
                        fields.faults().path_of(source) + ": " + regex.status().message());
    return nullptr;
  }
  return std::make_unique<RegexPattern>(*std::move(regex));
}

}  // namespace infercore
