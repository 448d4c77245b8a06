#include "tokenizer/pattern.h"

#include <string>

#include "tokenizer/regex.h"

namespace infercore {
namespace {

class Literal : public Pattern {
 public:
  explicit Literal(std::string_view needle) : needle_(needle) {}

  void find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    std::size_t at = valid.find(needle_);
    while (at != std::string_view::npos) {
      matches.push_back({at, at + needle_.size()});
      at = valid.find(needle_, at + needle_.size());
    }
  }

 private:
  std::string needle_;
};

class RegexPattern : public Pattern {
 public:
  explicit RegexPattern(Regex regex) : regex_(std::move(regex)) {}

  void find_all(std::string_view valid, std::vector<Match>& matches) const override {
    matches.clear();
    regex_.find_all(valid, matches);
  }

 private:
  Regex regex_;
};

}  // namespace

std::unique_ptr<Pattern> read_pattern(const Fields& fields, std::string_view key) {
  constexpr std::string_view kExpected = "an object {\"String\": …} or {\"Regex\": …}";
  const JsonValue value = fields.get(key);
  if (!value.exists() && fields.object().is(JsonType::kObject)) {
    fields.faults().expect_member(fields.object(), key, kExpected);
    return nullptr;
  }
  if (const JsonValue string = value.get("String"); string.is(JsonType::kString)) {
    if (!string.string().empty()) return std::make_unique<Literal>(string.string());
    fields.faults().expect(string, "a string that is not empty");
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
